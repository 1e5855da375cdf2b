"""What an entity is: the frozen definition built from a resolved ``entity`` document."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from loopline.fields.definition import Computed, FieldDef, Option, Virtual
from loopline.language import Label
from loopline.meta.body import Body


@dataclass(frozen=True, kw_only=True, slots=True)
class Traits:
    """What the kernel does for every record of the entity."""

    owned: bool = False
    append_only: bool = False
    by_hand: bool = True
    audited: bool = True
    searchable: bool = False
    recycle: bool = True
    managed: bool = False
    closed: bool = False
    rates: bool = False

    @property
    def changed_by_hand(self) -> bool:
        """Whether pages offer to change and to delete records."""
        return self.by_hand and not self.append_only


@dataclass(frozen=True, kw_only=True, slots=True)
class Index:
    """A declared index over fields of the entity."""

    id: str
    fields: tuple[str, ...]
    unique: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A rule that refuses a record when its expression is true."""

    id: str
    refuse_when: str
    message: Label
    field: str = ""


@dataclass(frozen=True, kw_only=True)
class EntityDef:
    """An entity: its fields in order (retired ones apart), traits, indexes and rules.

    ``parent`` is the entity of which its records are lines, if they are.
    """

    id: str
    label: Label
    plural: Label
    title_field: str
    icon: str
    line: str
    parent: str
    traits: Traits
    fields: Mapping[str, FieldDef]
    retired: Mapping[str, FieldDef]
    indexes: tuple[Index, ...]
    rules: tuple[Rule, ...]
    synonyms: tuple[str, ...] = ()

    def field(self, name: str) -> FieldDef | None:
        """Answer a field or one of the values every record has (``id``, ``created_at`` …)."""
        return self.fields.get(name) or self.system.get(name)

    @cached_property
    def system(self) -> Mapping[str, FieldDef]:
        """The definitions of what every record has, for lists, filters and exports."""
        return {
            name: FieldDef(
                id=name,
                entity=self.id,
                type=kind,
                label=Label(label),
                read_only=True,
                to=to,
                audited=False,
            )
            for name, (kind, label, to) in SYSTEM_FIELDS.items()
        }

    @cached_property
    def links(self) -> tuple[FieldDef, ...]:
        """The fields that point to records."""
        return tuple(one for one in self.fields.values() if one.to and one.virtual is None)

    @cached_property
    def computed(self) -> frozenset[str]:
        """The fields that nobody writes, as they are made from others."""
        rollups = (name for name, one in self.fields.items() if one.computed is not None)
        return frozenset(rollups) | self.virtual.keys()

    @cached_property
    def virtual(self) -> Mapping[str, FieldDef]:
        """The fields that are stored nowhere: formulas and lookups."""
        return {name: one for name, one in self.fields.items() if one.virtual is not None}

    @cached_property
    def parent_link(self) -> str:
        """The link of a line to the record it belongs to; empty for what is no line."""
        found = (one.id for one in self.links if one.to == self.parent)
        return next(found, "") if self.parent else ""


SYSTEM_FIELDS: Final[Mapping[str, tuple[str, Mapping[str, str], str]]] = {
    "id": ("integer", {"zh": "编号 ID", "en": "ID"}, ""),
    "created_at": ("datetime", {"zh": "创建时间", "en": "Created"}, ""),
    "created_by": ("user", {"zh": "创建人", "en": "Created by"}, "user"),
    "updated_at": ("datetime", {"zh": "更新时间", "en": "Updated"}, ""),
    "updated_by": ("user", {"zh": "更新人", "en": "Updated by"}, "user"),
    "deleted_at": ("datetime", {"zh": "删除时间", "en": "Deleted"}, ""),
    "row_version": ("integer", {"zh": "版本", "en": "Version"}, ""),
}
OWNER_FIELDS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "owner": ("user", {"zh": "负责人", "en": "Owner"}),
    "department": ("department", {"zh": "所属部门", "en": "Department"}),
}
LINK_TARGETS: Final[Mapping[str, str]] = {"user": "user", "department": "department"}
"""Field types whose target entity is given by the type itself."""
SEVERAL: Final = frozenset({"links", "lines"})
"""Field types that hold any number of records."""
_ON_DELETE: Final[Mapping[str, str]] = {"links": "clear", "lines": "cascade"}
RESERVED: Final = frozenset(SYSTEM_FIELDS)
_DEFAULT_SCALE: Final[Mapping[str, int]] = {"money": 2, "decimal": 2, "percent": 4}


