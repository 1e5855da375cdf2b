"""Codes for new records, taken from their numbering in one step for a whole batch."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from loopline.access.context import Context
from loopline.store.counters import take
from loopline.store.tables import RecordTable


def give_codes(ctx: Context, one: RecordTable, rows: Sequence[dict[str, object]]) -> None:
    """Fill the blank code fields of new rows; their day is the site's, whoever creates them."""
    day = ctx.now.astimezone(ZoneInfo(ctx.site_zone)).date()
    for field in one.entity.fields.values():
        if not field.numbering:
            continue
        blank = [row for row in rows if row.get(field.id) is None]
        if not blank:
            continue
        numbering = ctx.snapshot.catalog.numbering(field.numbering)
        numbers = take(
            ctx.connection, numbering.id, numbering.period(day), len(blank), numbering.start
        )
        for row, code in zip(blank, numbering.codes(numbers, day), strict=True):
            row[field.id] = code
