"""What to know about the rates of an answer: those that were used, and the amounts without any."""

from typing import TypedDict

from loopline.query.compile import QueryPlan
from loopline.query.rates import Rate
from loopline.query.rollup import Groupings


class RateNotes(TypedDict):
    """The notes about rates."""

    rates: tuple[Rate, ...]
    unconverted: dict[str, int]


def rate_notes(groupings: Groupings, plan: QueryPlan) -> RateNotes:
    """Answer the rates of all amounts that were converted, by currency and day."""
    used: set[Rate] = set()
    left_out: dict[str, int] = {}
    converted = {name: one.converted for name, one in plan.aggregates.items() if one.converted}
    parts = groupings.level(())[()] if converted else []
    for name, one in converted.items():
        sums = groupings.part(parts, name)
        used |= one.used(sums)
        if missing := one.left_out(sums):
            left_out[name] = missing
    ordered = sorted(used, key=lambda rate: (rate.currency, rate.date))
    return RateNotes(rates=tuple(ordered), unconverted=left_out)
