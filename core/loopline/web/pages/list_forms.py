"""The small forms of a list: search, condition, expression, columns, sort."""

from collections.abc import Sequence

from starlette.datastructures import QueryParams

from loopline.access.context import Context
from loopline.expr.types import ExprType
from loopline.fields.definition import FieldDef
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
from loopline.web.pages.list_state import ListState

_OFFERED = frozenset(SYSTEM_FIELDS) - {"row_version", "deleted_at", "id"}
_SEARCHED = 3


def search_form(ctx: Context, entity: EntityDef, state: ListState) -> SearchForm:
    """Answer the search box; it names the first fields it looks into."""
    language = ctx.actor.language
    types = ctx.snapshot.types
    looked_into = [
        one.label.to(language)
        for one in entity.fields.values()
        if types[one.type].short_text and not one.hidden
    ]
    fields = ctx.messages.say("ui.comma", language).join(looked_into[:_SEARCHED])
    return SearchForm(
        action=state.path,
        value=state.q,
        placeholder=ctx.messages.say("ui.search.in", language, fields=fields),
        hidden=state.hidden(without=("q",)),
    )


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


def sort_choices(
    ctx: Context, columns: Sequence[FieldDef], state: ListState, sort: Sequence[str]
) -> tuple[SortChoice, ...]:
    """Answer the ways to sort by the columns shown, both directions of the one in force."""
    language = ctx.actor.language
    now = sort[0] if sort else ""
    choices = []
    for one in columns:
        for key in (one.id, f"-{one.id}"):
            choices.append(
                SortChoice(
                    label=ctx.messages.say(_sort_words(one, key), language, field=one.label),
                    href=state.turned(sort=key).href,
                    sorted=_direction(key) if key == now else "",
                )
            )
    return tuple(choices)


def sort_label(ctx: Context, entity: EntityDef, sort: Sequence[str]) -> str:
    """Answer how the list is sorted, in words."""
    key = sort[0] if sort else "-created_at"
    field = entity.field(key.lstrip("-"))
    if field is None:
        return ""
    return ctx.messages.say(_sort_words(field, key), ctx.actor.language, field=field.label)


def _sort_words(field: FieldDef, key: str) -> str:
    """Answer the message key of a sort: days go from old to new, all else up or down."""
    timed = "_time" if field.type in {"date", "datetime"} else ""
    return f"ui.sort.by_desc{timed}" if key.startswith("-") else f"ui.sort.by{timed}"


def _direction(key: str) -> SortState:
    return "descending" if key.startswith("-") else "ascending"
