"""What changed between a version of a quote and the one before."""

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from loopline.sdk import Context, NotFound, Page, PageRequest, Record, Template
from loopline_contracts.found import number
from loopline_contracts.quote_print import amount as told_amount
from loopline_contracts.quote_print import line_texts
from loopline_contracts.texts import texts

_PATH: Final = "/quote/{id}/changes"
_HEAD: Final = ("valid_until", "terms")
_TOLD: Final = ("quantity", "price", "discount", "amount")


def changes_path(quote: int) -> str:
    """Answer where the changes of a quote stand."""
    return _PATH.format(id=quote)


def pages() -> Iterable[Page]:
    """Yield the page."""
    yield Page(path=_PATH, handler=show, permission="quote:read")


def delta(ctx: Context, before: Record, after: Record) -> str:
    """Answer by how much the total changed: the amount and its share."""
    old, new = number(before, "total"), number(after, "total")
    sign = "+" if new > old else ""
    share = f" ({sign}{(new - old) / old:.1%})" if old else ""
    return f"{sign}{told_amount(ctx, new - old)}{share}"


def show(ctx: Context, request: PageRequest) -> Template:
    """Show what a version changed. Raises NotFound for a quote without one before."""
    after = ctx.get("quote", int(request.path["id"]) if request.path["id"].isdigit() else 0)
    previous = after.value("previous")
    before = ctx.by_id("quote", [previous]).get(previous) if isinstance(previous, int) else None
    if before is None:
        raise NotFound(code="portal.unknown")
    held = ctx.lines("quote", "lines", [before.id, after.id])
    context = {
        "name": str(after.value("name")),
        "versions": [
            {"number": one.value("version"), "href": f"/records/quote/{one.id}"}
            for one in (before, after)
        ],
        "rows": _rows(ctx, held[before.id], held[after.id]),
        "totals": [told_amount(ctx, number(one, "total")) for one in (before, after)],
        "delta": delta(ctx, before, after),
        "head": [
            {"field": name, "old": str(old or ""), "new": str(new or "")}
            for name in _HEAD
            if (old := before.value(name)) != (new := after.value(name))
        ],
    }
    return Template("changes.html", context, texts("versions.title", code=str(after.value("code"))))


def _rows(
    ctx: Context, before: Sequence[Record], after: Sequence[Record]
) -> list[dict[str, object]]:
    """Answer the lines of both, side by side: the same product, or text, in the same turn."""
    old, new = _keyed(before), _keyed(after)
    rows: list[dict[str, object]] = []
    for key in dict.fromkeys([*new, *old]):
        was, now = old.get(key), new.get(key)
        texts_of = [line_texts(ctx, one) if one else None for one in (was, now)]
        moved = {
            name
            for name in _TOLD
            if was is not None and now is not None and was.value(name) != now.value(name)
        }
        amount = _amount(now) - _amount(was)
        sign = "+" if amount > 0 else ""
        rows.append(
            {
                "description": (texts_of[1] or texts_of[0] or {}).get("description", ""),
                "old": texts_of[0],
                "new": texts_of[1],
                "moved": moved,
                "delta": f"{sign}{told_amount(ctx, amount)}" if amount else "",
            }
        )
    return rows


def _amount(line: Record | None) -> Decimal:
    return number(line, "amount") if line else Decimal(0)


def _keyed(lines: Sequence[Record]) -> dict[tuple[object, int], Record]:
    turns: Counter[object] = Counter()
    found = {}
    for line in lines:
        key = line.value("product") or line.value("description")
        found[key, turns[key]] = line
        turns[key] += 1
    return found
