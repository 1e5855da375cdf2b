"""Finding: the records that are taken for the same as some values, before they are written."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from loopline.access.context import Context
from loopline.fields.match_forms import likeness
from loopline.language import Label
from loopline.services.duplicates.explaining import Found, reason, tell, warnings
from loopline.services.duplicates.sides import Side, keys_of_rows, side_of, sides_of
from loopline.services.permits import require_entity
from loopline.store import match_keys as store
from loopline.store.rows import fetch

Values = Mapping[str, object]
_MOST: Final = 20
_CANDIDATES: Final = 300
_COMMON: Final = 2_000
_RAREST: Final = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class LookAlike:
    """A record that looks the same, as far as the actor may know of it.

    ``record`` is None, and title and entity empty, where they may not read it. ``fields`` are
    those that agree, ``likeness`` goes up to 100 for the same, ``code`` and ``params`` make the
    sentence.
    """

    rule: str
    blocks: bool
    entity: str
    record: int | None
    title: str
    owner: str
    fields: tuple[str, ...]
    likeness: float
    code: str
    params: Mapping[str, object]
    label: Label


def look_alikes(
    ctx: Context, entity: str, values: Values, own: int | None = None
) -> list[LookAlike]:
    """Answer what looks the same as a record with some values, the likest first.

    ``own`` is the record itself where it is there already. Fields that the actor may not see are
    left out of the comparison. Raises NotFound, and Forbidden for who may write none.
    """
    one = ctx.snapshot.table(entity)
    require_entity(ctx, one, "create" if own is None else "update")
    seen = ctx.catalog.entity(entity).fields
    known = {name: value for name, value in values.items() if name in seen}
    found = find(ctx, entity, known, own)
    shown = zip(found, tell(ctx, found), warnings(ctx, found), strict=True)
    return [
        LookAlike(
            rule=each.side.rule.id,
            blocks=each.side.blocks,
            entity=each.entity if told.readable else "",
            record=each.record if told.readable else None,
            title=told.title,
            owner=told.owner,
            fields=reason(ctx, each.side),
            likeness=round(each.likeness, 1),
            code=warning.code,
            params=warning.params,
            label=each.side.rule.label,
        )
        for each, told, warning in shown
    ]


def find(ctx: Context, entity: str, values: Values, own: int | None = None) -> list[Found]:
    """Answer every record that a rule of an entity takes for the same, each once, likest first."""
    found: dict[tuple[str, int], Found] = {}
    for side in (one for one in sides_of(ctx.snapshot, entity) if one.own):
        keys = keys_of_rows(ctx, side, [values])[0]
        for one in _alike(ctx, side, keys, values) if side.fuzzy else _same(ctx, side, keys):
            if (one.entity, one.record) != (entity, own):
                found.setdefault((one.entity, one.record), one)
    ordered = sorted(found.values(), key=lambda one: (-one.likeness, -one.record))
    return ordered[:_MOST]


def alike(ctx: Context, entity: str, rows: Sequence[Values]) -> list[bool]:
    """Answer for each of some rows whether a record, or a row before it, has an exact key of it.

    Names that are only alike are not looked for, which would take too long for many rows.
    """
    sides = [one for one in sides_of(ctx.snapshot, entity) if one.own and not one.fuzzy]
    if not sides:
        return [False] * len(rows)
    keys: list[set[tuple[str, str]]] = [set() for _ in rows]
    for side in sides:
        for own, found in zip(keys, keys_of_rows(ctx, side, rows), strict=True):
            own.update((side.mark, key) for key in found)
    held = store.holders(ctx.connection, set().union(*keys))
    seen = {(key.mark, key.match) for key in held}
    twins: list[bool] = []
    for some in keys:
        twins.append(not seen.isdisjoint(some))
        seen |= some
    return twins


def _same(ctx: Context, side: Side, keys: Collection[str]) -> list[Found]:
    held = store.holders(ctx.connection, {(side.mark, key) for key in keys})
    return [Found(side, one.entity, one.record) for one in held[-_MOST:]]


def _alike(ctx: Context, side: Side, keys: Collection[str], values: Values) -> list[Found]:
    """Answer the records that share one of the rarest tokens and are alike enough."""
    part = side.fuzzy
    if part is None or not keys:
        return []
    rare = store.rare_tokens(ctx.connection, side.mark, keys, _COMMON)[:_RAREST]
    wanted = part.form(values, ctx.locale.region)
    near = store.newest_with(ctx.connection, side.mark, {key for _, key in rare}, _CANDIDATES)
    found: list[Found] = []
    for entity in {entity for entity, _ in near}:
        other = side_of(ctx.snapshot, side.rule, entity)
        if other is None or other.fuzzy is None:
            continue
        ids = [record for name, record in near if name == entity]
        for record in fetch(ctx.connection, other.one, ids).values():
            score = likeness(wanted, other.fuzzy.form(record.values, ctx.locale.region))
            if score >= part.threshold and record.deleted_at is None:
                found.append(Found(side, entity, record.id, score))
    return found
