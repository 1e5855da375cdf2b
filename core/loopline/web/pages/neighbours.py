"""The records before and after one in the list it was opened from."""

from starlette.datastructures import QueryParams

from loopline.access.context import Context
from loopline.errors import LooplineError
from loopline.fields.base import Unreadable
from loopline.meta.entities import EntityDef
from loopline.query.neighbours import page_around
from loopline.store.rows import Record
from loopline.web.pages.list_state import ListState, address, carried
from loopline.web.pages.listing import list_query, listing
from loopline.web.pages.shell import entity_href


def neighbours(
    ctx: Context, entity: EntityDef, record: Record, query: QueryParams
) -> tuple[str, str]:
    """Answer the addresses of the neighbours, empty where there is none or no list behind it."""
    kept = carried(query)
    if record.deleted_at is not None:
        return "", ""
    base = entity_href(entity.id)
    one = listing(ctx, entity, ListState.behind(base, query))
    try:
        before, after = page_around(ctx, list_query(ctx, one, limit=1), record.id)
    except (LooplineError, Unreadable):
        return "", ""

    def href(record_id: int | None) -> str:
        return address(f"{base}/{record_id}", kept) if record_id else ""

    return href(before), href(after)
