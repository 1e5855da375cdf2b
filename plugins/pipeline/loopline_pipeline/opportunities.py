"""What is written with an opportunity besides what people say: sums, versions, delays."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from loopline.sdk import Context, RecordsChanging, Set

OPPORTUNITY: Final = "opportunity"
LINE: Final = "opportunity_line"
REQUIREMENT: Final = "requirement"
_CLOSED: Final = frozenset({"won", "lost"})
_MINOR: Final = Decimal("0.01")


def guard(ctx: Context, event: RecordsChanging) -> Iterable[Set]:
    """Answer what else is written with a batch."""
    if event.action not in {"create", "update"}:
        return ()
    match event.entity:
        case "opportunity":
            return _slips(event)
        case "opportunity_line":
            return _amounts(event)
        case "requirement":
            return _versions(ctx, event)
        case _:
            return ()


def _slips(event: RecordsChanging) -> Iterator[Set]:
    """Count how often the day of an open opportunity was put off."""
    if event.cause.get("undo"):
        return
    for change in event.changes:
        was, now = change.old.get("expected_close"), change.new.get("expected_close")
        if not (isinstance(was, date) and isinstance(now, date) and was < now):
            continue
        if change.old.get("stage") not in _CLOSED:
            times = change.old.get("slips")
            yield Set(change, "slips", (times if isinstance(times, int) else 0) + 1)


def _amounts(event: RecordsChanging) -> Iterator[Set]:
    """Multiply quantity and price; a line without a price comes to nothing yet."""
    for change in event.changes:
        quantity, price = change.new.get("quantity"), change.new.get("price")
        amount = None
        if isinstance(quantity, Decimal) and isinstance(price, Decimal):
            amount = (quantity * price).quantize(_MINOR, rounding=ROUND_HALF_UP)
        if change.new.get("amount") != amount:
            yield Set(change, "amount", amount)


def _versions(ctx: Context, event: RecordsChanging) -> Iterator[Set]:
    """Number the requirements of each opportunity in the order in which they come."""
    if event.action != "create":
        return
    of = [change.new.get(OPPORTUNITY) for change in event.changes]
    ids = sorted({one for one in of if isinstance(one, int)})
    held = ctx.elevated("number requirements").lines(OPPORTUNITY, "requirements", ids)
    last = {one: max((_version(row.value("version")) for row in rows), default=0)
            for one, rows in held.items()}  # fmt: skip
    for change, one in zip(event.changes, of, strict=True):
        if isinstance(one, int):
            last[one] = last.get(one, 0) + 1
            yield Set(change, "version", last[one])


def _version(value: object) -> int:
    return value if isinstance(value, int) else 0
