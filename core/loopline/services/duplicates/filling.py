"""Filling: the keys of records that were there before a rule, and the twins among them."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Final

from loopline.access.context import Context
from loopline.jobs.queue import Job, enqueue
from loopline.query.titles import titles
from loopline.services.duplicates.sides import keys_of_records, side_of
from loopline.services.permits import require_entity
from loopline.store import match_keys as store
from loopline.store.deferred import living_ids
from loopline.store.match_keys import MatchKey
from loopline.store.rows import fetch
from loopline.store.snapshot import Snapshot

FILL: Final = "duplicates.fill"
_BATCH: Final = 1_000
_MOST_GROUPS: Final = 100
Opener = Callable[[], AbstractContextManager[Context]]


def renew_marks(ctx: Context, candidate: Snapshot) -> None:
    """Have the keys filled of rules that a release begins to follow, and stale ones dropped."""
    before = {rule.mark for rule in ctx.snapshot.catalog.duplicate_rules}
    after = {rule.mark: rule.id for rule in candidate.catalog.duplicate_rules}
    begun = after.keys() - before
    store.forget_marks(ctx.connection, begun)  # written when the rule was followed last
    for mark in sorted(begun):
        enqueue(ctx.connection, FILL, {"rule": after[mark], "mark": mark}, ctx.now)
    if before - after.keys() and not begun:
        enqueue(ctx.connection, FILL, {"rule": "", "mark": ""}, ctx.now)


def filling_handlers(open_context: Opener) -> Mapping[str, Callable[[Job], None]]:
    """Answer the job; each step is its own transaction and may be repeated."""

    def fill(job: Job) -> None:
        rule, mark = str(job.payload["rule"]), str(job.payload["mark"])
        with open_context() as ctx:
            known = {one.mark: one for one in ctx.snapshot.catalog.duplicate_rules}
            store.forget_marks(
                ctx.connection, set(store.known_marks(ctx.connection)) - known.keys()
            )
            entities = (known[mark].entity, *known[mark].also) if mark in known else ()
        for entity in entities:
            after: int | None = 0
            while after is not None:
                with open_context() as ctx:
                    after = _fill(ctx, rule, mark, entity, after)

    return {FILL: fill}


def _fill(ctx: Context, rule: str, mark: str, entity: str, after: int) -> int | None:
    """Write the keys of the next records; answer the last of them, None at the end."""
    followed = {one.id: one for one in ctx.snapshot.catalog.duplicate_rules}.get(rule)
    side = side_of(ctx.snapshot, followed, entity) if followed else None
    if side is None or side.mark != mark:
        return None
    ids = living_ids(ctx.connection, side.one, after, _BATCH)
    if not ids:
        return None
    records = [
        record
        for record in fetch(ctx.connection, side.one, ids, lock=True).values()
        if record.deleted_at is None
    ]
    refused = store.take(ctx.connection, keys_of_records(ctx, side, records))
    twins = [MatchKey(key.mark, key.match, key.entity, key.record) for key in refused]
    store.take(ctx.connection, twins)  # they stand beside the oldest, and hold nothing
    return ids[-1]


def twins(
    ctx: Context, entity: str, rule: str, after: str = ""
) -> list[tuple[str, list[tuple[str, int, str]]]]:
    """Answer groups of records that a rule takes for the same, as far as the actor may read them.

    Each is the key to go on from and the (entity, id, title) of its records. A rule over a field
    that the actor does not see in full gives none. Raises NotFound.
    """
    require_entity(ctx, ctx.snapshot.table(entity), "read")
    side = next(
        (
            one
            for one in ctx.snapshot.catalog.duplicate_rules
            if (one.id, one.entity) == (rule, entity)
        ),
        None,
    )
    if side is None or not _sees(ctx, entity, side.fields_of(entity)):
        return []
    groups = store.shared_keys(ctx.connection, side.mark, entity, after, _MOST_GROUPS)
    ids: dict[str, set[int]] = {}
    for _, records in groups:
        for name, record in records:
            ids.setdefault(name, set()).add(record)
    called = {name: titles(ctx, name, some) for name, some in ids.items()}
    shown = (
        (key, [(n, r, called[n][r]) for n, r in records if r in called[n]])
        for key, records in groups
    )
    return [(key, some) for key, some in shown if len(some) > 1]


def _sees(ctx: Context, entity: str, fields: Iterable[str]) -> bool:
    """Whether the actor reads all of some fields, unmasked: keys are made of their values."""
    if not ctx.catalog.has("entity", entity):
        return False
    seen = ctx.catalog.entity(entity).fields
    return all(name in seen and not seen[name].masked for name in fields)
