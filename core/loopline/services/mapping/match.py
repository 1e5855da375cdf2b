"""Match the headings of a file to the fields of an entity: exactly first, then carefully alike."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from rapidfuzz import fuzz, process

from loopline.errors import Problem
from loopline.language import Label
from loopline.services.mapping.file import ColumnRule, MappingFile
from loopline.services.mapping.heading import HeadingKey, heading_key
from loopline.services.mapping.links import match_link
from loopline.services.mapping.names import FieldNames, Found
from loopline.services.mapping.result import (
    Candidate,
    EntityLike,
    HeadingMapping,
    How,
    Matched,
    Target,
    Unmatched,
)

RESERVED: Final = ("id", "created_at", "created_by", "updated_at", "updated_by")
_ALIKE: Final = 92
_WORTH_SHOWING: Final = 60
_SHORTEST_FUZZY: Final = 10  # below, 92 % lets close_date pass for closed_at
_CANDIDATES: Final = 3


def match_headings(
    headings: Sequence[str],
    entity: EntityLike,
    *,
    linked: Mapping[str, EntityLike] | None = None,
    rules: MappingFile | None = None,
    reserved: Collection[str] = RESERVED,
) -> HeadingMapping:
    """Answer which heading is which field, and why the others are none.

    A rule of the mapping file wins, then id, label in any language, synonym, link forms
    (``linked`` gives the target entities by id), the general table, reserved columns, and last a
    name at least 92 % alike that is alone in being so. No field gets two columns: the surer
    match takes it, the first column among equals, the other stays with ``mapping.clash``.
    """
    names = FieldNames(entity, linked, reserved)
    ruled = _rules_by_key(rules)
    ignored = {heading_key(text).full for text in rules.ignore} if rules else set[str]()
    found: dict[int, tuple[How, Target, ColumnRule | None]] = {}
    for index, heading in enumerate(headings):
        key = heading_key(heading)
        rule = ruled.get(key.full)
        if rule is not None:
            found[index] = (How.FILE, _ruled_target(rule, names, entity), rule)
        elif key.full not in ignored and (match := _match(heading, key, names)) is not None:
            found[index] = (*match, None)
    winners = _settle({index: (how, target) for index, (how, target, _) in found.items()})
    return HeadingMapping(
        matched=tuple(
            _matched(index, headings[index], *found[index]) for index in sorted(winners.values())
        ),
        unmatched=tuple(
            _unmatched(index, heading, found.get(index), winners, headings, names)
            for index, heading in enumerate(headings)
            if index not in winners.values()
            and (index in found or heading_key(heading).full not in ignored)
        ),
        ignored=tuple(
            heading
            for index, heading in enumerate(headings)
            if index not in found and heading_key(heading).full in ignored
        ),
        problems=tuple(_problems(headings, rules, {*entity.fields, *reserved})),
    )


def _rules_by_key(rules: MappingFile | None) -> dict[str, ColumnRule]:
    columns = rules.columns if rules else {}
    return {heading_key(heading).full: rule for heading, rule in columns.items()}


def _ruled_target(rule: ColumnRule, names: FieldNames, entity: EntityLike) -> Target:
    definition = entity.fields.get(rule.field)
    usual = names.target(definition) if definition else Target(rule.field)
    return Target(rule.field, rule.by or usual.by)


def _match(heading: str, key: HeadingKey, names: FieldNames) -> Found | None:
    if heading.startswith("[") and heading.endswith("]"):
        return None  # a column without heading, named by its letter
    link = match_link(heading, names)
    return (
        names.direct(key)
        or names.prefixed(key)
        or ((How.LINK, link) if link else None)
        or names.column(key)
        or names.general(key)
        or _alike(key, names)
    )


def _alike(key: HeadingKey, names: FieldNames) -> Found | None:
    """Answer the one field whose name is nearly this; none when two are."""
    if len(key.bare) < (_SHORTEST_FUZZY if key.bare.isascii() else 4):
        return None
    keys = names.keys()
    near = process.extract(
        key.bare, keys.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=None
    )
    fields = {keys[name] for name, _, _ in near}
    if len(fields) != 1:
        return None
    found = names.direct(heading_key(fields.pop()))
    return (How.FUZZY, found[1]) if found else None


def _settle(found: Mapping[int, Found]) -> dict[str, int]:
    """Answer the column each field is given; ids of links come last, being mostly foreign ones."""
    winners: dict[str, int] = {}
    by_id = {index for index, (_, target) in found.items() if target.by == "id"}
    for index in sorted(found, key=lambda column: (found[column][0], column in by_id, column)):
        winners.setdefault(found[index][1].field, index)
    return winners


def _matched(
    index: int, heading: str, how: How, target: Target, rule: ColumnRule | None
) -> Matched:
    chosen = rule or ColumnRule(field=target.field, by=target.by)
    return Matched(
        index=index, heading=heading, field=target.field, by=target.by, how=how, rule=chosen
    )


def _unmatched(
    index: int,
    heading: str,
    found: tuple[How, Target, ColumnRule | None] | None,
    winners: Mapping[str, int],
    headings: Sequence[str],
    names: FieldNames,
) -> Unmatched:
    told: dict[str, object] = {"column": heading}
    if found is not None:
        field = found[1].field
        told |= {"field": field, "label": names.label(field), "other": headings[winners[field]]}
        reason = "mapping.clash"
        candidates: tuple[Candidate, ...] = (Candidate(field, 100),)
    else:
        candidates = _candidates(heading_key(heading), names)
        told |= {"candidates": Label.join(names.label(one.field) for one in candidates)}
        reason = "mapping.alike" if candidates else "mapping.unknown_column"
    return Unmatched(
        index=index,
        heading=heading,
        reason=Problem(f"columns.{heading}", reason, told),
        candidates=candidates,
    )


def _candidates(key: HeadingKey, names: FieldNames) -> tuple[Candidate, ...]:
    keys = names.keys()
    best: dict[str, int] = {}
    for name, score, _ in process.extract(
        key.bare, keys.keys(), scorer=fuzz.WRatio, score_cutoff=_WORTH_SHOWING, limit=None
    ):
        best[keys[name]] = max(best.get(keys[name], 0), int(score))
    ranked = sorted(best.items(), key=lambda entry: (-entry[1], entry[0]))
    return tuple(Candidate(field, score) for field, score in ranked[:_CANDIDATES])


def _problems(
    headings: Sequence[str], rules: MappingFile | None, fields: Collection[str]
) -> Iterator[Problem]:
    if rules is None:
        return
    present = {heading_key(heading).full for heading in headings}
    for heading, rule in rules.columns.items():
        if heading_key(heading).full not in present:
            yield Problem(f"columns.{heading}", "mapping.column_missing", {"column": heading})
        if rule.field not in fields:
            told = {"column": heading, "field": rule.field}
            yield Problem(f"columns.{heading}.field", "mapping.unknown_field", told)
    for field in rules.constants:
        if field not in fields:
            yield Problem(f"constants.{field}", "mapping.unknown_constant", {"field": field})
