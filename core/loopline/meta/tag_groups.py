"""Tag groups: the tags of a field, in groups and levels."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from loopline.fields.definition import FieldDef, Option
from loopline.language import Label
from loopline.meta.body import Body


@dataclass(frozen=True, kw_only=True, slots=True)
class TagGroup:
    """The tags of one document, each below its parent; ``entities`` is empty for all of them."""

    id: str
    label: Label
    entities: tuple[str, ...]
    exclusive: bool
    pos: float
    tags: Mapping[str, Option]


def build_tag_group(name: str, body: Body) -> TagGroup:
    """Build a tag group from a resolved document."""
    exclusive = body.flag("exclusive")
    tags = {
        code: Option(
            code=code,
            label=one.label("label") or Label({"en": code}),
            retired=one.flag("retired"),
            hidden=one.flag("hidden"),
            tone=one.text("tone"),
            parent=one.text("parent"),
            group=name,
            exclusive=exclusive,
        )
        for code, one in body.elements("tags", retired=True)
    }
    return TagGroup(
        id=name,
        label=body.label("label"),
        entities=body.texts("entities"),
        exclusive=exclusive,
        pos=float(str(body.value("pos") or 0)),
        tags={one.code: one for one in _by_level(tags)},
    )


def _by_level(tags: Mapping[str, Option]) -> Iterator[Option]:
    """Yield each tag with those below it at once after it; a lost parent counts as none."""
    below: dict[str, list[Option]] = defaultdict(list)
    for one in tags.values():
        below[one.parent if one.parent in tags else ""].append(one)
    waiting, reached = below.pop("", [])[::-1], set[str]()
    while waiting:
        one = waiting.pop()
        reached.add(one.code)
        yield one
        waiting += below.pop(one.code, [])[::-1]
    yield from (one for one in tags.values() if one.code not in reached)  # parents in a circle


def with_tags(field: FieldDef, groups: Iterable[TagGroup]) -> FieldDef:
    """Answer a field of tags with the tags of its groups as options.

    Where two groups have the same code, the first group's is meant.
    """
    named = field.tag_groups
    fitting = [
        one
        for one in groups
        if (one.id in named if named else not one.entities or field.entity in one.entities)
    ]
    options: dict[str, Option] = {}
    for group in sorted(fitting, key=lambda one: (one.pos, one.id)):
        for code, tag in group.tags.items():
            options.setdefault(code, replace(tag, pos=float(len(options))))
    return replace(field, options=options)
