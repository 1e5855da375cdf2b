"""Goods that come back: no more than were delivered, and credited once they are here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from loopline.sdk import (
    Action,
    Context,
    NotValid,
    Problem,
    Record,
    RecordsChanging,
    Refuse,
    Result,
)
from loopline_contracts.amounts import rounded
from loopline_contracts.found import by_id, link, number, only, refused
from loopline_contracts.quote_print import money
from loopline_contracts.texts import texts

RETURN: Final = "return"
_ASKED: Final = {
    "type": "object",
    "properties": {
        "kind": {
            "type": "string",
            "enum": ["return", "exchange"],
            "default": "return",
            "x-label": {"zh": "处理方式", "en": "What happens"},
            "x-labels": {
                "return": {"zh": "退货", "en": "Return"},
                "exchange": {"zh": "换货", "en": "Exchange"},
            },
        },
        "reason": {
            "type": "string",
            "enum": ["faulty", "wrong", "unwanted"],
            "x-label": {"zh": "原因", "en": "Reason"},
            "x-labels": {
                "faulty": {"zh": "质量问题", "en": "Faulty"},
                "wrong": {"zh": "发错货", "en": "Wrong goods"},
                "unwanted": {"zh": "客户不要了", "en": "No longer wanted"},
            },
        },
        "note": {
            "type": "string",
            "maxLength": 2000,
            "x-widget": "textarea",
            "x-label": {"zh": "备注", "en": "Note"},
        },
    },
    "required": ["kind", "reason"],
    "additionalProperties": False,
}


def actions() -> Iterable[Action]:
    """Yield what registers a return of an order, and what credits one."""
    yield Action(
        id="return",
        label=texts("action.return"),
        entity="order",
        run=register,
        settings=_ASKED,
        shown_if='status in ["shipping", "delivered", "accepted", "closed"]',
    )
    yield Action(
        id="credit",
        label=texts("action.credit"),
        entity=RETURN,
        run=credit,
        shown_if='kind == "return" && status == "received"',
        tone="accent",
    )


def register(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Register that all that was delivered and is not back yet comes back; less is edited there.

    Raises NotValid where nothing is left.
    """
    order = only(records)
    held = ctx.lines("order", "lines", [order.id]).get(order.id, ())
    back = _back(ctx, [line.id for line in held])
    rows = [
        {"order_line": line.id, "quantity": left}
        for line in held
        if (left := number(line, "delivered") - back[line.id]) > 0
    ]
    if not rows:
        message = texts("return.nothing_left")
        raise NotValid(Problem("fields.lines", "plugin.refused", {"message": message}))
    made = ctx.create(RETURN, {"order": order.id, **settings, "lines": rows})
    said = texts("return.made", code=str(made.value("code")))
    return Result(said, record=(RETURN, made.id))


def credit(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Write the credit note of what came back, at what it was sold for, and settle the return."""
    come = only(records)
    held = ctx.lines(RETURN, "lines", [come.id]).get(come.id, ())
    sold = by_id(ctx, "order_line", [link(one, "order_line") for one in held])
    amount = sum((_worth(one, sold) for one in held), Decimal(0))
    reason = texts("return.reason", code=str(come.value("code"))).to(ctx.language)
    values = {"order": come.value("order"), "amount": amount, "reason": reason}
    made = ctx.create("credit_note", values)
    ctx.update(RETURN, come.id, {"status": "settled"})
    said = texts("credit_note.made", code=str(made.value("code")), amount=money(ctx, amount))
    return Result(said, record=("credit_note", made.id))


def _worth(row: Record, sold: Mapping[int, Record]) -> Decimal:
    line = sold.get(link(row, "order_line"))
    if line is None or not number(line, "quantity"):
        return Decimal(0)
    return rounded(number(line, "amount") * number(row, "quantity") / number(line, "quantity"))


def guard_returns(ctx: Context, event: RecordsChanging) -> Iterator[Refuse]:
    """Refuse to take back more of a line than was delivered."""
    if event.action not in {"create", "update"}:
        return
    ids = {link(one.new, "order_line") for one in event.changes}
    lines = by_id(ctx, "order_line", ids)
    for one in sorted(lines):
        ctx.hold(f"returned:{one}")  # two at once must see each other's quantities
    back = _back(ctx, lines)
    for change in event.changes:
        line = lines.get(link(change.new, "order_line"))
        if line is None:
            continue
        back[line.id] += number(change.new, "quantity") - number(change.old, "quantity")
        if back[line.id] > number(line, "delivered"):
            most = number(line, "delivered").normalize()
            yield refused(change, "return.too_much", "quantity", most=f"{most:f}")


def _back(ctx: Context, lines: Iterable[int]) -> dict[int, Decimal]:
    """Answer how much of each line of orders came back."""
    back = dict.fromkeys(lines, Decimal(0))
    for one in ctx.elevated("returns").among("return_line", "order_line", back):
        back[link(one, "order_line")] += number(one, "quantity")
    return back
