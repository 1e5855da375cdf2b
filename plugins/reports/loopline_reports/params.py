"""The values of a report's parameters: read from an address or JSON, and offered in a form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from loopline.sdk import Context, NotValid, Problem
from loopline_reports.definition import Parameter
from loopline_reports.texts import texts

PERIODS: Final = (
    *("today", "this_week", "last_week", "this_month", "last_month", "this_quarter"),
    *("last_quarter", "this_year", "last_year", "this_fiscal_year", "last_fiscal_year"),
    *("last_30_days", "last_90_days", "last_12_months", "next_3_months"),
)
"""What the form offers; the API takes every name of a period."""
_ME: Final = "me"
_MY_DEPARTMENT: Final = "me.department"
_MOST_OFFERED: Final = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class Input:
    """One input of the form; a period of days of one's own has two days besides."""

    name: str
    label: str
    value: str
    type: str
    options: Sequence[tuple[str, str]] = ()
    start: str = ""
    end: str = ""


def values_of(
    ctx: Context, params: Sequence[Parameter], given: Mapping[str, object]
) -> dict[str, object]:
    """Answer the values as queries take them: what is given, else the default.

    ``name.from`` and ``name.to`` are the first and the last day of a period. Raises NotValid.
    """
    problems: list[Problem] = []
    found = {}
    for one in params:
        try:
            found[one.id] = _value(ctx, one, given)
        except ValueError:
            problems.append(_problem(one, "params.unreadable"))
            continue
        if one.required and found[one.id] is None:
            problems.append(_problem(one, "params.required"))
    if problems:
        raise NotValid(*problems)
    return found


def _problem(one: Parameter, key: str) -> Problem:
    params = {"plugin": "reports", "message": texts(key, label=one.label)}
    return Problem(f"params.{one.id}", "plugin.refused", params)


def _value(ctx: Context, one: Parameter, given: Mapping[str, object]) -> object:
    """Answer one value. Raises ValueError for what cannot be read."""
    ends = [str(given.get(f"{one.id}.{end}") or "") for end in ("from", "to")]
    if one.type == "date_range" and any(ends) and given.get(one.id) in {None, "", "custom"}:
        return _period(*ends)
    raw = given.get(one.id)
    if raw == "" and one.id in given:
        return None  # chosen to be everything
    if raw is None:
        return _default(ctx, one)
    return _meant(ctx, one, raw)


def _period(first: str, last: str) -> Mapping[str, object]:
    bounds: dict[str, object] = {}
    if first:
        bounds["from"] = date.fromisoformat(first).isoformat()
    if last:
        bounds["to"] = (date.fromisoformat(last) + timedelta(days=1)).isoformat()
    return bounds


def _default(ctx: Context, one: Parameter) -> object:
    return None if one.default is None else _meant(ctx, one, one.default)


def _meant(ctx: Context, one: Parameter, raw: object) -> object:
    match one.type:
        case "date_range":
            return raw if isinstance(raw, str | Mapping) else _refuse()
        case "date":
            return ctx.today.isoformat() if raw == "today" else _day(raw)
        case "user" | "department" | "link":
            return _record(ctx, raw)
        case "number":
            return _number(raw)
        case "choice":
            return raw if isinstance(raw, str) and raw in one.options else _refuse()
        case "currency":
            return None if raw == "site" else str(raw)
        case _:
            return str(raw)


def _refuse() -> object:
    raise ValueError


def _day(raw: object) -> str:
    return date.fromisoformat(str(raw)).isoformat()


def _number(raw: object) -> object:
    try:
        return Decimal(str(raw))
    except InvalidOperation:
        raise ValueError(raw) from None


def _record(ctx: Context, raw: object) -> object:
    if raw == _ME:
        return ctx.actor.id
    if raw == _MY_DEPARTMENT:
        if ctx.actor.id is None:
            return None
        own = ctx.elevated("department of whoever looks").get("user", ctx.actor.id)
        return own.value("department")
    return int(str(raw))


def inputs_of(
    ctx: Context, params: Sequence[Parameter], given: Mapping[str, object]
) -> list[Input]:
    """Answer the inputs of the form, filled with what was given."""
    return [_input(ctx, one, given) for one in params]


def _input(ctx: Context, one: Parameter, given: Mapping[str, object]) -> Input:
    raw = given.get(one.id, one.default)
    value = "" if raw is None or isinstance(raw, Mapping) else str(raw)
    start, end = (str(given.get(f"{one.id}.{side}") or "") for side in ("from", "to"))
    if one.type == "date_range" and (start or end) and one.id not in given:
        value = "custom"
    if one.type in {"user", "department"}:
        found = _record(ctx, value) if value in {_ME, _MY_DEPARTMENT} else value
        value = "" if found is None else str(found)
    options = _options(ctx, one, value)
    return Input(
        name=one.id,
        label=ctx.say(one.label),
        value=value,
        type=one.type,
        options=options,
        start=start,
        end=end,
    )


def _options(ctx: Context, one: Parameter, value: str) -> list[tuple[str, str]]:
    everything = [] if one.required else [("", ctx.say(texts("params.all")))]
    match one.type:
        case "date_range":
            names = dict.fromkeys((*PERIODS, *([value] if value not in {"", "custom"} else ())))
            told = [(name, _period_name(ctx, name)) for name in names]
            return [*everything, *told, ("custom", ctx.say(texts("params.custom")))]
        case "choice":
            return [*everything, *((code, ctx.say(text)) for code, text in one.options.items())]
        case "user" | "department":
            found = ctx.find(one.type, limit=_MOST_OFFERED, sort=("name",))
            return [*everything, *((str(each.id), str(each.value("name"))) for each in found)]
        case _:
            return []


def _period_name(ctx: Context, name: str) -> str:
    return ctx.say(texts(f"period.{name}")) if name in PERIODS else name
