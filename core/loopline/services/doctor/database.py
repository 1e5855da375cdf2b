"""Whether the database is there, of this version, sound, and has what the documents say."""

from collections.abc import Iterator
from typing import Final

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.services.doctor.finding import Area, Finding, Level
from loopline.store.backup.facts import read_facts
from loopline.store.engine import Connection
from loopline.store.migrations.run import known_steps, newest_steps
from loopline.store.standing import damage, missing_elements

_MISSING: Final = {
    "table": "doctor.missing_table",
    "column": "doctor.missing_column",
    "index": "doctor.missing_index",
}


def check_schema(connection: Connection) -> Iterator[Finding]:
    """Yield what stands against using a database with this version at all."""
    steps = frozenset(read_facts(connection).steps)
    if not steps:
        yield _finding("database", "broken", Problem("database", "doctor.no_tables"))
    elif not steps <= known_steps():
        unknown = ", ".join(sorted(steps - known_steps()))
        yield _finding("database", "broken", Problem(unknown, "doctor.newer_tables"))
    elif steps != newest_steps():
        missing = ", ".join(sorted(newest_steps() - steps))
        yield _finding("database", "broken", Problem(missing, "doctor.older_tables"))


def check_tables(ctx: Context) -> Iterator[Finding]:
    """Yield what is damaged, and what the documents promise and the database lacks."""
    for line in damage(ctx.connection):
        yield _finding("database", "broken", Problem("database", "doctor.damaged", {"what": line}))
    if ctx.snapshot.revision == 0:
        yield _finding("database", "broken", Problem("database", "doctor.no_release"))
        return
    for table, kind, name in missing_elements(ctx.connection, ctx.snapshot):
        place = name if kind == "table" or not table else f"{table}.{name}"
        yield _finding("tables", "broken", Problem(place, _MISSING[kind]))


def _finding(area: Area, level: Level, problem: Problem) -> Finding:
    return Finding(area=area, level=level, problem=problem)
