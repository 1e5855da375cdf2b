"""The list page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from loopline.web.contexts.bulk import BulkBar
from loopline.web.contexts.described import described
from loopline.web.contexts.inputs import Choice, FieldInput
from loopline.web.contexts.saved_views import SavedMenu
from loopline.web.contexts.shell import Hidden, PageContext
from loopline.web.contexts.tables import Pager, SortState, Table


@dataclass(frozen=True, kw_only=True, slots=True)
class Tab:
    """A view of the list, or a part of a record."""

    label: str = field(metadata=described("The word shown."))
    href: str = field(metadata=described("Where it leads."))
    current: bool = field(default=False, metadata=described("Whether it is shown now."))
    count: str = field(default="", metadata=described("How many it holds, when known."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Switch:
    """A way to draw the list."""

    label: str = field(metadata=described("The word shown."))
    icon: str = field(metadata=described("The symbol's name, without i-."))
    href: str = field(metadata=described("The same records drawn so."))
    current: bool = field(default=False, metadata=described("Whether they are drawn so now."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Chip:
    """One condition of the list."""

    label: str = field(metadata=described("The field, or what kind of condition it is."))
    value: str = field(metadata=described("The rest of the condition in words."))
    remove_href: str = field(metadata=described("The list without this condition."))


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchForm:
    """The search box: sends ``q``."""

    action: str = field(metadata=described("The list."))
    value: str = field(metadata=described("What is looked for now."))
    placeholder: str = field(metadata=described("Which fields it looks into."))
    hidden: tuple[Hidden, ...] = field(metadata=described("The rest of the list's state."))


@dataclass(frozen=True, kw_only=True, slots=True)
class FilterForm:
    """The form that adds one condition: sends ``on``, ``op`` and ``value``.

    With scripts, choosing another field fetches this form again from ``refresh_href``, so that
    operators and value fit the field. Without, the button ``pick`` does.
    """

    action: str = field(metadata=described("The list."))
    refresh_href: str = field(metadata=described("This form for another field: ?on=."))
    hidden: tuple[Hidden, ...] = field(metadata=described("The rest of the list's state."))
    fields: tuple[Choice, ...] = field(metadata=described("The fields that can be filtered."))
    operators: tuple[Choice, ...] = field(metadata=described("The operators of the chosen field."))
    value: FieldInput | None = field(metadata=described("The value; None where none is needed."))
    opened: bool = field(default=False, metadata=described("Whether it is shown at once."))


@dataclass(frozen=True, kw_only=True, slots=True)
class ExpressionForm:
    """The condition as text: sends ``filter``."""

    action: str = field(metadata=described("The list."))
    hidden: tuple[Hidden, ...] = field(metadata=described("The rest of the list's state."))
    value: str = field(metadata=described("The text as given."))
    error: str = field(default="", metadata=described("Why it cannot be read."))
    fields: tuple[Choice, ...] = field(default=(), metadata=described("Ids of fields, in words."))
    example: str = field(default="", metadata=described("An expression that this list takes."))


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnChoice:
    """A field in the column chooser."""

    id: str = field(metadata=described("The field."))
    label: str = field(metadata=described("Its label."))
    shown: bool = field(metadata=described("Whether it is a column now."))
    position: str = field(default="", metadata=described("Its place among the shown, from 1."))


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnForm:
    """The column chooser: sends ``columns`` for each ticked field and ``at.<field>`` for places."""

    action: str = field(metadata=described("The list."))
    hidden: tuple[Hidden, ...] = field(metadata=described("The rest of the list's state."))
    choices: tuple[ColumnChoice, ...] = field(metadata=described("Shown ones first, in order."))
    summary: str = field(metadata=described("How many of how many are shown."))
    reset_href: str = field(default="", metadata=described("The list with the view's own columns."))


@dataclass(frozen=True, kw_only=True, slots=True)
class SortChoice:
    """A way to sort, in the menu that phones need as cards have no heads."""

    label: str = field(metadata=described("The field."))
    href: str = field(metadata=described("The list sorted so."))
    sorted: SortState = field(default="", metadata=described("How the list is sorted by it now."))


@dataclass(frozen=True, kw_only=True, slots=True)
class ListContext(PageContext):
    """The list of an entity's records; its region ``list`` is swapped alone."""

    template: ClassVar[str] = "pages/list.html"
    fragments: ClassVar[Mapping[str, str]] = {
        "list": "fragments/list.html",
        "filter": "fragments/filter.html",
    }

    tabs: tuple[Tab, ...] = field(metadata=described("The views of the entity."))
    search: SearchForm = field(metadata=described("The search box."))
    chips: tuple[Chip, ...] = field(metadata=described("The conditions in force."))
    clear_href: str = field(metadata=described("The list without any condition."))
    filter: FilterForm = field(metadata=described("Adds a condition."))
    expression: ExpressionForm = field(metadata=described("The condition as text."))
    columns: ColumnForm = field(metadata=described("Chooses the columns."))
    sorts: tuple[SortChoice, ...] = field(metadata=described("The ways to sort."))
    directions: tuple[SortChoice, ...] = field(metadata=described("Up and down, for that field."))
    sort_label: str = field(metadata=described("How the list is sorted now, in words."))
    table: Table = field(metadata=described("The records."))
    pager: Pager = field(metadata=described("How many, and other pages."))
    bulk: BulkBar | None = field(default=None, metadata=described("What to do with ticked rows."))
    new_href: str = field(default="", metadata=described("The form for a new one, if allowed."))
    new_label: str = field(default="", metadata=described("What one record is called."))
    new_one: str = field(default="", metadata=described("What making a new one is called."))
    export_href: str = field(default="", metadata=described("The list as a file, if allowed."))
    import_href: str = field(default="", metadata=described("Imports a file, if allowed."))
    bin_href: str = field(default="", metadata=described("The recycle bin, if there is one."))
    saved: SavedMenu | None = field(default=None, metadata=described("Saved views."))
    switches: tuple[Switch, ...] = field(default=(), metadata=described("List or board."))
    totals: tuple[str, ...] = field(
        default=(), metadata=described("How many on a board, and how much.")
    )
