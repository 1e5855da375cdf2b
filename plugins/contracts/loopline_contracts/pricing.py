"""What a product costs: the price book that suits the customer and the day, step by quantity."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from loopline.sdk import Context, Record
from loopline_contracts.found import by_id

_MOST: Final = 1000
_DEEPEST: Final = 10
"""Price books above each other; a ring of parents ends there."""


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom a price is asked: the level of the customer, the day, and a book if one is named."""

    level: str | None
    day: date
    book: int | None = None


class Prices:
    """The prices of some products: read once, answered as often as asked."""

    def __init__(self, ctx: Context, products: Collection[int]) -> None:
        self.products = by_id(ctx, "product", products)
        whole = ctx.elevated("price books")
        books = whole.find("price_book", "active == true", sort=("code",), limit=_MOST)
        self._books = {one.id: one for one in books}
        self._rows: dict[tuple[int, int], list[Record]] = {}
        for row in whole.among("price", "product", products):
            book, product = row.value("price_book"), row.value("product")
            if isinstance(book, int) and isinstance(product, int):
                self._rows.setdefault((book, product), []).append(row)

    def price_of(self, product: int, quantity: Decimal, asked: Asked) -> Decimal | None:
        """Answer the unit price for a quantity: of the price books, else the product's own."""
        for book in self._in_turn(asked):
            steps = [
                row
                for row in self._rows.get((book, product), ())
                if _holds(row, asked.day) and _number(row, "min_quantity") <= quantity
            ]
            if steps:
                return _number(max(steps, key=lambda row: _number(row, "min_quantity")), "price")
        return self.list_price(product)

    def list_price(self, product: int) -> Decimal | None:
        """Answer the product's own price."""
        found = self.products.get(product)
        price = found.value("list_price") if found else None
        return price if isinstance(price, Decimal) else None

    def _in_turn(self, asked: Asked) -> Iterator[int]:
        """Yield the books to look into: the named one or those that suit, each with its parents."""
        named = [asked.book] if asked.book in self._books else self._suiting(asked)
        for first in named:
            book: object = first
            for _ in range(_DEEPEST):
                if not isinstance(book, int) or book not in self._books:
                    break
                yield book
                book = self._books[book].value("parent")

    def _suiting(self, asked: Asked) -> list[int]:
        """Answer the books for the customer's level before those for everybody."""
        fitting = [one for one in self._books.values() if _holds(one, asked.day)]
        own = [one.id for one in fitting if asked.level and one.value("level") == asked.level]
        return own + [one.id for one in fitting if one.value("level") is None]


def _holds(row: Record, day: date) -> bool:
    starts, ends = row.value("starts"), row.value("ends")
    begun = not isinstance(starts, date) or starts <= day
    return begun and (not isinstance(ends, date) or day <= ends)


def _number(row: Record, name: str) -> Decimal:
    found = row.value(name)
    return found if isinstance(found, Decimal) else Decimal(0)
