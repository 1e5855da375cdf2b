"""The names under which the fields of an entity are known, indexed for comparison."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from loopline.fields.definition import FieldDef
from loopline.language import LANGUAGES, Label, readable
from loopline.services.mapping.heading import HeadingKey, heading_key
from loopline.services.mapping.result import EntityLike, How, Target
from loopline.services.mapping.synonyms import TITLE, synonyms

_LINKING = frozenset({"link", "links", "user", "department"})
_NAMED_AS_TARGET = frozenset({"link", "links"})
_BY_NAME = "name"

Found = tuple[How, Target]


class FieldNames:
    """Finds the field a heading names. ``linked`` gives the entities that links point to."""

    def __init__(
        self,
        entity: EntityLike,
        linked: Mapping[str, EntityLike] | None = None,
        reserved: Collection[str] = (),
    ) -> None:
        self._entity, self._linked, self._reserved = entity, linked or {}, reserved
        self._full: dict[str, Found] = {}
        self._bare: dict[str, Found] = {}
        self._doubtful: set[str] = set()
        for definition in entity.fields.values():
            for how, name in _names(definition):
                self._add(heading_key(name), (how, self.target(definition)))

    def target(self, definition: FieldDef) -> Target:
        """Answer the target for a field named plainly; a link is then found by name."""
        return Target(definition.id, _BY_NAME if definition.type in _LINKING else "")

    def keys(self) -> Mapping[str, str]:
        """Answer every comparison key with the field it names."""
        return {key: found[1].field for key, found in (*self._bare.items(), *self._full.items())}

    def direct(self, key: HeadingKey) -> Found | None:
        """Answer the field whose id, label or synonym this is; the unit in brackets may differ."""
        found = self._full.get(key.full)
        if found is None and key.bare not in self._doubtful:
            found = self._full.get(key.bare) or self._bare.get(key.bare)
        return found

    def prefixed(self, key: HeadingKey) -> Found | None:
        """Answer the field for "entity label + field label", as in 客户名称 on a customer."""
        for owner in _entity_keys(self._entity):
            rest = key.bare.removeprefix(owner)
            if rest and rest != key.bare:
                part = HeadingKey(rest, rest)
                found = self.direct(part) or self.general(part)
                if found is not None:
                    return How.SYNONYM, found[1]
        return None

    def general(self, key: HeadingKey) -> Found | None:
        """Answer the field that a word of the general table means in this entity."""
        for group in synonyms().groups:
            if key.full in group.keys or key.bare in group.keys:
                definition = self._by_id(group.ids) or self._only_of(group.types)
                if definition is not None:
                    return How.GENERAL, self.target(definition)
        return None

    def column(self, key: HeadingKey) -> Found | None:
        """Answer the reserved column (id, created_at …) of this name."""
        field = next((name for name in self._reserved if heading_key(name).full == key.full), None)
        field = field or synonyms().reserved.get(key.full)
        return (How.RESERVED, Target(field)) if field in self._reserved and field else None

    def links(self) -> Iterator[tuple[FieldDef, tuple[str, ...]]]:
        """Yield the link fields with the keys of their names, the longest first.

        The only link to another entity may also be called as that entity is; not so a user,
        since "user e-mail" seldom means the owner's.
        """
        linking = [field for field in self._entity.fields.values() if field.type in _LINKING]
        pointed = Counter(field.to or field.many for field in linking)
        for definition in linking:
            keys = {heading_key(name).bare for _, name in _names(definition)}
            to = definition.to or definition.many
            target = self._linked.get(to)
            alone = definition.type in _NAMED_AS_TARGET and pointed[to] == 1
            if target is not None and alone and to != self._entity.id:
                keys |= set(_entity_keys(target))
            yield definition, tuple(sorted(keys, key=len, reverse=True))

    def label(self, field: str) -> Label:
        """Answer what people call a field, its id behind the label: ``Budget (budget)``."""
        definition = self._entity.fields.get(field)
        called = definition.label if definition and definition.label else readable(field)
        return Label({one: f"{called.to(one)} ({field})" for one in LANGUAGES})

    def linked(self, definition: FieldDef) -> EntityLike | None:
        """Answer the entity a link points to, None where it was not given."""
        return self._linked.get(definition.to or definition.many)

    def _add(self, key: HeadingKey, found: Found) -> None:
        for index, text in ((self._full, key.full), (self._bare, key.bare)):
            known = index.get(text)
            if known is None or found[0] < known[0]:
                index[text] = found
            if index is self._bare and known and known[1] != found[1] and known[0] == found[0]:
                self._doubtful.add(text)

    def _by_id(self, ids: tuple[str, ...]) -> FieldDef | None:
        names = (self._entity.title_field if name == TITLE else name for name in ids)
        return next(
            (self._entity.fields[name] for name in names if name in self._entity.fields), None
        )

    def _only_of(self, types: tuple[str, ...]) -> FieldDef | None:
        fitting = [field for field in self._entity.fields.values() if field.type in types]
        return fitting[0] if len(fitting) == 1 else None


def _names(definition: FieldDef) -> Iterator[tuple[How, str]]:
    yield How.ID, definition.id
    for language in LANGUAGES:
        if definition.label.get(language):
            yield How.LABEL, definition.label[language]
    for word in definition.synonyms:
        yield How.SYNONYM, word


def _entity_keys(entity: EntityLike) -> tuple[str, ...]:
    keys = {heading_key(name).bare for name in (entity.id, *entity.label.values()) if name}
    return tuple(sorted(keys, key=len, reverse=True))
