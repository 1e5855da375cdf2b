"""What stands beside quotes, orders and customers: links, versions, payments and debts."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from loopline.sdk import Context, Label, LooplineError, Panel, Record, Showing
from loopline_contracts.dues import late_days, open_of
from loopline_contracts.found import number
from loopline_contracts.quote_print import amount as told_amount
from loopline_contracts.quotes import PURPOSE, QUOTE
from loopline_contracts.statements import statement_path
from loopline_contracts.texts import texts
from loopline_contracts.versions import changes_path, delta

_BOOKED: Final = '!(status in ["placed", "cancelled"])'
_MOST: Final = 1000


def boxes(ctx: Context, event: Showing) -> Iterable[Panel]:
    """Answer the boxes beside a record."""
    draw = _BOXES.get(event.entity)
    return draw(ctx, ctx.get(event.entity, event.id)) if draw else ()


def _quote(ctx: Context, quote: Record) -> Iterator[Panel]:
    secret = ctx.portal.link(PURPOSE, QUOTE, quote.id)
    if secret and ctx.may("update", quote):
        here = f"/quotes/{secret}"
        yield Panel(
            title=texts("box.page"),
            lines=tuple(_visits(ctx, quote)),
            href=f"{here}?preview=1",
            copy=f"{ctx.portal.address}{here}",
        )
    previous = quote.value("previous")
    before = ctx.by_id(QUOTE, [previous]).get(previous) if isinstance(previous, int) else None
    if before is not None:
        lines = tuple(
            (
                texts("box.version", number=str(one.value("version"))),
                told_amount(ctx, number(one, "total")),
            )
            for one in (before, quote)
        )
        text = texts("box.change", amount=delta(ctx, before, quote))
        yield Panel(
            title=texts("box.versions"), lines=lines, text=text, href=changes_path(quote.id)
        )


def _visits(ctx: Context, quote: Record) -> Iterator[tuple[Label, str]]:
    sent, opened, answered = (quote.value(f"{one}_at") for one in ("sent", "opened", "answered"))
    if isinstance(sent, datetime):
        yield texts("box.sent"), _when(ctx, sent)
    if isinstance(opened, datetime):
        times = {"times": str(quote.value("opens") or 1), "when": _when(ctx, opened)}
        yield texts("box.opened"), texts("box.opens", **times).to(ctx.language)
    else:
        yield texts("box.opened"), texts("box.unopened").to(ctx.language)
    if isinstance(answered, datetime):
        yield texts("box.answered"), f"{quote.value('answered_by')} {_when(ctx, answered)}"


def _order(ctx: Context, order: Record) -> Iterator[Panel]:
    held = ctx.lines("order", "instalments", [order.id]).get(order.id, ())
    rows = [one for one in held if not one.value("void")]
    if not rows:
        return
    late = sum((open_of(one) for one in rows if late_days(ctx, one)), Decimal(0))
    left = sum((open_of(one) for one in rows), Decimal(0))
    planned = sum((number(one, "amount") for one in rows), Decimal(0))
    booked = order.value("status") not in {"placed", "cancelled"}
    text = texts("box.paid") if not left else texts("box.open", amount=told_amount(ctx, left))
    if late and booked:
        text = texts("box.overdue", amount=told_amount(ctx, late))
    if planned != number(order, "total"):
        text = texts("box.plan_differs", planned=told_amount(ctx, planned))
    yield Panel(
        title=texts("box.payment"),
        lines=tuple((_due(one), _paid(ctx, one, booked=booked)) for one in rows),
        text=text,
        tone="danger" if late and booked else "warn" if planned != number(order, "total") else "",
    )


def _due(row: Record) -> str:
    return str(row.value("name") or row.value("due") or "")


def _paid(ctx: Context, row: Record, *, booked: bool) -> str:
    due = row.value("due")
    said = [
        told_amount(ctx, number(row, "amount")),
        f"{due:%m-%d}" if isinstance(due, date) else "",
    ]
    if not open_of(row):
        said.append(texts("box.paid").to(ctx.language))
    elif number(row, "paid"):
        said.append(texts("box.part", paid=told_amount(ctx, number(row, "paid"))).to(ctx.language))
    days = late_days(ctx, row)
    if days and booked:
        said.append(texts("box.days_late", days=days).to(ctx.language))
    return " · ".join(one for one in said if one)


def _customer(ctx: Context, customer: Record) -> Iterator[Panel]:
    balance = customer.value("contracts__balance")
    orders = ctx.find("order", f"customer == {customer.id} && {_BOOKED}", sort=("id",), limit=_MOST)
    if not isinstance(balance, Decimal) or not (balance or orders):
        return
    held = ctx.lines("order", "instalments", [one.id for one in orders])
    rows = [line for lines in held.values() for line in lines if late_days(ctx, line)]
    late = sum((open_of(one) for one in rows), Decimal(0))
    lines = [(texts("box.balance"), told_amount(ctx, balance))]
    limit = customer.value("credit_limit")
    if isinstance(limit, Decimal) and limit:
        used = f"{max(balance, Decimal(0)) / limit:.0%}"
        said = texts("box.used", limit=told_amount(ctx, limit), used=used).to(ctx.language)
        lines.append((texts("box.limit"), said))
    yield Panel(
        title=texts("box.owed"),
        lines=tuple(lines),
        text=texts("box.overdue", amount=told_amount(ctx, late)) if late else "",
        tone="danger" if late else "",
        href=statement_path(customer.id) if _may_read(ctx, customer.id) else "",
    )


def _may_read(ctx: Context, customer: int) -> bool:
    try:
        return bool(ctx.find("ledger_entry", f"customer == {customer}", limit=1))
    except LooplineError:
        return False


def _when(ctx: Context, at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(ctx.site_zone)):%m-%d %H:%M}"


_BOXES: Final[Mapping[str, Callable[[Context, Record], Iterable[Panel]]]] = {
    "quote": _quote,
    "order": _order,
    "customer": _customer,
}
