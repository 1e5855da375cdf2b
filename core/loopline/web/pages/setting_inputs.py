"""Inputs for a JSON Schema's properties: what actions ask people for."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from loopline.access.context import Context
from loopline.errors import NotValid, Problem
from loopline.language import Label
from loopline.web.contexts.forms import FieldProblem
from loopline.web.contexts.inputs import Choice, FieldInput, WidgetName

Schema = Mapping[str, Any]
_DATES: Final = frozenset({"date", "time", "date-time"})


def setting_inputs(
    ctx: Context, schema: Schema, typed: Mapping[str, str], problems: Sequence[Problem]
) -> tuple[tuple[FieldInput, ...], tuple[FieldProblem, ...]]:
    """Answer the inputs of a schema's properties, and the problems that belong to none of them.

    A property is drawn by its type, ``enum``, ``format`` and ``x-widget`` (``textarea``); it is
    named by ``x-label``, else ``title``, else its own name.
    """
    tell, language = ctx.messages.tell, ctx.actor.language
    required = set(schema.get("required", ()))
    inputs: list[FieldInput] = []
    told: set[int] = set()
    for name, one in schema.get("properties", {}).items():
        mine = [p for p in problems if p.path == f"settings.{name}"]
        told.update(id(problem) for problem in mine)
        inputs.append(
            FieldInput(
                name=name,
                label=_label(one, name, language),
                widget=_widget(one),
                input_type=_input_type(one),
                value=typed.get(name, str(one.get("default", ""))),
                options=_options(one, typed.get(name, str(one.get("default", ""))), language),
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
    if one.get("enum"):
        return "select"
    if one.get("type") == "boolean":
        return "checkbox"
    if one.get("type") in {"integer", "number"}:
        return "number"
    return "textarea" if one.get("x-widget") == "textarea" else "input"


def _input_type(one: Schema) -> str:
    given = str(one.get("format", ""))
    return {"date-time": "datetime-local"}.get(given, given) if given in _DATES else "text"


def _options(one: Schema, chosen: str, language: str) -> tuple[Choice, ...]:
    labels = one.get("x-labels", {})
    return tuple(
        Choice(
            value=str(value),
            label=_text(labels.get(str(value)), language) or str(value),
            selected=str(value) == chosen,
        )
        for value in one.get("enum", ())
    )


def _label(one: Schema, name: str, language: str) -> str:
    return _text(one.get("x-label") or one.get("title"), language) or name


def _text(given: object, language: str) -> str:
    return Label(given).to(language) if isinstance(given, Mapping) else str(given or "")
