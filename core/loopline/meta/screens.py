"""Forms, views and menus: what people see, built from resolved documents."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from loopline.language import Label
from loopline.meta.body import Body
from loopline.meta.capture import CaptureDef, build_capture
from loopline.meta.entities import OWNER_FIELDS, EntityDef

LIST: Final = "list"
BOARD: Final = "kanban"
"""The types of views."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FormField:
    """A field's place on a form, and the conditions under which it shows, is required or fixed."""

    field: str
    width: str = "half"
    show_if: str = ""
    required_if: str = ""
    read_only: bool = False
    read_only_if: str = ""
    help: Label = dataclasses.field(default_factory=lambda: Label({}))


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A group of fields under one heading."""

    id: str
    label: Label
    columns: int
    show_if: str
    fields: tuple[FormField, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FormDef:
    """How a record is entered and read. ``use`` says where the form serves."""

    id: str
    entity: str
    label: Label
    use: tuple[str, ...]
    sections: tuple[Section, ...]
    capture: CaptureDef = dataclasses.field(default_factory=CaptureDef)

    @property
    def fields(self) -> tuple[str, ...]:
        """The ids of all fields on it, in order."""
        return tuple(one.field for section in self.sections for one in section.fields)


@dataclass(frozen=True, kw_only=True, slots=True)
class ViewDef:
    """A saved way to look at an entity's records.

    A board has ``columns`` on its cards, and is grouped by a pipeline or a choice.
    """

    id: str
    entity: str
    type: str
    label: Label
    filter: str
    columns: tuple[str, ...]
    sort: tuple[str, ...]
    pos: float
    default: bool
    hidden: bool
    pipeline: str = ""
    group: str = ""
    sums: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class MenuItem:
    """One entry of the menu; an entry without entity is a heading for those naming it parent."""

    id: str
    label: Label
    entity: str
    view: str
    icon: str
    line: str
    group: str
    parent: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Menu:
    """The menu: groups in order, and the items of each in order."""

    groups: Mapping[str, Label]
    items: tuple[MenuItem, ...]


def build_form(form: str, body: Body) -> FormDef:
    """Build a form from its resolved document."""
    return FormDef(
        id=form,
        entity=body.text("entity"),
        label=body.named(form),
        use=body.texts("use") or ("new", "edit"),
        sections=tuple(body.build("sections", _build_section).values()),
        capture=build_capture(body),
    )


def build_view(view: str, body: Body) -> ViewDef:
    """Build a view from its resolved document."""
    kind = body.text("type", LIST)
    shown = body.map("card").elements("fields") if kind == BOARD else body.elements("columns")
    return ViewDef(
        id=view,
        entity=body.text("entity"),
        type=kind,
        label=body.named(view),
        filter=body.text("filter"),
        columns=tuple(name for name, one in shown if not one.flag("hidden")),
        sort=body.texts("sort"),
        pos=float(body.number("pos") or 1000),
        default=body.flag("default"),
        hidden=body.flag("hidden"),
        pipeline=body.text("pipeline"),
        group=body.text("group"),
        sums=body.texts("sum"),
    )


def build_menu(body: Body) -> Menu:
    """Build the menu from its resolved document."""
    return Menu(
        groups={name: one.label("label") for name, one in body.elements("groups")},
        items=tuple(
            _build_item(name, one) for name, one in body.elements("items") if not one.flag("hidden")
        ),
    )


def plain_form(entity: EntityDef) -> FormDef:
    """Answer the form an entity has before anyone designs one: every visible field, in order."""
    fields = tuple(
        FormField(field=one.id, width="full" if one.type in {"long_text", "json"} else "half")
        for one in entity.fields.values()
        if not one.hidden
    )
    section = Section(id="all", label=entity.label, columns=2, show_if="", fields=fields)
    use = ("new", "edit", "quick")
    return FormDef(id="", entity=entity.id, label=entity.label, use=use, sections=(section,))


def plain_view(entity: EntityDef) -> ViewDef:
    """Answer the list an entity has before anyone designs one: its first eight columns."""
    shown = (
        one.id for one in entity.fields.values() if not one.hidden and one.id not in OWNER_FIELDS
    )
    columns = list(islice(shown, 8))
    if entity.title_field in entity.fields and entity.title_field not in columns:
        columns.insert(0, entity.title_field)
    if entity.traits.owned:
        columns.append("owner")
    return ViewDef(
        id="",
        entity=entity.id,
        type=LIST,
        label=entity.plural,
        filter="",
        columns=tuple(columns),
        sort=("-created_at",),
        pos=0,
        default=True,
        hidden=False,
    )


def _build_section(name: str, body: Body) -> Section:
    return Section(
        id=name,
        label=body.label("label"),
        columns=body.integer("columns", 2),
        show_if=body.text("show_if"),
        fields=tuple(body.build("fields", _build_form_field).values()),
    )


def _build_form_field(name: str, body: Body) -> FormField:
    return FormField(
        field=name,
        width=body.text("width", "half"),
        show_if=body.text("show_if"),
        required_if=body.text("required_if"),
        read_only=body.flag("read_only"),
        read_only_if=body.text("read_only_if"),
        help=body.label("help"),
    )


def _build_item(name: str, body: Body) -> MenuItem:
    return MenuItem(
        id=name,
        label=body.label("label"),
        entity=body.text("entity"),
        view=body.text("view"),
        icon=body.text("icon"),
        line=body.text("line"),
        group=body.text("group"),
        parent=body.text("parent"),
    )
