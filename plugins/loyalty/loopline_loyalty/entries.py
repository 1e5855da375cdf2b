"""The ledger of points: entries are booked by rules and actions, and by nothing else."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from loopline.sdk import Context, RecordsChanging, Refuse
from loopline_loyalty.found import made_of, refused

ENTRY: Final = "points_entry"
MEMBER: Final = "member"
BOOKED: Final = "points"
"""What of the cause tells the guard that the plugin itself books."""
HISTORIC: Final = frozenset({"import", "seed", "cli"})
"""Doors by which the past comes in, the ledger of another system for example."""


def guard(event: RecordsChanging) -> Iterator[Refuse]:
    """Refuse entries that people write by hand."""
    if event.action == "create" and event.via not in HISTORIC and not event.cause.get(BOOKED):
        for change in event.changes:
            yield refused(change, "entry.by_hand", "points")


def book(ctx: Context, rows: Iterable[Mapping[str, object]]) -> None:
    """Write entries in one go; each says member, kind, points and, unless it is today, ``day``.

    Raises NotValid with what is wrong; the ledger takes all of them or none.
    """
    entries = [_entry(ctx, row) for row in rows]
    if entries:
        made_of(ctx.because(**{BOOKED: True}).create_many(ENTRY, entries))


def _entry(ctx: Context, row: Mapping[str, object]) -> Mapping[str, object]:
    """Answer a row as the door for records takes it: what any record made it, in two parts."""
    source = row.get("source")
    if not isinstance(source, str):
        return {"day": ctx.today, "at": ctx.now, **row}
    entity, _, number = source.partition(":")
    named = {"entity": entity, "id": int(number)}
    return {"day": ctx.today, "at": ctx.now, **row, "source": named}


def balance(ctx: Context, member: int) -> int:
    """Answer the sum of a member's entries as it is now."""
    asked = {
        "dataset": {"entity": ENTRY},
        "measures": {"points": {"aggregate": "sum", "field": "points"}},
        "where": f"member == {member}",
        "totals": "none",
    }
    return sum(int(str(row.values[0])) for row in ctx.query(asked).rows)


def hold(ctx: Context, members: Iterable[int]) -> None:
    """Let one transaction at a time move the points of members."""
    for one in sorted(set(members)):
        ctx.hold(f"member:{one}")


def points_since(ctx: Context, members: Iterable[int], start: date) -> dict[int, int]:
    """Answer what members earned from a day on, less what refunds took back."""
    named = ", ".join(str(one) for one in sorted(set(members)))
    asked = {
        "dataset": {"entity": ENTRY},
        "dimensions": {"member": {"field": "member"}},
        "measures": {"points": {"aggregate": "sum", "field": "points"}},
        "where": f'member in [{named}] && kind in ["earn", "reverse"] && day >= "{start}"',
        "totals": "none",
    }
    return {int(str(row.key["member"])): int(str(row.values[0])) for row in ctx.query(asked).rows}
