"""Which points are still there: what was spent is taken from what expires first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class Movement:
    """An entry of a member's ledger; ``reverses`` is the entry that it takes back first."""

    id: int
    points: int
    expires_at: date | None = None
    reverses: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Lots:
    """What is left of each entry that gave points, and what is owed beyond all of them."""

    left: dict[int, int]
    debt: int


def lots(movements: Iterable[Movement]) -> Lots:
    """Answer what is left after movements in order: sum of what is left − debt = sum of points."""
    left, ends, debt = dict[int, int](), dict[int, date](), 0
    for one in movements:
        if one.points > 0:
            paid = min(debt, one.points)
            debt, left[one.id] = debt - paid, one.points - paid
            ends[one.id] = one.expires_at or date.max
            continue
        needed = -one.points
        first = [one.reverses] if one.reverses in left else []
        for lot in (*first, *sorted(left, key=lambda number: (ends[number], number))):
            taken = min(left[lot], needed)
            left[lot], needed = left[lot] - taken, needed - taken
        debt += needed
    return Lots(left=left, debt=debt)
