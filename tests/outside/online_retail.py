"""A published year of a shop: order lines of invoices, and of cancelled ones as refunds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from statistics import median
from typing import Any

import duckdb

FIRST_DAY = date(2010, 12, 1)
THE_DAY = datetime(2011, 12, 10, tzinfo=UTC)
"""The day at which the known figures count how long ago customers bought."""
_CENT = Decimal("0.01")
_LINES = """
select cast(CustomerID as integer), InvoiceNo, InvoiceDate, Description, Quantity,
       cast(UnitPrice as decimal(12, 3))
from read_parquet(?)
where CustomerID is not null and cast(CustomerID as integer) % ? = 0
  and ((InvoiceNo not like 'C%' and Quantity > 0 and UnitPrice > 0) or InvoiceNo like 'C%')
order by InvoiceDate, InvoiceNo
"""


@dataclass
class Invoice:
    """One invoice; a cancelled one has negative quantities."""

    customer: int
    number: str
    at: datetime
    lines: list[tuple[str, int, Decimal]] = field(default_factory=list)

    @property
    def cancelled(self) -> bool:
        return self.number.startswith("C")

    @property
    def total(self) -> Decimal:
        return sum((rounded(quantity * price) for _, quantity, price in self.lines), Decimal(0))


@dataclass
class Refund:
    """What a cancelled invoice gives back of an earlier one."""

    invoice: str
    amount: Decimal
    day: date


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)


def read_invoices(folder: Path, every: int) -> list[Invoice]:
    """Answer the invoices of each customer whose number ``every`` divides (1: of all)."""
    file = str(folder / "online_retail" / "online_retail.parquet")
    found: dict[str, Invoice] = {}
    for customer, number, at, text, quantity, price in duckdb.execute(
        _LINES, [file, every]
    ).fetchall():
        one = found.setdefault(number, Invoice(customer, number, at.replace(tzinfo=UTC)))
        one.lines.append((text or number, quantity, price))
    return list(found.values())


def refunds_of(invoices: Sequence[Invoice]) -> Iterator[Refund]:
    """Yield what cancelled invoices give back: of the newest earlier invoices first.

    What was bought before the year began cannot be given back of anything.
    """
    left: dict[str, Decimal] = {}
    bought: dict[int, list[Invoice]] = defaultdict(list)
    for one in sorted(invoices, key=lambda invoice: (invoice.at, invoice.number)):
        if not one.cancelled:
            left[one.number] = one.total
            bought[one.customer].append(one)
            continue
        due = -one.total
        for earlier in reversed(bought[one.customer]):
            part = min(due, left[earlier.number])
            if part > 0:
                left[earlier.number], due = left[earlier.number] - part, due - part
                yield Refund(earlier.number, part, one.at.date())


def batches(rows: Iterable[Any], size: int = 500) -> Iterator[list[Any]]:
    rest = list(rows)
    yield from (rest[at : at + size] for at in range(0, len(rest), size))


def rfm(rows: Iterable[tuple[datetime, int, Decimal]]) -> tuple[float, float, Decimal, Decimal]:
    """Answer the medians of days ago, orders and money, and the share of the best fifth (%)."""
    last, orders, money = zip(*rows, strict=True)
    best = sorted(money, reverse=True)[: round(len(money) / 5)]
    days = median((THE_DAY - one).days for one in last)
    share = rounded(100 * sum(best) / sum(money)).quantize(Decimal("0.1"))
    return days, median(orders), round(median(money), 2), share  # halves to even, as published
