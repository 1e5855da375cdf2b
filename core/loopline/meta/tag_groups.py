"""Tag groups: the tags of a field, in groups and levels, and the rules that give some of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from loopline.errors import Problem
from loopline.fields.definition import FieldDef, Option
from loopline.language import Label
from loopline.meta.body import Body
from loopline.meta.entities import EntityDef

_TAGS = "tags"


@dataclass(frozen=True, kw_only=True, slots=True)
class TagRule:
    """Gives a tag of its group to the records of an entity for which ``when`` holds."""

    id: str
    group: str
    label: Label
    entity: str
    when: str
    tag: str

    @property
    def key(self) -> str:
        """What tells it apart from the rules of other groups."""
        return f"{self.group}.{self.id}"


@dataclass(frozen=True, kw_only=True, slots=True)
class TagGroup:
    """The tags of one document, each below its parent; ``entities`` is empty for all of them."""

    id: str
    label: Label
    entities: tuple[str, ...]
    exclusive: bool
    pos: float
    tags: Mapping[str, Option]
    rules: tuple[TagRule, ...] = ()


def build_tag_group(name: str, body: Body) -> TagGroup:
    """Build a tag group from a resolved document."""
    exclusive = body.flag("exclusive")
    tags = {
        code: Option(
            code=code,
            label=one.named(code),
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
        rules=tuple(_build_rule(name, rule, one) for rule, one in body.elements("rules")),
    )


def _build_rule(group: str, name: str, body: Body) -> TagRule:
    return TagRule(
        id=name,
        group=group,
        label=body.label("label"),
        entity=body.text("entity"),
        when=body.text("when"),
        tag=body.text("tag"),
    )


def field_of(rule: TagRule, entity: EntityDef) -> FieldDef | None:
    """Answer the field that a rule's tag goes into: the first that has it, None for none."""
    for field in entity.fields.values():
        option = field.options.get(rule.tag) if field.type == _TAGS else None
        if option is not None and option.group == rule.group and not option.retired:
            return field
    return None


def rule_problems(group: TagGroup, entities: Mapping[str, EntityDef]) -> Iterator[Problem]:
    """Yield a problem for each rule whose tag no field of its entity takes."""
    for rule in group.rules:
        entity = entities.get(rule.entity)
        if entity is not None and field_of(rule, entity) is None:
            params = {"tag": rule.tag, "entity": entity.label}
            yield Problem(f"rules.{rule.id}.tag", "tag_rule.no_tag", params)


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
