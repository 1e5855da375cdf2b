"""The statement of a customer: every entry of their ledger with the balance after it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from loopline.sdk import Context, Label, Page, PageRequest, Record, Template
from loopline_contracts.found import number
from loopline_contracts.quote_print import amount as told_amount
from loopline_contracts.texts import texts

_PATH: Final = "/customers/{id}/statement"
_SHOWN: Final = 300
"""Entries on the page; what came before them is its opening balance."""


def statement_path(customer: int) -> str:
    """Answer where the statement of a customer stands."""
    return _PATH.format(id=customer)


def pages() -> Iterable[Page]:
    """Yield the page."""
    yield Page(path=_PATH, handler=show, permission="ledger_entry:read")


def show(ctx: Context, request: PageRequest) -> Template:
    """Show the statement of a customer. Raises NotFound where the actor may not read them."""
    customer = ctx.get("customer", int(request.path["id"]) if request.path["id"].isdigit() else 0)
    entries = sorted(
        ctx.every("ledger_entry", f"customer == {customer.id}"),
        key=lambda one: (str(one.value("at")), one.id),
    )
    shown, before = entries[-_SHOWN:], entries[:-_SHOWN]
    opening = sum((number(one, "amount") for one in before), Decimal(0))
    rows = _rows(ctx, shown, opening)
    grown = sum((number(one, "amount") for one in shown if number(one, "amount") > 0), Decimal(0))
    total = sum((number(one, "amount") for one in shown), Decimal(0))
    context = {
        "customer": str(customer.value("name")),
        "href": f"/records/customer/{customer.id}",
        "opening": told_amount(ctx, opening) if before else "",
        "rows": rows,
        "grown": told_amount(ctx, grown),
        "shrunk": told_amount(ctx, grown - total),
        "balance": told_amount(ctx, opening + total),
    }
    title = texts("statement.title", customer=str(customer.value("name")))
    return Template("statement.html", context, title)


def _rows(ctx: Context, entries: Sequence[Record], balance: Decimal) -> list[dict[str, object]]:
    kinds = ctx.document("entity", "ledger_entry").body["fields"]["kind"]["options"]
    called, zone = _called(ctx, entries), ZoneInfo(ctx.site_zone)
    rows: list[dict[str, object]] = []
    for one in entries:
        amount, at = number(one, "amount"), one.value("at")
        balance += amount
        entity, record = _source(one)
        kind = kinds.get(str(one.value("kind")), {}).get("label", {})
        rows.append(
            {
                "day": f"{at.astimezone(zone):%Y-%m-%d}" if isinstance(at, datetime) else "",
                "kind": Label(kind).to(ctx.language) if kind else str(one.value("kind")),
                "href": f"/records/{entity}/{record}" if entity else "",
                "document": called.get((entity, record), ""),
                "grows": told_amount(ctx, amount) if amount > 0 else "",
                "shrinks": told_amount(ctx, -amount) if amount < 0 else "",
                "balance": told_amount(ctx, balance),
            }
        )
    return rows


def _called(ctx: Context, entries: Sequence[Record]) -> Mapping[tuple[str, int], str]:
    """Answer the numbers of the documents that entries are of, or what they are called."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for entity, record in map(_source, entries):
        if entity and ctx.has("entity", entity):
            wanted[entity].add(record)
    whole = ctx.elevated("statement")
    return {
        (entity, number): str(found.value("code") or f"#{number}")
        for entity, ids in wanted.items()
        for number, found in whole.by_id(entity, ids).items()
    }


def _source(entry: Record) -> tuple[str, int]:
    entity, _, record = str(entry.value("source") or "").partition(":")
    return (entity, int(record)) if record.isdigit() else ("", 0)
