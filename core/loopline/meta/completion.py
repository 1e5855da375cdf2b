"""What the fields of an entity take from other documents: tags, types of roll-ups and lookups."""

from dataclasses import dataclass, replace
from typing import Protocol

from loopline.fields.definition import FieldDef
from loopline.meta.entities import EntityDef
from loopline.meta.lookups import looked_up, reached
from loopline.meta.rollups import with_result
from loopline.meta.tag_groups import TagGroup, with_tags

_TAGS = "tags"


class Documents(Protocol):
    """The documents of a release, as far as entities are completed from them."""

    def ids(self, kind: str) -> tuple[str, ...]:
        """Answer the ids of all documents of a kind."""
        ...

    def has(self, kind: str, name: str) -> bool:
        """Whether there is such a document."""
        ...

    def plain_entity(self, name: str) -> EntityDef:
        """Answer an entity as its own document says it."""
        ...

    def tag_group(self, name: str) -> TagGroup:
        """Answer a tag group."""
        ...


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything that an entity is completed from; equal sources make equal entities."""

    plain: EntityDef
    tag_groups: tuple[TagGroup, ...]
    children: tuple[EntityDef, ...]

    def __eq__(self, other: object) -> bool:
        """Compare by identity: documents that did not change are taken over as they are."""
        return (
            isinstance(other, Sources)
            and self.plain is other.plain
            and list(map(id, self.tag_groups)) == list(map(id, other.tag_groups))
            and list(map(id, self.children)) == list(map(id, other.children))
        )

    __hash__ = None  # type: ignore[assignment]


def needs_completion(entity: EntityDef) -> bool:
    """Whether fields of the entity take something from other documents."""
    return any(_is_open(one) for one in (*entity.fields.values(), *entity.retired.values()))


def sources_of(plain: EntityDef, documents: Documents) -> Sources:
    """Answer what an entity is completed from."""
    groups = tuple(documents.tag_group(name) for name in documents.ids("tag_group"))

    def entity(name: str) -> EntityDef | None:
        return documents.plain_entity(name) if documents.has("entity", name) else None

    found = {one.id: one for one in reached(plain, entity)}
    return Sources(plain, groups, tuple(found[name] for name in sorted(found)))


def completed(plain: EntityDef, sources: Sources) -> EntityDef:
    """Answer the entity with its fields completed."""
    children = {child.id: child for child in sources.children}

    def complete(field: FieldDef, of: EntityDef, steps: int = 0) -> FieldDef:
        if field.virtual is not None:
            return looked_up(field, of, children, complete, steps)
        if field.computed is not None:
            return with_result(field, children)
        return with_tags(field, sources.tag_groups) if field.type == _TAGS else field

    return replace(
        plain,
        fields={name: complete(one, plain) for name, one in plain.fields.items()},
        retired={name: complete(one, plain) for name, one in plain.retired.items()},
    )


def _is_open(field: FieldDef) -> bool:
    lookup = field.virtual is not None and field.virtual.lookup
    return field.type == _TAGS or field.computed is not None or lookup
