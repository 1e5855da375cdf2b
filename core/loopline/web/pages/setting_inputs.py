"""Inputs for a JSON Schema's properties: what actions ask people for."""

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

from loopline.access.context import Context
from loopline.errors import NotValid, Problem
from loopline.language import Label
from loopline.meta.document import DocumentKey, nest
from loopline.query.lists import ListQuery, page
from loopline.services.titles import titles
from loopline.web.contexts.forms import FieldProblem
from loopline.web.contexts.inputs import Choice, FieldInput, WidgetName

Schema = Mapping[str, Any]
_DATES: Final = frozenset({"date", "time", "date-time"})
_MOST_OFFERED: Final = 500


def setting_inputs(
    ctx: Context, schema: Schema, typed: Mapping[str, str], problems: Sequence[Problem]
) -> tuple[tuple[FieldInput, ...], tuple[FieldProblem, ...]]:
    """Answer the inputs of a schema's properties, and the problems that belong to none of them.

    A property is drawn by its type, ``enum``, ``format`` and ``x-widget`` (``textarea``); one with
    ``x-document`` chooses a document of that kind by id, the first one unless told otherwise; one
    with ``x-record`` chooses a record of that entity by id, among those that ``x-filter`` lets by.
    It is named by ``x-label``, else ``title``, else its own name. One with ``x-hidden`` is for
    programs.
    """
    tell, language = ctx.messages.tell, ctx.actor.language
    required = set(schema.get("required", ()))
    inputs: list[FieldInput] = []
    told: set[int] = set()
    for name, one in schema.get("properties", {}).items():
        if one.get("x-hidden"):
            continue
        mine = [p for p in problems if p.path == f"settings.{name}"]
        told.update(id(problem) for problem in mine)
        inputs.append(
            FieldInput(
                name=name,
                label=_label(one, name, language),
                widget=_widget(one),
                input_type=_input_type(one),
                value=typed.get(name, str(one.get("default", ""))),
                options=_options(
                    ctx, one, typed.get(name, str(one.get("default", ""))), blank=name in required
                ),
                required=name in required,
                full=True,
                help=_text(one.get("x-help"), language),
                errors=tuple(tell(problem, language) for problem in mine),
            )
        )
    rest = tuple(FieldProblem(message=tell(p, language)) for p in problems if id(p) not in told)
    return tuple(inputs), rest


def read_settings(schema: Schema, typed: Mapping[str, str]) -> dict[str, Any]:
    """Answer the settings that a form sent, each in its type; blank ones are left out.

    Raises NotValid naming what is no number.
    """
    found: dict[str, Any] = {}
    problems = []
    for name, one in schema.get("properties", {}).items():
        text = typed.get(name, "").strip()
        kind = one.get("type", "string")
        if kind == "boolean":
            found[name] = text not in {"", "0", "false"}
        elif text and kind in {"integer", "number"}:
            try:
                found[name] = int(text) if kind == "integer" else float(text)
            except ValueError:
                problems.append(Problem(f"settings.{name}", "action.number", {"value": text}))
        elif text:
            found[name] = text
    if problems:
        raise NotValid(*problems)
    return found


def _widget(one: Schema) -> WidgetName:
    if one.get("enum") or one.get("x-record") or one.get("x-document"):
        return "select"
    if one.get("type") == "boolean":
        return "checkbox"
    if one.get("type") in {"integer", "number"}:
        return "number"
    return "textarea" if one.get("x-widget") == "textarea" else "input"


def _input_type(one: Schema) -> str:
    given = str(one.get("format", ""))
    return {"date-time": "datetime-local"}.get(given, given) if given in _DATES else "text"


def _options(ctx: Context, one: Schema, chosen: str, *, blank: bool) -> tuple[Choice, ...]:
    if one.get("x-record"):
        none = (Choice(value="", label="", selected=not chosen),) if blank else ()
        return (*none, *_records(ctx, one, chosen))
    if one.get("x-document"):
        return _documents(ctx, one["x-document"], chosen)
    labels, language = one.get("x-labels", {}), ctx.actor.language
    return tuple(
        Choice(
            value=str(value),
            label=_text(labels.get(str(value)), language) or str(value),
            selected=str(value) == chosen,
        )
        for value in one.get("enum", ())
    )


def _documents(ctx: Context, kind: str, chosen: str) -> tuple[Choice, ...]:
    """Answer the documents of a kind by what people call them, in their order."""
    catalog, language = ctx.snapshot.catalog, ctx.actor.language
    found = [(name, catalog.resolved(DocumentKey(kind, name)).values) for name in catalog.ids(kind)]
    placed = sorted(((nest(values), name) for name, values in found), key=_place)
    return tuple(
        Choice(
            value=name,
            label=_text(body.get("label"), language) or name,
            selected=name == chosen or (not chosen and at == 0),
        )
        for at, (body, name) in enumerate(placed)
    )


def _place(one: tuple[Mapping[str, Any], str]) -> tuple[float, str]:
    return float(one[0].get("pos", 0)), one[1]


def _records(ctx: Context, one: Schema, chosen: str) -> Iterator[Choice]:
    """Yield the records that may be chosen, by what people call them."""
    query = ListQuery(entity=one["x-record"], filter=one.get("x-filter", ""), limit=_MOST_OFFERED)
    ids = [record.id for record in page(ctx, query).records]
    for record, title in sorted(titles(ctx, one["x-record"], ids).items(), key=itemgetter(1)):
        yield Choice(value=str(record), label=title, selected=str(record) == chosen)


def _label(one: Schema, name: str, language: str) -> str:
    return _text(one.get("x-label") or one.get("title"), language) or name


def _text(given: object, language: str) -> str:
    return Label(given).to(language) if isinstance(given, Mapping) else str(given or "")
