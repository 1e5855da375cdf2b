"""The records right before and right after one in a list."""

from dataclasses import replace

from loopline.access.context import Context
from loopline.query.lists import ListQuery, cursor_at, page


def page_around(ctx: Context, query: ListQuery, record_id: int) -> tuple[int | None, int | None]:
    """Answer the ids of the neighbours; None at an end, or when the record is not in the list."""
    cursor = cursor_at(ctx, query, record_id)
    if cursor is None:
        return None, None
    one = replace(query, cursor=cursor, limit=1, count="none", fields=())
    before = page(ctx, replace(one, backwards=True)).records
    after = page(ctx, replace(one, backwards=False)).records
    return (before[0].id if before else None), (after[0].id if after else None)
