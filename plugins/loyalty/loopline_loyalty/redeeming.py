"""Redeeming: never more than a member has, a reward holds, or one member may have.

A redemption and its entry are one write, by whatever door it comes; whoever redeems at the same
moment waits until the other is through.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from loopline.sdk import (
    Action,
    Add,
    Change,
    Context,
    Record,
    RecordsChanging,
    Refuse,
    Result,
    Set,
)
from loopline_loyalty.entries import ENTRY, MEMBER, balance, hold
from loopline_loyalty.found import only, refused, text, whole
from loopline_loyalty.texts import texts

REDEMPTION: Final = "redemption"
REWARD: Final = "reward"
_FIXED: Final = ("member", "reward", "quantity", "points")
_REDEEMING: Final = {
    "type": "object",
    "properties": {
        "reward": {
            "type": "integer",
            "minimum": 1,
            "x-record": REWARD,
            "x-filter": "active == true",
            "x-label": {"zh": "礼品", "en": "Reward"},
        },
        "quantity": {
            "type": "integer",
            "minimum": 1,
            "maximum": 1000,
            "default": 1,
            "x-label": {"zh": "数量", "en": "Quantity"},
        },
    },
    "required": ["reward"],
    "additionalProperties": False,
}


def actions() -> Iterable[Action]:
    """Yield the action that redeems."""
    yield Action(
        id="redeem",
        label=texts("action.redeem"),
        entity=MEMBER,
        run=redeem,
        settings=_REDEEMING,
        shown_if="is_blank(left_at) && points_balance > 0",
        tone="accent",
    )


def redeem(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Give a member a reward for points. Raises NotValid naming what there is too little of."""
    member = only(records)
    values = {
        "member": member.id,
        "reward": settings["reward"],
        "quantity": settings.get("quantity", 1),
        "owner": ctx.actor.id,
    }
    made = ctx.elevated("redeem").create(REDEMPTION, values)
    title = ctx.elevated("redeem").title(REWARD, int(settings["reward"]))
    said = texts("redeem.done", reward=title, points=made.value("points"))
    return Result(said, record=(REDEMPTION, made.id))


def guard(ctx: Context, event: RecordsChanging) -> Iterable[Set | Refuse | Add]:
    """Price new redemptions and book them; give the points of cancelled ones back."""
    if event.action == "create":
        return _Counter(ctx.elevated("redeem"), event.changes).answers()
    if event.action == "update":
        return _changed(ctx.elevated("redeem"), event.changes)
    return [
        refused(one, "redemption.fixed")
        for one in event.changes
        if event.action == "delete" and one.old.get("status") != "cancelled"
    ]


class _Counter:
    """What members and rewards still have while a batch of redemptions is looked at."""

    def __init__(self, ctx: Context, changes: Sequence[Change]) -> None:
        members = {whole(one.new, "member") for one in changes} - {0}
        rewards = {whole(one.new, "reward") for one in changes} - {0}
        hold(ctx, members)
        for reward in sorted(rewards):
            ctx.hold(f"reward:{reward}")
        self._ctx, self._changes = ctx, changes
        self._members, self._rewards = ctx.by_id(MEMBER, members), ctx.by_id(REWARD, rewards)
        self._points = {member: balance(ctx, member) for member in self._members}
        self._taken: Counter[int] = Counter()
        self._had: Counter[tuple[int, int]] = Counter()
        for one in ctx.among(REDEMPTION, "reward", rewards):
            if one.value("status") != "cancelled":
                self._taken[whole(one, "reward")] += whole(one, "quantity")
                self._had[whole(one, "member"), whole(one, "reward")] += whole(one, "quantity")

    def answers(self) -> Iterator[Set | Refuse | Add]:
        """Yield what is written along with each redemption, or why it is not."""
        for change in self._changes:
            member = self._members.get(whole(change.new, "member"))
            reward = self._rewards.get(whole(change.new, "reward"))
            if member is None or reward is None:
                continue  # the kernel tells that they are missing
            wrong = self._wrong(change, member, reward)
            if wrong is not None:
                yield wrong
            else:
                yield from self._booked(change, member, reward)

    def _wrong(self, change: Change, member: Record, reward: Record) -> Refuse | None:
        quantity, today = whole(change.new, "quantity"), self._ctx.today
        starts, ends = reward.value("starts"), reward.value("ends")
        early = isinstance(starts, date) and today < starts
        if not reward.value("active") or early or (isinstance(ends, date) and today > ends):
            return refused(change, "reward.inactive", "reward")
        if isinstance(member.value("left_at"), date):
            return refused(change, "member.left", "member")
        stock, limit = reward.value("stock"), reward.value("limit_per_member")
        left = stock - self._taken[reward.id] if isinstance(stock, int) else quantity
        if quantity > left:
            return refused(change, "reward.out", "quantity", left=max(left, 0))
        had = self._had[member.id, reward.id]
        if isinstance(limit, int) and had + quantity > limit:
            return refused(change, "reward.limit", "quantity", limit=limit, had=had)
        needed, there = quantity * whole(reward, "points"), self._points[member.id]
        if needed > there:
            return refused(change, "points.too_few", "quantity", needed=needed, left=there)
        return None

    def _booked(self, change: Change, member: Record, reward: Record) -> Iterator[Set | Add]:
        quantity = whole(change.new, "quantity")
        points = quantity * whole(reward, "points")
        self._points[member.id] -= points
        self._taken[reward.id] += quantity
        self._had[member.id, reward.id] += quantity
        yield Set(change, "points", points)
        values = {"member": member.id, "kind": "redeem", "points": -points}
        yield _entry(self._ctx, change, values)


def _changed(ctx: Context, changes: Sequence[Change]) -> Iterator[Set | Refuse | Add]:
    ended = [one for one in changes if _is_cancelled(one)]
    sources = {f"{REDEMPTION}:{one.id}" for one in ended}
    entries = {text(one, "source"): one for one in ctx.among(ENTRY, "source", sources)}
    hold(ctx, {whole(one.new, "member") for one in ended})
    for change in changes:
        fixed = (*_FIXED, "status") if change.old.get("status") == "cancelled" else _FIXED
        moved = [name for name in fixed if name in change.fields]
        if moved:
            yield refused(change, "redemption.fixed", moved[0])
        entry = entries.get(f"{REDEMPTION}:{change.id}")
        if entry is not None and _is_cancelled(change):
            yield _given_back(ctx, change, entry)


def _given_back(ctx: Context, change: Change, entry: Record) -> Add:
    """Answer the entry that gives points back; they expire as the last that could be spent."""
    member = whole(entry, "member")
    given = ctx.every(ENTRY, f"member == {member} && points > 0 && id < {entry.id}")
    ends = [one.value("expires_at") for one in given]
    dated = [one for one in ends if isinstance(one, date)]
    values = {
        "member": member,
        "kind": "redeem",
        "points": -whole(entry, "points"),
        "reverses": entry.id,
        "expires_at": max(dated) if dated and len(dated) == len(ends) else None,
        "key": f"cancel:{entry.id}",
    }
    return _entry(ctx, change, values)


def _entry(ctx: Context, change: Change, values: Mapping[str, object]) -> Add:
    return Add(change, ENTRY, {"day": ctx.today, "at": ctx.now, **values}, "source")


def _is_cancelled(change: Change) -> bool:
    return "status" in change.fields and change.new.get("status") == "cancelled"
