"""What lines come to: exact decimals, rounded once a line, half away from zero."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

MINOR: Final = Decimal("0.01")
ZERO: Final = Decimal(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class LineAmounts:
    """The money of one line. Tax is inside the amount, not added to it."""

    list_amount: Decimal
    amount: Decimal
    tax: Decimal
    cost_amount: Decimal


def rounded(amount: Decimal) -> Decimal:
    """Answer an amount in whole minor units; halves go away from zero."""
    return amount.quantize(MINOR, rounding=ROUND_HALF_UP)


def line_amounts(
    quantity: Decimal,
    price: Decimal,
    *,
    list_price: Decimal | None = None,
    discount: Decimal = ZERO,
    tax_rate: Decimal = ZERO,
    cost: Decimal = ZERO,
) -> LineAmounts:
    """Answer what a line comes to: quantity × price less the discount, with its parts.

    ``discount`` and ``tax_rate`` are ratios (0.13 is 13 %); without ``list_price`` nothing was
    taken off but the discount.
    """
    amount = rounded(quantity * price * (1 - discount))
    return LineAmounts(
        list_amount=rounded(quantity * (price if list_price is None else list_price)),
        amount=amount,
        tax=rounded(amount - amount / (1 + tax_rate)),
        cost_amount=rounded(quantity * cost),
    )
