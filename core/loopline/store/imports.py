"""Import runs: what was asked, how far it has come, and which rows were refused.

The cursor (``done_row``) moves in the same transaction as the rows it stands for, so a killed run
continues with every row exactly once.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from loopline.errors import NotFound, Problem
from loopline.language import Label
from loopline.store.system import metadata
from loopline.store.types import BIG, KEY, TEXT, Moment

run = sa.Table(
    "ll_import",
    metadata,
    sa.Column("id", KEY, primary_key=True, autoincrement=True),
    sa.Column("entity", TEXT, nullable=False),
    sa.Column("file_name", TEXT, nullable=False),
    sa.Column("file_hash", TEXT, nullable=False),
    sa.Column("stored_file", TEXT, nullable=False),
    sa.Column("signature", TEXT, nullable=False),  # entity, file hash and options: the same import
    sa.Column("options", TEXT, nullable=False),
    sa.Column("state", TEXT, nullable=False),  # see below
    sa.Column("total", BIG),
    sa.Column("done_row", BIG, nullable=False),
    sa.Column("created", BIG, nullable=False),
    sa.Column("updated", BIG, nullable=False),
    sa.Column("skipped", BIG, nullable=False),
    sa.Column("failed", BIG, nullable=False),
    sa.Column("actor", BIG),
    sa.Column("started_at", Moment(), nullable=False),
    sa.Column("finished_at", Moment()),
    sa.Column("error", TEXT),
    sa.Column("notes", TEXT),  # how the columns were matched
    sa.Index(
        "ux_ll_import_open",
        "signature",
        unique=True,
        sqlite_where=sa.text("state IN ('waiting', 'running')"),
        postgresql_where=sa.text("state IN ('waiting', 'running')"),
    ),
)
problem = sa.Table(
    "ll_import_problem",
    metadata,
    sa.Column("id", KEY, primary_key=True, autoincrement=True),
    sa.Column("import_id", BIG, nullable=False),
    sa.Column("row", BIG, nullable=False),
    sa.Column("column", TEXT, nullable=False),
    sa.Column("code", TEXT, nullable=False),
    sa.Column("params", TEXT, nullable=False),
    sa.Column("cells", TEXT, nullable=False),
    sa.Index("ix_ll_import_problem_import", "import_id", "row"),
)
waiting = sa.Table(
    "ll_import_waiting",
    metadata,
    sa.Column("import_id", BIG, primary_key=True, autoincrement=False),
    sa.Column("row", BIG, primary_key=True, autoincrement=False),
)
mapping = sa.Table(
    "ll_import_mapping",
    metadata,
    sa.Column("entity", TEXT, primary_key=True),
    sa.Column("headings", TEXT, primary_key=True),  # hash of the header row
    sa.Column("mapping", TEXT, nullable=False),
    sa.Column("used_at", Moment(), nullable=False),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportRun:
    """One import as it stands."""

    id: int
    entity: str
    file_name: str
    file_hash: str
    stored_file: str
    options: Mapping[str, Any]
    state: str
    total: int | None
    done_row: int
    created: int
    updated: int
    skipped: int
    failed: int
    actor: int | None
    started_at: datetime
    finished_at: datetime | None
    notes: Mapping[str, Any]
    failure: Sequence[Problem]


@dataclass(frozen=True, kw_only=True, slots=True)
class RowProblem:
    """One reason why a row was refused; ``cells`` are the row's cells as texts."""

    row: int
    column: str
    code: str
    params: Mapping[str, Any]
    cells: Sequence[Any]


UNFINISHED: Final = frozenset({"waiting", "running"})
"""States of a run that somebody is at work on, or soon will be; the others follow."""
UNDOING: Final = "undoing"
UNDONE: Final = "undone"
ENDED: Final = frozenset({"done", "left", UNDOING, UNDONE})
"""States from which no row is written any more; ``failed`` may be taken up again."""
_PACKED: Final = ("options", "notes")
_COUNTERS: Final = ("done_row", "created", "updated", "skipped", "failed")


def start(connection: sa.Connection, signature: str, values: Mapping[str, object]) -> int:
    """Enter a new run, or find the unfinished one that another process entered; answer its id."""
    row = {**dict.fromkeys(_COUNTERS, 0), "signature": signature, "state": "waiting", **values}
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    made = make(run).values(row).on_conflict_do_nothing().returning(run.c.id)
    entered = connection.execute(made).scalar()
    known = unfinished(connection, signature) if entered is None else int(entered)
    return start(connection, signature, values) if known is None else known


def read(connection: sa.Connection, import_id: int, *, lock: bool = False) -> ImportRun:
    """Answer a run. Raises NotFound."""
    query = sa.select(run).where(run.c.id == import_id)
    row = connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise NotFound(code="import.not_found", id=import_id)
    values = {one: row[one] for one in ImportRun.__slots__ if one not in {*_PACKED, "failure"}}
    unpacked = {one: orjson.loads(row[one] or "{}") for one in _PACKED}
    return ImportRun(**values, **unpacked, failure=_reasons(row["error"]))


def unfinished(connection: sa.Connection, signature: str) -> int | None:
    """Answer the newest unfinished run of the same import."""
    query = sa.select(run.c.id).where(
        run.c.signature == signature, run.c.state.in_(("waiting", "running"))
    )
    return connection.execute(query.order_by(run.c.id.desc()).limit(1)).scalar()


def leave(connection: sa.Connection, signature: str) -> None:
    """Leave the runs of an import where they are, failed ones too, so that it may start afresh.

    Each keeps the reason it failed for.
    """
    where = (run.c.signature == signature) & run.c.state.not_in(ENDED)
    connection.execute(run.update().where(where).values(state="left"))


