"""Expiry: the night after their last day, what is left of points goes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from loopline.sdk import Context, Record
from loopline_loyalty.entries import ENTRY, MEMBER, book, hold
from loopline_loyalty.found import some, text, whole
from loopline_loyalty.lots import Movement, lots

EXPIRE: Final = "loyalty.expire"


def expire(ctx: Context, payload: Mapping[str, object]) -> None:
    """Book what is left of all points whose last day is over, each once."""
    moves = ctx.elevated("points")
    # Where the balance is not above 0, nothing is left of any entry.
    over = f'points > 0 && expires_at < "{ctx.today}" && member.points_balance > 0'
    members = {whole(one, "member") for one in moves.every(ENTRY, over)}
    for lot in some(sorted(members)):
        hold(moves, lot)
        of: dict[int, list[Record]] = {}
        for one in moves.among(ENTRY, MEMBER, lot):
            of.setdefault(whole(one, "member"), []).append(one)
        book(moves, [row for entries in of.values() for row in _expired(entries, ctx.today)])


def _expired(entries: Sequence[Record], today: date) -> Iterator[Mapping[str, object]]:
    """Yield an entry for each lot of a member that is over and not used up."""
    left = lots(map(movement, entries)).left
    known = {text(one, "key") for one in entries}
    for one in entries:
        ends, key = one.value("expires_at"), f"expire:{one.id}"
        over = isinstance(ends, date) and ends < today
        if over and left.get(one.id, 0) > 0 and key not in known:
            yield {
                "member": one.value("member"),
                "kind": "expire",
                "points": -left[one.id],
                "reverses": one.id,
                "source": one.value("source"),
                "key": key,
            }


def movement(entry: Record) -> Movement:
    """Answer an entry as what it does to lots."""
    ends, reverses = entry.value("expires_at"), entry.value("reverses")
    return Movement(
        id=entry.id,
        points=whole(entry, "points"),
        expires_at=ends if isinstance(ends, date) else None,
        reverses=reverses if isinstance(reverses, int) else None,
    )
