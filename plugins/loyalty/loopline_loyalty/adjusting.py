"""Points by hand: adjusted with a reason, and an adjustment taken back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from loopline.sdk import Action, Context, Record, Result
from loopline_loyalty.entries import ENTRY, MEMBER, balance, book, hold
from loopline_loyalty.found import not_valid, only, whole
from loopline_loyalty.texts import texts

_REASON: Final = {
    "type": "string",
    "minLength": 1,
    "maxLength": 300,
    "x-label": {"zh": "原因", "en": "Reason"},
}
_POINTS: Final = {
    "type": "integer",
    "minimum": -1_000_000_000,
    "maximum": 1_000_000_000,
    "x-label": {"zh": "积分（扣减填负数）", "en": "Points, negative to take some"},
}


def actions() -> Iterable[Action]:
    """Yield the actions that move points by hand; roles say who may."""
    yield Action(
        id="adjust",
        label=texts("action.adjust"),
        entity=MEMBER,
        run=adjust,
        settings=_settings(points=_POINTS, reason=_REASON),
    )
    yield Action(
        id="take_back",
        label=texts("action.take_back"),
        entity=ENTRY,
        run=take_back,
        settings=_settings(reason=_REASON),
        shown_if='kind == "adjust" && is_blank(reverses)',
    )


def adjust(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Give points or take some. Raises NotValid without a reason, for 0, below a balance of 0."""
    member, points = only(records), int(settings["points"])
    if not points:
        raise not_valid("settings.points", "points.zero")
    left = _book(ctx, member.id, points, settings, {})
    return Result(texts("points.adjusted", points=points, left=left))


def take_back(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Take an adjustment back, once. Raises NotValid for other entries and for a second time."""
    entry = only(records)
    if entry.value("kind") != "adjust" or entry.value("reverses") is not None:
        raise not_valid("action", "entry.not_this")
    member, points = whole(entry, "member"), -whole(entry, "points")
    hold(ctx, [member])
    if ctx.elevated("adjust").count(ENTRY, f"reverses == {entry.id}"):
        raise not_valid("action", "entry.taken_back")
    more = {"reverses": entry.id, "key": f"take_back:{entry.id}"}
    left = _book(ctx, member, points, settings, more)
    return Result(texts("points.adjusted", points=points, left=left))


def _book(
    ctx: Context,
    member: int,
    points: int,
    settings: Mapping[str, Any],
    more: Mapping[str, object],
) -> int:
    """Book an adjustment and answer the balance after it."""
    reason = str(settings["reason"]).strip()
    if not reason:
        raise not_valid("settings.reason", "points.reason")
    hold(ctx, [member])
    whole_ctx = ctx.elevated(f"adjust: {reason}")
    there = balance(whole_ctx, member)
    if points < 0 and there + points < 0:
        raise not_valid("settings.points", "points.too_few", needed=-points, left=there)
    row = {"member": member, "kind": "adjust", "points": points, "reason": reason}
    book(whole_ctx, [{**row, **more}])
    return there + points


def _settings(**properties: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
