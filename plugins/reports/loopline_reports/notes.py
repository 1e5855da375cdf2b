"""What to know about the numbers of a report, as lines below it."""

from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from loopline.sdk import Context, ResultGrid
from loopline_reports.texts import texts


def notes_of(ctx: Context, grid: ResultGrid, left_out: int = 0) -> Iterator[str]:
    """Yield the lines: what the viewer may not see, what overlaps, rates, periods, the moment."""
    notes = grid.notes
    if notes.hidden_rows != 0:
        many = notes.hidden_rows
        yield ctx.say(texts("notes.may_hide") if many is None else texts("notes.hidden", n=many))
    if left_out + notes.left_out:
        yield ctx.say(texts("notes.left_out", n=left_out + notes.left_out))
    for column in grid.columns:
        if column.overlap:
            yield ctx.say(texts("notes.overlap", name=column.label))
    labels = {one.id: one.label for one in grid.columns}
    for name, period in notes.compared.items():
        last = None if period.end is None else period.end - timedelta(days=1)
        first, end = _day(period.start), _day(last)
        yield ctx.say(texts("notes.compared", name=labels[name], first=first, last=end))
    for rate in notes.rates:
        told = {"currency": rate.currency, "rate": f"{rate.rate:f}", "day": rate.date.isoformat()}
        yield ctx.say(texts("notes.rate", **told))
    for name, count in notes.unconverted.items():
        yield ctx.say(texts("notes.unconverted", name=labels[name], n=count))
    at = notes.as_of.astimezone(ZoneInfo(ctx.site_zone))
    yield ctx.say(texts("notes.as_of", at=f"{at:%Y-%m-%d %H:%M}"))


def _day(day: date | None) -> str:
    return "…" if day is None else day.isoformat()
