"""Instalments: what of them is open, and for how long it is overdue."""

from datetime import date
from decimal import Decimal

from loopline.sdk import Context, Record
from loopline_contracts.found import number


def open_of(row: Record) -> Decimal:
    """Answer what is not paid yet of an instalment."""
    return Decimal(0) if row.value("void") else number(row, "amount") - number(row, "paid")


def late_days(ctx: Context, row: Record) -> int:
    """Answer for how many days an instalment is overdue, 0 where it is not."""
    due = row.value("due")
    if not isinstance(due, date) or due >= ctx.today or open_of(row) <= 0:
        return 0
    return (ctx.today - due).days