def leave_one(connection: sa.Connection, import_id: int) -> None:
    """Leave a run where it is, unless it has ended; it keeps the reason it failed for."""
    where = (run.c.id == import_id) & run.c.state.not_in(ENDED)
    connection.execute(run.update().where(where).values(state="left"))


def take_up(connection: sa.Connection, import_id: int) -> int | None:
    """Mark a run as running; answer the run that has taken its place instead, if there is one."""
    other = rival(connection, import_id)
    if other is not None:
        return other
    try:
        with connection.begin_nested():
            update(connection, import_id, state="running", error=None)
    except sa.exc.IntegrityError:  # a rival entered after it was looked for
        return take_up(connection, import_id)
    return None


def rival(connection: sa.Connection, import_id: int) -> int | None:
    """Answer another unfinished run of the same import."""
    mine = sa.select(run.c.signature).where(run.c.id == import_id).scalar_subquery()
    query = sa.select(run.c.id).where(
        run.c.signature == mine, run.c.state.in_(("waiting", "running")), run.c.id != import_id
    )
    return connection.execute(query.limit(1)).scalar()


def fail(connection: sa.Connection, import_id: int, reasons: Sequence[Problem]) -> None:
    """Mark a run as failed, unless it has ended meanwhile."""
    where = (run.c.id == import_id) & run.c.state.not_in(ENDED)
    connection.execute(run.update().where(where).values(state="failed", error=_written(reasons)))


def break_off(connection: sa.Connection, import_id: int, reasons: Sequence[Problem]) -> None:
    """Keep why undoing a run broke off."""
    update(connection, import_id, error=_written(reasons))


def update(connection: sa.Connection, import_id: int, **values: object) -> None:
    """Write columns of a run."""
    connection.execute(run.update().where(run.c.id == import_id).values(**values))


def note(
    connection: sa.Connection, import_id: int, notes: Mapping[str, object], **values: object
) -> None:
    """Write the notes of a run, and columns of it."""
    update(connection, import_id, notes=_written(notes), **values)


def add_problems(connection: sa.Connection, import_id: int, problems: Sequence[RowProblem]) -> None:
    """Enter refused rows."""
    if problems:
        rows = [
            {
                "import_id": import_id,
                "row": one.row,
                "column": one.column,
                "code": one.code,
                "params": _written(one.params),
                "cells": _written(one.cells),
            }
            for one in problems
        ]
        connection.execute(problem.insert(), rows)


def problems(
    connection: sa.Connection, import_id: int, limit: int | None = None
) -> list[RowProblem]:
    """Answer the refused rows of a run in file order."""
    query = (
        sa.select(problem)
        .where(problem.c.import_id == import_id)
        .order_by(problem.c.row, problem.c.id)
    )
    return [
        RowProblem(
            row=row.row,
            column=row.column,
            code=row.code,
            params=_params(orjson.loads(row.params)),
            cells=orjson.loads(row.cells),
        )
        for row in connection.execute(query.limit(limit) if limit else query)
    ]


def _written(value: object) -> str:
    return orjson.dumps(
        value, default=lambda one: dict(one) if isinstance(one, Label) else str(one)
    ).decode()


def _params(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Answer labels as such again; nothing else among the params of a problem is an object."""
    return {name: Label(one) if isinstance(one, dict) else one for name, one in kept.items()}


def _reasons(kept: str | None) -> tuple[Problem, ...]:
    """Answer why a run broke off; earlier versions kept a text, which is told as it stands."""
    if not kept or not kept.startswith("["):
        return (Problem("", kept),) if kept else ()
    found = orjson.loads(kept)
    return tuple(Problem(one["path"], one["code"], _params(one["params"])) for one in found)


def add_waiting(connection: sa.Connection, import_id: int, rows: Sequence[int]) -> None:
    """Enter rows that wait for another row of the same file."""
    if rows:
        connection.execute(waiting.insert(), [{"import_id": import_id, "row": row} for row in rows])


def waiting_rows(connection: sa.Connection, import_id: int) -> set[int]:
    """Answer the rows that still wait."""
    query = sa.select(waiting.c.row).where(waiting.c.import_id == import_id)
    return set(connection.execute(query).scalars())


def drop_waiting(connection: sa.Connection, import_id: int, rows: Sequence[int]) -> None:
    """Let rows wait no longer."""
    for start_at in range(0, len(rows), 500):
        some = rows[start_at : start_at + 500]
        where = (waiting.c.import_id == import_id) & waiting.c.row.in_(some)
        connection.execute(waiting.delete().where(where))


@contextmanager
def rehearsal(connection: sa.Connection) -> Iterator[None]:
    """Undo on leaving everything that was written inside."""
    point = connection.begin_nested()
    try:
        yield
    finally:
        point.rollback()


def remember_mapping(
    connection: sa.Connection, entity: str, headings: str, text: str, now: datetime
) -> None:
    """Keep the mapping that worked for this header row."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    row = {"entity": entity, "headings": headings, "mapping": text, "used_at": now}
    known, kept = ["entity", "headings"], {"mapping": text, "used_at": now}
    entered = make(mapping).values(row)
    connection.execute(entered.on_conflict_do_update(index_elements=known, set_=kept))


def remembered_mapping(connection: sa.Connection, entity: str, headings: str) -> str | None:
    """Answer the mapping remembered for this header row."""
    where = (mapping.c.entity == entity) & (mapping.c.headings == headings)
    return connection.execute(sa.select(mapping.c.mapping).where(where)).scalar()
