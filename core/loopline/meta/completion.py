"""What the fields of an entity take from other documents: the tags of tag groups."""

from dataclasses import dataclass, replace
from typing import Protocol

from loopline.fields.definition import FieldDef
from loopline.meta.entities import EntityDef
from loopline.meta.tag_groups import TagGroup, with_tags

_TAGS = "tags"


class Documents(Protocol):
    """The documents of a release, as far as entities are completed from them."""

    def ids(self, kind: str) -> tuple[str, ...]:
        """Answer the ids of all documents of a kind."""
        ...

    def tag_group(self, name: str) -> TagGroup:
        """Answer a tag group."""
        ...


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything that an entity is completed from; equal sources make equal entities."""

    plain: EntityDef
    tag_groups: tuple[TagGroup, ...]

    def __eq__(self, other: object) -> bool:
        """Compare by identity: documents that did not change are taken over as they are."""
        return (
            isinstance(other, Sources)
            and self.plain is other.plain
            and len(self.tag_groups) == len(other.tag_groups)
            and all(a is b for a, b in zip(self.tag_groups, other.tag_groups, strict=True))
        )

    __hash__ = None  # type: ignore[assignment]


def needs_completion(entity: EntityDef) -> bool:
    """Whether fields of the entity take something from other documents."""
    return any(_is_open(one) for one in (*entity.fields.values(), *entity.retired.values()))


def sources_of(plain: EntityDef, documents: Documents) -> Sources:
    """Answer what an entity is completed from."""
    groups = tuple(documents.tag_group(name) for name in documents.ids("tag_group"))
    return Sources(plain, groups)


def completed(plain: EntityDef, sources: Sources) -> EntityDef:
    """Answer the entity with its fields completed."""
    return replace(
        plain,
        fields={name: _completed(one, sources) for name, one in plain.fields.items()},
        retired={name: _completed(one, sources) for name, one in plain.retired.items()},
    )


def _is_open(field: FieldDef) -> bool:
    return field.type == _TAGS


def _completed(field: FieldDef, sources: Sources) -> FieldDef:
    return with_tags(field, sources.tag_groups) if field.type == _TAGS else field
