"""``loopline doctor``."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from loopline.bootstrap import Platform, build_platform
from loopline.cli.options import json_option, language, print_json, site_option, site_settings
from loopline.errors import LooplineError, Problem
from loopline.language import Messages
from loopline.services.doctor.database import check_schema, check_tables
from loopline.services.doctor.files import check_files
from loopline.services.doctor.finding import Area, Finding
from loopline.services.doctor.settings import check_settings
from loopline.services.doctor.work import check_plugins, check_work

_UNREADABLE: Final = frozenset({"doctor.missing_table", "doctor.missing_column"})
"""Findings after which the tables cannot be asked for more."""


@click.command()
@site_option
@json_option
def doctor(site: Path, *, as_json: bool) -> None:
    """Look for what is wrong with the site and say how to mend it; exit with 1 if it is broken."""
    findings = list(_examined(site))
    broken = any(one.level == "broken" for one in findings)
    messages, spoken = Messages(), language()
    if as_json:
        found = [_shown(one, messages.tell(one.problem, spoken)) for one in findings]
        print_json({"healthy": not broken, "findings": found})
    for one in findings if not as_json else ():
        said = messages.tell(one.problem, spoken)
        click.echo(f"{one.level} {one.area}: {one.problem.path}: {said}", err=True)
    if not findings and not as_json:
        click.echo(f"{site}: nothing found")
    sys.exit(1 if broken else 0)


def _examined(site: Path) -> Iterator[Finding]:
    """Yield what is found, as far as one can look: no settings, no database; no tables, no more."""
    area: Area = "settings"
    try:
        settings = site_settings(site)
        yield from check_settings(settings)
        area = "database"
        platform = build_platform(settings)
        try:
            yield from _of_database(platform)
        finally:
            platform.close()
    except LooplineError as error:
        problems = error.problems or (Problem(str(site), error.key, error.params),)
        yield from (Finding(area=area, level="broken", problem=one) for one in problems)


def _of_database(platform: Platform) -> Iterator[Finding]:
    with platform.database.read() as connection:
        unusable = list(check_schema(connection))
    yield from unusable
    if unusable:
        return
    with platform.read(via="cli") as ctx:
        gone = list(check_tables(ctx))
        yield from gone
        yield from check_plugins(ctx, platform.plugins)
        if any(one.problem.code in _UNREADABLE for one in gone):
            return
        yield from check_work(ctx)
        yield from check_files(ctx, platform.settings)


def _shown(one: Finding, said: str) -> dict[str, object]:
    problem = one.problem
    return {
        "area": one.area,
        "level": one.level,
        "path": problem.path,
        "code": problem.code,
        "message": said,
    }
