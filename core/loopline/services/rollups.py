"""Keeping roll-ups true: when children come, change, move, go or come back, and every night."""

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Final

from loopline.access.context import Context
from loopline.expr.check import check, references
from loopline.expr.parse import parse
from loopline.fields.definition import FieldDef
from loopline.jobs.queue import Job
from loopline.meta.scope import EntityScope
from loopline.store.rollups import Rollups, StoredRollup, next_parents, renew
from loopline.store.rows import Record
from loopline.store.snapshot import Snapshot

VERIFY: Final = "rollups.verify"
_BATCH: Final = 2_000
_log = logging.getLogger(__name__)
Pair = tuple[Record | None, Record | None]
"""A record before and after a write; None where it was or is none, or lies in the bin."""


def keep_rollups(ctx: Context, entity: str, pairs: Sequence[Pair]) -> None:
    """Renew the roll-ups of the records that written ones belong to, or did, in this transaction.

    Whoever writes a child moves what its parent shows, with or without rights to the parent.
    """
    for rollup in _over(ctx.snapshot).get(entity, ()):
        parents = {parent for pair in pairs for parent in _moved(rollup, pair)}
        if parents:
            renew(ctx.connection, ctx.snapshot, rollup, sorted(parents), ctx.moment)


def renew_all(open_context: Callable[[], AbstractContextManager[Context]], entity: str,
              field: str) -> int:  # fmt: skip
    """Renew a roll-up of every record, a batch a transaction; answer how many differed."""
    after, differed = 0, 0
    while True:
        with open_context() as ctx:
            rollup = _find(ctx.snapshot, entity, field)
            if rollup is None:
                return differed
            ids = next_parents(ctx.connection, rollup.parent, after, _BATCH)
            if not ids:
                return differed
            differed += renew(ctx.connection, ctx.snapshot, rollup, ids, ctx.moment)
            after = ids[-1]


def rollup_handlers(
    open_context: Callable[[], AbstractContextManager[Context]],
) -> Mapping[str, Callable[[Job], None]]:
    """Answer the nightly job that renews every roll-up and tells in the log what differed."""

    def verify(job: Job) -> None:
        with open_context() as ctx:
            every = [one for found in _over(ctx.snapshot).values() for one in found]
            places = [(one.parent.entity.id, one.name) for one in every]
        for entity, field in places:
            differed = renew_all(open_context, entity, field)
            if differed:
                _log.warning("roll-up %s.%s was mended in %d records", entity, field, differed)

    return {VERIFY: verify}


def _moved(rollup: StoredRollup, pair: Pair) -> set[int]:
    """Answer the parents whose amount a write may change."""
    before, after = pair
    link = rollup.link.definition.id
    if before is not None and after is not None:
        looked_at = {link, *(path[0] for path in _read(rollup))}
        if all(before.value(name) == after.value(name) for name in looked_at):
            return set()
    found = {record.value(link) for record in pair if record is not None}
    return {parent for parent in found if isinstance(parent, int)}


def _read(rollup: StoredRollup) -> set[tuple[str, ...]]:
    """Answer the fields of a child that the amount depends on."""
    read = set(references(rollup.filter)) if rollup.filter is not None else set()
    return read | ({(rollup.of.definition.id,)} if rollup.of is not None else set())


def _over(snapshot: Snapshot) -> Rollups:
    """Answer the roll-ups over each entity."""

    def build() -> Rollups:
        found: dict[str, list[StoredRollup]] = defaultdict(list)
        for entity in snapshot.catalog.entities():
            for field in entity.fields.values():
                if field.computed is not None and field.id in snapshot.table(entity.id).fields:
                    found[field.computed.of].append(_stored(snapshot, field))
        return {entity: tuple(rollups) for entity, rollups in found.items()}

    return snapshot.memo("rollups", build)


def _find(snapshot: Snapshot, entity: str, field: str) -> StoredRollup | None:
    every = (one for found in _over(snapshot).values() for one in found)
    return next((o for o in every if (o.parent.entity.id, o.name) == (entity, field)), None)


def _stored(snapshot: Snapshot, field: FieldDef) -> StoredRollup:
    made = field.computed
    if made is None:
        raise KeyError(field.id)
    parent, child = snapshot.table(field.entity), snapshot.table(made.of)
    scope = EntityScope(snapshot.catalog, snapshot.types, made.of)
    return StoredRollup(
        parent=parent,
        field=parent.fields[field.id],
        child=child,
        link=child.fields[made.via],
        aggregate=made.aggregate,
        of=child.fields[made.field] if made.field else None,
        filter=check(parse(made.filter), scope) if made.filter else None,
    )
