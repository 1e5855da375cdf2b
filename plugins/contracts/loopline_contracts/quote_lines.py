"""The lines of quotes: priced and added up before they are written, fixed once they were sent."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from loopline.sdk import Change, Context, Record, RecordsChanging, Refuse, Set
from loopline_contracts.amounts import ZERO, line_amounts
from loopline_contracts.pricing import Asked, Prices
from loopline_contracts.texts import texts

FROZEN: Final = frozenset({"sent", "accepted", "declined", "expired", "replaced"})
"""The states of a quote in which a customer has, or had, what it says."""
_SAID: Final = frozenset({"customer", "contact", "price_book", "valid_until", "terms"})


def guard_quotes(event: RecordsChanging) -> Iterator[Refuse]:
    """Yield what keeps a quote from being changed once it was sent."""
    for change in event.changes:
        moved = change.fields & _SAID & change.given
        if change.old and change.old.get("status") in FROZEN and moved:
            yield Refuse(change, texts("quote.frozen"), sorted(moved)[0])


def guard_lines(ctx: Context, event: RecordsChanging) -> Iterable[Set | Refuse]:
    """Answer the amounts of lines, with prices where none is given; refuse those of sent quotes."""
    quotes = _quotes(ctx, event)
    open_lines = []
    for change in event.changes:
        quote = quotes.get(_quote_of(change))
        if quote is not None and quote.value("status") in FROZEN:
            yield Refuse(change, texts("quote.frozen"))
        else:
            open_lines.append((change, quote))
    if event.action in {"create", "update"}:
        yield from _priced(ctx, open_lines)


def _priced(ctx: Context, lines: list[tuple[Change, Record | None]]) -> Iterator[Set]:
    products = {p for change, _ in lines if isinstance(p := change.new.get("product"), int)}
    prices, levels = Prices(ctx, products), _levels(ctx, [quote for _, quote in lines])
    for change, quote in lines:
        yield from _line(ctx, change, prices, _asked(ctx, quote, levels))


def _line(ctx: Context, change: Change, prices: Prices, asked: Asked) -> Iterator[Set]:
    new, wanted = change.new, dict[str, object]()
    product, quantity = new.get("product"), _decimal(new, "quantity")
    if isinstance(product, int) and product in prices.products:
        of = prices.products[product]
        repriced = bool(change.fields & {"product", "quantity"}) and "price" not in change.given
        if new.get("price") is None or repriced:
            wanted["price"] = prices.price_of(product, quantity, asked)
        if new.get("list_price") is None or "product" in change.fields:
            wanted["list_price"] = prices.list_price(product)
        if new.get("tax_rate") is None:
            wanted["tax_rate"] = of.value("tax_rate")
        if new.get("description") is None:
            wanted["description"] = ctx.title("product", product)
    whole = {**new, **wanted}
    cost = prices.products[product].value("cost") if product in prices.products else None
    found = line_amounts(
        quantity,
        _decimal(whole, "price"),
        list_price=_decimal(whole, "list_price") if whole.get("list_price") is not None else None,
        discount=_decimal(whole, "discount"),
        tax_rate=_decimal(whole, "tax_rate"),
        cost=cost if isinstance(cost, Decimal) else ZERO,
    )
    wanted |= {
        "list_amount": found.list_amount,
        "amount": found.amount,
        "tax": found.tax,
        "cost_amount": found.cost_amount,
    }
    for name, value in wanted.items():
        if new.get(name) != value:
            yield Set(change, name, value)


def _asked(ctx: Context, quote: Record | None, levels: Mapping[int, str]) -> Asked:
    if quote is None:
        return Asked(None, ctx.today)
    customer, book = quote.value("customer"), quote.value("price_book")
    level = levels.get(customer) if isinstance(customer, int) else None
    return Asked(level, ctx.today, book if isinstance(book, int) else None)


def _quotes(ctx: Context, event: RecordsChanging) -> Mapping[int, Record]:
    ids = {_quote_of(one) for one in event.changes} - {0}
    return _by_id(ctx, "quote", ids)


def _levels(ctx: Context, quotes: Iterable[Record | None]) -> Mapping[int, str]:
    ids = {c for one in quotes if one and isinstance(c := one.value("customer"), int)}
    found = _by_id(ctx, "customer", ids)
    return {number: str(one.value("level")) for number, one in found.items() if one.value("level")}


def _by_id(ctx: Context, entity: str, ids: set[int]) -> Mapping[int, Record]:
    if not ids:
        return {}
    named = ", ".join(str(one) for one in sorted(ids))
    found = ctx.elevated("lines of quotes").find(entity, f"id in [{named}]", limit=1000)
    return {one.id: one for one in found}


def _quote_of(change: Change) -> int:
    found = change.new.get("quote") or change.old.get("quote")
    return found if isinstance(found, int) else 0


def _decimal(values: Mapping[str, object], name: str) -> Decimal:
    found = values.get(name)
    return found if isinstance(found, Decimal) else ZERO
