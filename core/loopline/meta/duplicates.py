"""Documents of kind duplicate_rule: which records are taken for the same, read and checked."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from loopline.errors import Problem
from loopline.fields.definition import FieldDef
from loopline.fields.match_forms import How, usual_form
from loopline.language import Label
from loopline.meta.body import Body
from loopline.meta.entities import EntityDef

OnTwin = Literal["warn", "block"]
_THRESHOLD: Final = 85
_COMPARABLE: Final = frozenset(
    "text code email phone url credit_code integer decimal choice date link user department "
    "region".split()
)
"""Types of fields with one value that two records can have the same."""
_TEXTS: Final = frozenset({"text", "code", "email", "phone", "url", "credit_code"})


@dataclass(frozen=True, kw_only=True, slots=True)
class MatchField:
    """A field that must agree. ``how`` is empty where the type of the field says it."""

    field: str
    how: How | Literal[""]
    threshold: int

    def form(self, definition: FieldDef) -> How:
        """Answer how values of the field are compared."""
        return self.how or usual_form(definition.type)


@dataclass(frozen=True, kw_only=True, slots=True)
class DuplicateRuleDef:
    """A rule. ``also`` gives, for each further entity, which of its fields stands for which."""

    id: str
    label: Label
    entity: str
    match: tuple[MatchField, ...]
    also: Mapping[str, Mapping[str, str]]
    when: str
    on_match: OnTwin
    tell_owner: bool

    @property
    def blocks(self) -> bool:
        """Whether a twin is refused."""
        return self.on_match == "block"

    @property
    def mark(self) -> str:
        """The rule's id and a hash of all that its keys depend on."""
        matched = [(one.field, one.how) for one in self.match]
        also = {entity: sorted(fields.items()) for entity, fields in sorted(self.also.items())}
        whole = repr((self.entity, matched, also, self.when, self.on_match))
        return f"{self.id}:{hashlib.sha256(whole.encode()).hexdigest()[:12]}"

    def fields_of(self, entity: str) -> tuple[str, ...]:
        """Answer the fields of an entity that are compared, in the order of ``match``."""
        if entity == self.entity:
            return tuple(one.field for one in self.match)
        names = self.also[entity]
        return tuple(names.get(one.field, one.field) for one in self.match)


def build_duplicate_rule(name: str, body: Body) -> DuplicateRuleDef:
    """Build a rule from its resolved document."""
    return DuplicateRuleDef(
        id=name,
        label=body.named(name),
        entity=body.text("entity"),
        match=tuple(body.build("match", _build_field).values()),
        also=body.build("also", lambda _, one: dict(one.raw("fields"))),
        when=body.text("when"),
        on_match=body.text("on_match", "warn"),  # type: ignore[arg-type]
        tell_owner=body.flag("tell_owner"),
    )


def _build_field(name: str, body: Body) -> MatchField:
    return MatchField(
        field=name,
        how=body.text("as"),  # type: ignore[arg-type]
        threshold=body.integer("threshold", _THRESHOLD),
    )


class Entities(Protocol):
    """The entities of a release."""

    def has(self, kind: str, name: str) -> bool:
        """Whether there is such a document."""
        ...

    def entity(self, name: str) -> EntityDef:
        """Answer an entity."""
        ...


def duplicate_problems(rule: DuplicateRuleDef, entities: Entities) -> Iterator[Problem]:
    """Yield what is wrong with a rule that its schema cannot tell."""
    fuzzy = [one.field for one in rule.match if one.how == "company"]
    if len(fuzzy) > 1:
        yield Problem(f"match.{fuzzy[1]}.as", "duplicate.one_fuzzy")
    if fuzzy and rule.blocks:
        yield Problem("on_match", "duplicate.fuzzy_blocks", {"field": fuzzy[0]})
    for name in (rule.entity, *rule.also):
        if not entities.has("entity", name):
            continue  # told as a reference
        entity = entities.entity(name)
        for one, field in zip(rule.match, rule.fields_of(name), strict=True):
            own = name == rule.entity
            place = f"match.{field}" if own else f"also.{name}.fields.{one.field}"
            yield from _of_field(one, entity, field, place, own=own)
        for field in sorted(set(rule.also.get(name, ())) - {one.field for one in rule.match}):
            params = {"field": field, "entity": rule.entity}
            yield Problem(f"also.{name}.fields.{field}", "duplicate.not_matched", params)


def _of_field(
    one: MatchField, entity: EntityDef, field: str, place: str, *, own: bool
) -> Iterator[Problem]:
    definition = entity.fields.get(field)
    if definition is None:
        if not own:  # in match it is told as a reference
            yield Problem(place, "metadata.no_field", {"field": field, "entity": entity.id})
        return
    texts = one.form(definition) != "exact"
    if definition.type not in (_TEXTS if texts else _COMPARABLE):
        yield Problem(place, "duplicate.field_type", {"field": field, "type": definition.type})
