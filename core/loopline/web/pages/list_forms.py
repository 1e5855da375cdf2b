"""The small forms of a list: search, condition, expression, columns, sort."""

from collections.abc import Sequence

from starlette.datastructures import QueryParams

from loopline.access.context import Context
from loopline.expr.types import ExprType
from loopline.fields.definition import FieldDef
from loopline.language import listed
from loopline.meta.entities import SYSTEM_FIELDS, EntityDef
from loopline.web.contexts.inputs import Choice, FieldInput, WidgetName
from loopline.web.contexts.lists import (
    ColumnChoice,
    ColumnForm,
    ExpressionForm,
    FilterForm,
    SearchForm,
    SortChoice,
)
from loopline.web.contexts.tables import SortState
from loopline.web.pages.conditions import operator_key, operators
from loopline.web.pages.examples import example
from loopline.web.pages.list_state import ListState
from loopline.web.pages.phrases import in_phrase

_OFFERED = frozenset(SYSTEM_FIELDS) - {"row_version", "deleted_at", "id"}
_SEARCHED = 3
_BOX = 32  # letters that the search box has room for; Han count twice
_NEWEST = "-created_at"
_TIMED = frozenset({"date", "datetime"})
_UNSORTED = frozenset(
    {"long_text", "rich_text", "json", "multi_choice", "tags", "links", "files", "lines", "address"}
)


def search_form(ctx: Context, entity: EntityDef, state: ListState) -> SearchForm:
    """Answer the search box; it names the first fields it looks into."""
    language = ctx.actor.language
    types = ctx.snapshot.types
    looked_into = [
        in_phrase(one.label, language)
        for one in entity.fields.values()
        if types[one.type].short_text and not one.hidden and one.type != "code"
    ]
    return SearchForm(
        action=state.path,
        value=state.q,
        placeholder=_fitting(ctx, looked_into[:_SEARCHED]),
        hidden=state.hidden(without=("q",)),
    )


def _fitting(ctx: Context, names: Sequence[str]) -> str:
    """Answer the words in the search box: of the names as many as it has room for, at least one."""
    language, say = ctx.actor.language, ctx.messages.say
    for many in range(len(names), 0, -1):
        text = say("ui.search.in", language, fields=listed(names[:many], language))
        if sum(1 if one.isascii() else 2 for one in text) <= _BOX:
            return text
    return say("ui.search.in", language, fields=names[0]) if names else say("ui.search", language)


def filter_form(
    ctx: Context, entity: EntityDef, state: ListState, query: QueryParams
) -> FilterForm:
    """Answer the form that adds a condition, for the field that is being picked."""
    language = ctx.actor.language
    fields = _listed_first(ctx, entity, state)
    picked = entity.field(query.get("on", "")) or _first_choice(fields)
    chosen = query.get("op", "")
    offered = operators(ctx, picked)
    operator = chosen if chosen in offered else offered[0]
    return FilterForm(
        action=state.path,
        refresh_href=state.turned().href,
        hidden=state.hidden(without=("on", "op", "value")),
        fields=tuple(
            Choice(value=one.id, label=one.label.to(language), selected=one.id == picked.id)
            for one in fields
        ),
        operators=tuple(
            Choice(
                value=one,
                label=ctx.messages.say(operator_key(ctx, picked, one), language),
                selected=one == operator,
            )
            for one in offered
        ),
        value=_value_input(ctx, picked),
        opened="on" in query,
    )


def shown_fields(entity: EntityDef) -> list[FieldDef]:
    """Answer the fields a person may filter by and show: the visible ones, then the system's."""
    own = [one for one in entity.fields.values() if not one.hidden]
    return [*own, *(one for name, one in entity.system.items() if name in _OFFERED)]


def _listed_first(ctx: Context, entity: EntityDef, state: ListState) -> list[FieldDef]:
    """Answer the fields a person may filter by, in the order the list shows them, then the rest."""
    views = ctx.catalog.views(entity.id)
    view = next((one for one in views if one.id == state.view), views[0])
    names = state.columns or view.columns
    places = {name: at for at, name in enumerate(names)}
    return sorted(shown_fields(entity), key=lambda one: places.get(one.id, len(places)))


def _first_choice(fields: Sequence[FieldDef]) -> FieldDef:
    """Answer the field a new condition begins with: a choice, as lists are mostly cut by one."""
    return next((one for one in fields if one.type == "choice"), fields[0])


