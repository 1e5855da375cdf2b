"""What the commands share: the site option, opening a platform, printing problems, exit codes."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from loopline.access.passwords import MINIMUM_LENGTH
from loopline.bootstrap import Platform, build_platform
from loopline.errors import LooplineError, NotFound, NotValid, Problem
from loopline.language import Messages
from loopline.settings import FILE, Settings, load_settings

F = TypeVar("F", bound=Callable[..., Any])
DEMO: Final = Path("var/demo")
"""Where the demo is, seen from the folder of the project."""


def site_option(command: F) -> F:
    """Add ``--site DIR`` (or LOOPLINE_SITE): the site's folder, the working one if absent."""
    return click.option(
        "--site",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="LOOPLINE_SITE",
        default=Path(),
        help="Folder of the site.",
    )(command)


def json_option(command: F) -> F:
    """Add ``--json``: results for machines instead of people."""
    return click.option("--json", "as_json", is_flag=True, help="Print results as JSON.")(command)


def language() -> str:
    """Answer the language the commands speak: LOOPLINE_LANGUAGE, else the terminal's locale."""
    asked = os.environ.get("LOOPLINE_LANGUAGE") or os.environ.get("LANG", "")
    return "zh" if asked.lower().startswith("zh") else "en"


def site_settings(folder: Path) -> Settings:
    """Read the settings of a site. Raises NotFound, which names the demo where there is one."""
    demo = DEMO / FILE
    if not (folder / FILE).is_file() and demo.is_file():
        raise NotFound(code="site.missing_beside_demo", folder=str(folder), demo=str(DEMO))
    return load_settings(folder)


@contextmanager
def open_platform(folder: Path) -> Iterator[Platform]:
    """Open the platform of a site for the length of a command."""
    platform = build_platform(site_settings(folder))
    try:
        yield platform
    finally:
        platform.close()


@contextmanager
def refusals() -> Iterator[None]:
    """Print what an error says, one problem a line as ``where: what``, and exit with 1."""
    try:
        yield
    except LooplineError as error:
        for line in told(error, Messages(), language()):
            click.echo(line, err=True)
        sys.exit(1)


def check_password(password: str) -> None:
    """Raise NotValid for a password that is too short."""
    if len(password) < MINIMUM_LENGTH:
        params = {"least": MINIMUM_LENGTH}
        raise NotValid(Problem("password", "user.short_password", params))


def told(error: LooplineError, messages: Messages, spoken: str) -> list[str]:
    """Answer an error as lines for people."""
    lines = [f"{one.path}: {messages.tell(one, spoken)}" for one in error.problems]
    return lines or [messages.tell(error, spoken)]


def print_json(content: object) -> None:
    """Print a result for machines."""
    click.echo(json.dumps(content, ensure_ascii=False, default=_plain, indent=2))


def done(text: str, result: Mapping[str, object], *, as_json: bool) -> None:
    """Say that something was done: to people as a text, to machines as a result."""
    if as_json:
        print_json(result)
    else:
        click.echo(text)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):  # a label
        return dict(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value)