def build_entity(entity: str, body: Body) -> EntityDef:
    """Build the definition from a resolved document."""
    traits = body.map("traits")
    fields = {
        name: build_field(entity, name, found)
        for name, found in body.elements("fields", retired=True)
    }
    owned = traits.flag("owned")
    if owned:
        fields |= {name: _owner_field(entity, name) for name in OWNER_FIELDS if name not in fields}
    return EntityDef(
        id=entity,
        label=body.label("label"),
        plural=body.label("plural") or body.label("label"),
        title_field=body.text("title_field"),
        icon=body.text("icon", "i-table"),
        line=body.text("line"),
        parent=body.text("parent"),
        traits=Traits(
            owned=owned,
            append_only=traits.flag("append_only"),
            by_hand=traits.flag("by_hand", default=True),
            audited=traits.flag("audited", default=True),
            searchable=traits.flag("searchable"),
            recycle=traits.flag("recycle", default=True),
            managed=traits.flag("managed"),
            rates=traits.flag("rates"),
        ),
        fields={name: one for name, one in fields.items() if not one.retired},
        retired={name: one for name, one in fields.items() if one.retired},
        indexes=tuple(body.build("indexes", _build_index).values()),
        rules=tuple(body.build("rules", _build_rule).values()),
        synonyms=body.texts("synonyms"),
    )


def build_field(entity: str, name: str, body: Body) -> FieldDef:
    """Build one field's definition."""
    said = body.text("type")
    kind = body.text("returns", said) if said == "formula" else said
    virtual = _build_virtual(said, body)
    return FieldDef(
        id=name,
        entity=entity,
        type=kind,
        label=body.label("label") if said == "lookup" else body.named(name),  # a target's own
        help=body.label("help"),
        pos=body.pos,
        required=body.flag("required"),
        default=body.value("default"),
        unique=body.text("unique", "no"),  # type: ignore[arg-type]
        hidden=body.flag("hidden"),
        read_only=body.flag("read_only") or virtual is not None,
        retired=body.flag("retired"),
        audited=body.flag("audited", default=virtual is None),
        group=body.text("group"),
        mask=body.text("mask"),
        max_length=body.size("max_length"),
        min=body.number("min"),
        max=body.number("max"),
        scale=body.integer("scale", _DEFAULT_SCALE.get(kind, 0)),
        unit=body.label("unit"),
        options={
            code: _build_option(code, one) for code, one in body.elements("options", retired=True)
        },
        to=LINK_TARGETS.get(kind) or ("" if kind in SEVERAL else body.text("to")),
        many=body.text("to") if kind in SEVERAL else "",
        tag_groups=body.texts("groups"),
        computed=_build_computed(body) if kind == "rollup" else None,
        virtual=virtual,
        on_delete=body.text("on_delete", _ON_DELETE.get(kind, "restrict")),  # type: ignore[arg-type]
        numbering=body.text("numbering"),
        region=body.text("region"),
        level=body.text("level"),
        synonyms=body.texts("synonyms"),
        timeline=body.flag("timeline"),
    )


def _build_computed(body: Body) -> Computed:
    return Computed(
        of=body.text("of"),
        via=body.text("via"),
        aggregate=body.text("aggregate", "count"),
        field=body.text("field"),
        filter=body.text("filter"),
    )


def _build_virtual(kind: str, body: Body) -> Virtual | None:
    if kind == "formula":
        return Virtual(formula=body.text("formula"))
    if kind == "lookup":
        return Virtual(formula=f"{body.text('via')}.{body.text('field')}", lookup=True)
    return None


def _build_option(code: str, body: Body) -> Option:
    return Option(
        code=code,
        label=body.named(code),
        pos=body.pos,
        retired=body.flag("retired"),
        hidden=body.flag("hidden"),
        tone=body.text("tone"),
        synonyms=body.texts("synonyms"),
    )


def _build_index(name: str, body: Body) -> Index:
    return Index(id=name, fields=body.texts("fields"), unique=body.flag("unique"))


def _build_rule(name: str, body: Body) -> Rule:
    return Rule(
        id=name,
        refuse_when=body.text("refuse_when"),
        message=body.label("message"),
        field=body.text("field"),
    )


def _owner_field(entity: str, name: str) -> FieldDef:
    kind, label = OWNER_FIELDS[name]
    return FieldDef(
        id=name,
        entity=entity,
        type=kind,
        label=Label(label),
        to=LINK_TARGETS[kind],
        on_delete="clear",
    )