def _value_input(ctx: Context, field: FieldDef) -> FieldInput:
    """Answer the input for a condition's value; it is ignored where the operator needs none."""
    language, say = ctx.actor.language, ctx.messages.say
    label = say("ui.filter.value", language)
    kind = ctx.snapshot.types[field.type].expr_type
    options: tuple[Choice, ...] = ()
    widget: WidgetName = "input"
    input_type, source = "text", ""
    if field.options:
        widget = "select"
        options = tuple(
            Choice(value=one.code, label=one.label.to(language))
            for one in field.options.values()
            if not one.retired
        )
    elif kind is ExprType.BOOLEAN:
        widget = "select"
        options = (
            Choice(value="true", label=say("ui.yes", language)),
            Choice(value="false", label=say("ui.no", language)),
        )
    elif field.to:
        widget, source = "link", f"/pick/{field.to}"
    elif kind in {ExprType.DATE, ExprType.DATETIME}:
        input_type = "date"
    return FieldInput(
        name="value",
        label=label,
        widget=widget,
        input_type=input_type,
        options=options,
        source=source,
    )


def expression_form(
    ctx: Context, entity: EntityDef, state: ListState, problem: str = ""
) -> ExpressionForm:
    """Answer the condition as text, with the names it may use."""
    language = ctx.actor.language
    return ExpressionForm(
        action=state.path,
        hidden=state.hidden(without=("filter",)),
        value=state.filter,
        error=problem,
        fields=tuple(
            Choice(value=one.id, label=one.label.to(language)) for one in shown_fields(entity)
        ),
        example=example(entity),
    )


def column_form(
    ctx: Context, entity: EntityDef, state: ListState, columns: Sequence[FieldDef]
) -> ColumnForm:
    """Answer the column chooser: shown columns first, in their order."""
    language = ctx.actor.language
    shown = [one.id for one in columns]
    others = [one for one in shown_fields(entity) if one.id not in shown]
    choices = [
        ColumnChoice(id=one.id, label=one.label.to(language), shown=True, position=str(at))
        for at, one in enumerate(columns, start=1)
    ]
    choices += [ColumnChoice(id=o.id, label=o.label.to(language), shown=False) for o in others]
    return ColumnForm(
        action=state.path,
        hidden=state.hidden(without=("columns",)),
        choices=tuple(choices),
        summary=ctx.messages.say(
            "ui.columns.count", language, shown=len(columns), total=len(choices)
        ),
        reset_href=state.turned(columns=()).href if state.columns else "",
    )


def sortable(field: FieldDef) -> bool:
    """Whether a list can be sorted by a field."""
    return field.type not in _UNSORTED


def sort_choices(
    ctx: Context, columns: Sequence[FieldDef], state: ListState, sort: Sequence[str]
) -> tuple[SortChoice, ...]:
    """Answer the columns to sort by, days and amounts falling, the one in force marked."""
    language = ctx.actor.language
    now = sort[0] if sort else _NEWEST
    choices = []
    for one in columns:
        falls = ctx.snapshot.types[one.type].numeric or one.type in _TIMED
        key = now if now.lstrip("-") == one.id else f"-{one.id}" if falls else one.id
        if sortable(one):
            choices.append(
                SortChoice(
                    label=one.label.to(language),
                    href=state.turned(sort=key).href,
                    sorted=_direction(key) if key == now else "",
                )
            )
    return tuple(choices)


def sort_directions(
    ctx: Context, entity: EntityDef, state: ListState, sort: Sequence[str]
) -> tuple[SortChoice, ...]:
    """Answer both directions of the sort in force."""
    now = sort[0] if sort else _NEWEST
    field = entity.field(now.lstrip("-"))
    if field is None:
        return ()
    timed = "_time" if field.type in _TIMED else ""
    return tuple(
        SortChoice(
            label=ctx.messages.say(f"ui.sort.{way}{timed}", ctx.actor.language),
            href=state.turned(sort=key).href,
            sorted=_direction(key) if key == now else "",
        )
        for way, key in (("down", f"-{field.id}"), ("up", field.id))
    )


def sort_label(ctx: Context, entity: EntityDef, sort: Sequence[str]) -> str:
    """Answer how the list is sorted, in words."""
    key = sort[0] if sort else _NEWEST
    field = entity.field(key.lstrip("-"))
    if field is None:
        return ""
    return ctx.messages.say(_sort_words(field, key), ctx.actor.language, field=field.label)


def _sort_words(field: FieldDef, key: str) -> str:
    """Answer the message key of a sort: days go from old to new, all else up or down."""
    timed = "_time" if field.type in _TIMED else ""
    return f"ui.sort.by_desc{timed}" if key.startswith("-") else f"ui.sort.by{timed}"


def _direction(key: str) -> SortState:
    return "descending" if key.startswith("-") else "ascending"
