"""The shelf of rewards for one member: what there is, what is left, and what they may have."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from loopline.sdk import Context, Label, Page, PageRequest, Panel, Record, Showing, Template
from loopline_loyalty.entries import MEMBER
from loopline_loyalty.found import text, whole
from loopline_loyalty.redeeming import REDEMPTION, REWARD
from loopline_loyalty.texts import texts

_PATH: Final = "/loyalty/members/{id}/rewards"
_BRIEF: Final = 3
Row = Mapping[str, object]


def pages() -> Iterable[Page]:
    """Yield the page."""
    yield Page(path=_PATH, handler=show, permission=f"{MEMBER}:read")


def show(ctx: Context, request: PageRequest) -> Template:
    """Show the rewards that a member may redeem. Raises NotFound."""
    number = request.path["id"]
    member = ctx.get(MEMBER, int(number) if number.isdecimal() else 0)
    rows = _rows(ctx, member)
    context = {
        "member": text(member, "name"),
        "balance": whole(member, "points_balance"),
        "href": f"/records/{MEMBER}/{member.id}",
        "rows": sorted(rows, key=lambda one: not one["most"]),
        "action": f"/records/{MEMBER}/{member.id}/actions/redeem",
        "may": ctx.may("redeem", member),
    }
    return Template("shelf.html", context, texts("shelf.title"))


def panels(ctx: Context, event: Showing) -> Iterable[Panel]:
    """Answer the box beside a member that leads to the shelf, with what they can afford."""
    if event.entity != MEMBER or event.values.get("left_at") is not None:
        return ()
    rows = [one for one in _rows(ctx, ctx.elevated("rewards").get(MEMBER, event.id)) if one["most"]]
    lines = [(str(one["name"]), f"{one['points']:,}") for one in rows[:_BRIEF]]
    href = _PATH.replace("{id}", str(event.id))
    none = "" if rows else texts("shelf.none")
    return [Panel(title=texts("shelf.title"), lines=tuple(lines), text=none, href=href)]


def _rows(ctx: Context, member: Record) -> list[Row]:
    """Answer the rewards that are given out today, the cheapest first."""
    whole_ctx = ctx.elevated("rewards")
    today = f'"{ctx.today}"'
    dates = f"(is_blank(starts) || starts <= {today}) && (is_blank(ends) || ends >= {today})"
    found = whole_ctx.find(REWARD, f"active == true && {dates}", sort=("points", "id"), limit=200)
    had: dict[int, int] = {}
    for one in whole_ctx.every(REDEMPTION, f'member == {member.id} && status != "cancelled"'):
        had[whole(one, "reward")] = had.get(whole(one, "reward"), 0) + whole(one, "quantity")
    return [_row(ctx, one, member, had.get(one.id, 0)) for one in found]


def _row(ctx: Context, reward: Record, member: Record, had: int) -> Row:
    """Answer a reward: what is left of it and how many the member may have now, or why none."""
    points, there = whole(reward, "points"), whole(member, "points_balance")
    stock, limit = reward.value("stock"), reward.value("limit_per_member")
    left = max(stock - whole(reward, "redeemed"), 0) if isinstance(stock, int) else None
    own = max(limit - had, 0) if isinstance(limit, int) else None
    most = min(one for one in (max(there, 0) // points, left, own) if one is not None)
    over = isinstance(member.value("left_at"), date)
    return {
        "id": reward.id,
        "name": text(reward, "name"),
        "points": points,
        "left": left,
        "limit": limit,
        "had": had,
        "note": text(reward, "note"),
        "most": 0 if over else most,
        "why": _why(left, own, points - there).to(ctx.language) if not most else "",
    }


def _why(left: int | None, own: int | None, missing: int) -> Label:
    if left == 0:
        return texts("shelf.out")
    return texts("shelf.had") if own == 0 else texts("shelf.missing", points=f"{missing:,}")
