"""The rules as they concern one entity's records, and the keys that they give a record."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from loopline.access.context import Context
from loopline.fields.match_forms import How, company_tokens, match_form
from loopline.meta.duplicates import DuplicateRuleDef
from loopline.services.expressions import predicate, values_of
from loopline.store.match_keys import MatchKey
from loopline.store.rows import Record
from loopline.store.snapshot import Snapshot
from loopline.store.tables import RecordTable, StoredField

Values = Mapping[str, object]
_BETWEEN: Final = "\x1f"
_THEN: Final = "\x1e"


@dataclass(frozen=True, slots=True)
class Part:
    """A field that a rule compares, on one entity."""

    stored: StoredField
    how: How
    threshold: int

    @property
    def fuzzy(self) -> bool:
        """Whether it is compared by likeness."""
        return self.how == "company"

    def form(self, values: Values, region: str) -> str:
        """Answer what the field of a record is compared by, empty where it is blank."""
        value = values.get(self.stored.definition.id)
        if value is None:
            return ""
        if self.how != "exact":
            return match_form(self.how, str(value), region)
        matched = self.stored.match(value)
        return "" if matched is None else str(matched)


@dataclass(frozen=True, slots=True)
class Side:
    """A rule as it concerns one entity; ``own`` where it is that entity's rule."""

    rule: DuplicateRuleDef
    mark: str
    one: RecordTable
    parts: tuple[Part, ...]
    own: bool

    @property
    def blocks(self) -> bool:
        """Whether a record of this entity can be refused by the rule."""
        return self.own and self.rule.blocks

    @property
    def fields(self) -> tuple[str, ...]:
        """The ids of the fields that are compared."""
        return tuple(part.stored.definition.id for part in self.parts)

    def keys(self, values: Values, region: str) -> tuple[str, ...]:
        """Answer the keys of a record: one, or one for each token of a fuzzy name; none if blank.

        ``region`` is the ISO country whose local phone numbers are meant.
        """
        exact: list[str] = []
        fuzzy = ""
        for part in self.parts:
            form = part.form(values, region)
            if not form:
                return ()
            if part.fuzzy:
                fuzzy = form
            else:
                exact.append(form)
        before = _BETWEEN.join(exact)
        if not fuzzy:
            return (before,)
        return tuple(f"{before}{_THEN}{token}" for token in company_tokens(fuzzy))

    @property
    def fuzzy(self) -> Part | None:
        """The field that is compared by likeness, if there is one."""
        return next((part for part in self.parts if part.fuzzy), None)


def sides_of(snapshot: Snapshot, entity: str) -> tuple[Side, ...]:
    """Answer the rules that concern the records of an entity."""
    return snapshot.memo("duplicate rules", lambda: _build(snapshot)).get(entity, ())


def side_of(snapshot: Snapshot, rule: DuplicateRuleDef, entity: str) -> Side | None:
    """Answer a rule as it concerns an entity; None where it cannot be followed there."""
    return next((one for one in sides_of(snapshot, entity) if one.rule.id == rule.id), None)


def keys_of_rows(ctx: Context, side: Side, rows: Sequence[Values]) -> list[tuple[str, ...]]:
    """Answer the keys of each of some records: none for one that the rule does not look at."""
    region = ctx.locale.region
    if not (side.own and side.rule.when):
        return [side.keys(row, region) for row in rows]
    holds, _ = predicate(ctx.snapshot, side.rule.entity, side.rule.when)
    moment = ctx.moment
    return [side.keys(row, region) if holds(values_of(row, {}), moment) else () for row in rows]


def keys_of_records(ctx: Context, side: Side, records: Sequence[Record]) -> Iterator[MatchKey]:
    """Yield the keys of records of the side's entity."""
    mark, entity, blocks = side.mark, side.one.entity.id, side.blocks
    found = keys_of_rows(ctx, side, [record.values for record in records])
    for record, keys in zip(records, found, strict=True):
        for match in keys:
            yield MatchKey(mark, match, entity, record.id, blocks)


def _build(snapshot: Snapshot) -> Mapping[str, tuple[Side, ...]]:
    found: dict[str, list[Side]] = defaultdict(list)
    for rule in snapshot.catalog.duplicate_rules:
        for entity in dict.fromkeys((rule.entity, *rule.also)):
            side = _side(snapshot, rule, entity)
            if side is not None:
                found[entity].append(side)
    return {entity: tuple(sides) for entity, sides in found.items()}


def _side(snapshot: Snapshot, rule: DuplicateRuleDef, entity: str) -> Side | None:
    if not snapshot.catalog.has("entity", entity) or rule.entity not in snapshot.catalog.ids(
        "entity"
    ):
        return None
    one, home = snapshot.table(entity), snapshot.table(rule.entity)
    parts: list[Part] = []
    for matched, name in zip(rule.match, rule.fields_of(entity), strict=True):
        stored, meant = one.fields.get(name), home.fields.get(matched.field)
        if stored is None or meant is None:
            return None
        parts.append(Part(stored, matched.form(meant.definition), matched.threshold))
    return Side(rule, rule.mark, one, tuple(parts), entity == rule.entity)
