"""Keeping: match keys are written, moved and given up with the records they stand for."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from loopline.access.context import Context
from loopline.errors import NotValid, Problem
from loopline.services.duplicates.explaining import Found, refusals
from loopline.services.duplicates.sides import Side, keys_of_records, keys_of_rows, sides_of
from loopline.store import match_keys as store
from loopline.store.match_keys import MatchKey
from loopline.store.rows import Record
from loopline.store.tables import RecordTable

Row = Mapping[str, object]
Refused = Mapping[int, list[Problem]]


def check_blocked(
    ctx: Context,
    one: RecordTable,
    rows: Sequence[Row],
    own: Sequence[int | None],
    touched: Sequence[Collection[str]] | None = None,
) -> list[list[Problem]]:
    """Answer, for each row, which blocking rules refuse it, and for the sake of whom.

    ``own`` is the id of each row's record; with ``touched`` only rules over one of those fields
    are asked. Two who write at the same moment are told apart by :func:`keep`.
    """
    asked = list(_asked(ctx, one, rows, touched))
    known: dict[tuple[str, str], list[MatchKey]] = defaultdict(list)
    for key in store.holders(ctx.connection, {(side.mark, match) for _, side, match in asked}):
        known[key.mark, key.match].append(key)
    found: list[tuple[int, Found]] = []
    for index, side, match in asked:
        mine = (one.entity.id, own[index])
        others = [k for k in known[side.mark, match] if (k.entity, k.record) != mine]
        stands = len(others) < len(known[side.mark, match])  # a twin from before the rule
        if others and not stands:
            found.append((index, Found(side, others[0].entity, others[0].record)))
    problems: list[list[Problem]] = [[] for _ in rows]
    for (index, _), problem in zip(found, refusals(ctx, [f for _, f in found]), strict=True):
        problems[index].append(problem)
    return problems


def _asked(
    ctx: Context,
    one: RecordTable,
    rows: Sequence[Row],
    touched: Sequence[Collection[str]] | None,
) -> Iterator[tuple[int, Side, str]]:
    """Yield (index of a row, rule, key) for what has to be looked up."""
    sides = [side for side in sides_of(ctx.snapshot, one.entity.id) if side.blocks]
    for side in sides:
        concerned = [
            index
            for index in range(len(rows))
            if touched is None or _concerns(side, touched[index])
        ]
        found = keys_of_rows(ctx, side, [rows[index] for index in concerned])
        for index, keys in zip(concerned, found, strict=True):
            yield from ((index, side, key) for key in keys)


def keep(ctx: Context, one: RecordTable, pairs: Sequence[tuple[Record | None, Record]]) -> Refused:
    """Write the keys of records that are about to be written as (before, after).

    Answer, by id, why some of them must not be: another record has a key of theirs. Theirs are
    then as they were.
    """
    sides = sides_of(ctx.snapshot, one.entity.id)
    if not sides or not pairs:
        return {}
    moved = [after for before, after in pairs if _moves(sides, before, after)]
    if not moved:
        return {}
    ids = {after.id for after in moved}
    old = [
        key
        for key in store.keys_of(ctx.connection, one.entity.id, _known(pairs))
        if key.record in ids
    ]
    marks = {side.mark: side for side in sides}
    new = {key for side in sides for key in keys_of_records(ctx, side, moved)}
    fresh = (
        new - set(old) - {MatchKey(k.mark, k.match, k.entity, k.record, not k.holds) for k in old}
    )
    refused = store.take(ctx.connection, fresh)
    losers = {key.record for key in refused}
    store.drop(ctx.connection, [key for key in fresh if key.record in losers])
    wanted = {(key.mark, key.match, key.record) for key in new}
    stale = [k for k in old if k.record not in losers and k.mark in marks]
    store.drop(ctx.connection, [k for k in stale if (k.mark, k.match, k.record) not in wanted])
    return _explained(ctx, marks, refused)


def release(ctx: Context, one: RecordTable, records: Sequence[Record]) -> None:
    """Give up the keys of records that went to the bin."""
    if sides_of(ctx.snapshot, one.entity.id):
        ids = [record.id for record in records]
        store.drop(ctx.connection, store.keys_of(ctx.connection, one.entity.id, ids))


def keep_again(ctx: Context, one: RecordTable, records: Sequence[Record]) -> None:
    """Write the keys of records that come back. Raises NotValid where somebody else has one."""
    refused = keep(ctx, one, [(None, record) for record in records])
    problems = [problem for found in refused.values() for problem in found]
    if problems:
        raise NotValid(*problems)


def _known(pairs: Sequence[tuple[Record | None, Record]]) -> list[int]:
    return [after.id for before, after in pairs if before is not None]


def _moves(sides: Sequence[Side], before: Record | None, after: Record) -> bool:
    if before is None:
        return True
    changed = {name for name, value in after.values.items() if before.values.get(name) != value}
    return any(_concerns(side, changed) for side in sides)


def _concerns(side: Side, fields: Collection[str]) -> bool:
    """Whether a change of some fields can change what a rule makes of a record."""
    return bool(side.own and side.rule.when) or not set(side.fields).isdisjoint(fields)


def _explained(ctx: Context, marks: Mapping[str, Side], refused: Sequence[MatchKey]) -> Refused:
    """Answer the refusals of keys by record; those who hold them have committed by now."""
    held: dict[tuple[str, str], MatchKey] = {}
    for key in store.holders(ctx.connection, {(k.mark, k.match) for k in refused}):
        if key.holds:
            held[key.mark, key.match] = key
    found: list[tuple[int, Found]] = []
    for key in refused:
        holder = held.get((key.mark, key.match), key)
        found.append((key.record, Found(marks[key.mark], holder.entity, holder.record)))
    problems: dict[int, list[Problem]] = defaultdict(list)
    for (record, _), problem in zip(found, refusals(ctx, [f for _, f in found]), strict=True):
        problems[record].append(problem)
    return problems
