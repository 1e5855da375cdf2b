"""History: every entering of a stage is kept, in the transaction of the write."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from loopline.access.context import Context
from loopline.meta.entities import OWNER_FIELDS
from loopline.meta.pipelines import PipelineDef
from loopline.services.permits import row_of
from loopline.services.pipelines.moves import pipelines_of
from loopline.services.pipelines.written import entered_at
from loopline.store.rows import Record
from loopline.store.stage_history import StageRow, last_set, newest_stages, write_stages
from loopline.store.tables import RecordTable

_MADE: Final = "created_at"
Pair = tuple[Record | None, Record | None]
"""A record before and after a write: no before for a new one, no after for one that went away."""


def keep_history(ctx: Context, one: RecordTable, action: str, pairs: Sequence[Pair]) -> None:
    """Keep which stages records entered by a write; called before the trail tells of it.

    A record that has no history yet, or one with a gap, gets what lies before first.
    """
    for field in ctx.snapshot.catalog.pipelines.get(one.entity.id, ()):
        back = [new for _, new in pairs if new is not None] if action == "restore" else []
        moved = [] if action == "restore" else list(_moved(field, pairs))
        write_stages(ctx.connection, list(_lacking(ctx, one, field, back)))
        if moved:
            _keep(ctx, one, field, moved)


def open_histories(ctx: Context, one: RecordTable, field: str, records: Sequence[Record]) -> None:
    """Write what the history of some records lacks: how each came to stand where it stands."""
    write_stages(ctx.connection, list(_lacking(ctx, one, field, records)))


def _moved(field: str, pairs: Sequence[Pair]) -> Iterator[tuple[Record | None, Record]]:
    for old, new in pairs:
        before = None if old is None else old.values.get(field)
        if new is not None and new.values.get(field) != before:
            yield old, new


def _keep(
    ctx: Context, one: RecordTable, field: str, moved: Sequence[tuple[Record | None, Record]]
) -> None:
    entity = one.entity.id
    old = [before for before, _ in moved if before is not None]
    open_histories(ctx, one, field, old)
    last = newest_stages(ctx.connection, entity, field, (record.id for record in old))
    rows = [row_of(new) for _, new in moved]
    pipelines = pipelines_of(ctx, entity, field, rows)
    found = []
    for (before, new), pipeline, row in zip(moved, pipelines, rows, strict=True):
        told = row if before is None else {n: v for n, v in row.items() if n != _MADE}
        at = ctx.now if pipeline is None else entered_at(ctx, pipeline, told)
        since = last[new.id][1] if new.id in last else None
        stay = None if since is None else max(0, int((at - since).total_seconds()))
        code = None if before is None else before.values.get(field)
        found.append(_row(ctx, new, field, pipeline, (code, at, ctx.actor.id, stay)))
    write_stages(ctx.connection, found)


def _lacking(
    ctx: Context, one: RecordTable, field: str, records: Sequence[Record]
) -> Iterator[StageRow]:
    entity = one.entity.id
    last = newest_stages(ctx.connection, entity, field, (record.id for record in records))
    lacking = [
        record
        for record in records
        if record.values.get(field) != (last[record.id][0] if record.id in last else None)
    ]
    if not lacking:
        return
    told = last_set(ctx.connection, entity, field, (record.id for record in lacking))
    pipelines = pipelines_of(ctx, entity, field, [row_of(record) for record in lacking])
    for record, pipeline in zip(lacking, pipelines, strict=True):
        before, since = last.get(record.id, (None, None))
        at, actor = told.get(record.id, (record.created_at, record.created_by))
        at = at if since is None else max(at, since)
        stay = None if since is None else int((at - since).total_seconds())
        yield _row(ctx, record, field, pipeline, (before, at, actor, stay))


def _row(
    ctx: Context,
    record: Record,
    field: str,
    pipeline: PipelineDef | None,
    how: tuple[object, datetime, int | None, int | None],
) -> StageRow:
    before, at, actor, stay = how
    after = record.values.get(field)
    amount = _minor(ctx, record, pipeline)
    owner, department = (record.values.get(name) for name in OWNER_FIELDS)
    return StageRow(
        entity=record.entity,
        record=record.id,
        field=field,
        pipeline=None if pipeline is None else pipeline.id,
        before=None if before is None else str(before),
        after=None if after is None else str(after),
        at=at,
        actor=actor,
        owner=owner if isinstance(owner, int) else None,
        department=department if isinstance(department, int) else None,
        amount=amount,
        currency=None if amount is None else ctx.locale.currency,
        stay=stay,
    )


def _minor(ctx: Context, record: Record, pipeline: PipelineDef | None) -> int | None:
    """Answer the amount of a record in minor units of its currency."""
    name = "" if pipeline is None else pipeline.amount_field
    amount = record.values.get(name)
    if not isinstance(amount, Decimal):
        return None
    scale = ctx.snapshot.table(record.entity).fields[name].definition.scale
    return int(amount.scaleb(scale))
