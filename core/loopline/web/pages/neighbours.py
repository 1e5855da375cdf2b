"""The records before and after one in the list it was opened from."""

from starlette.datastructures import QueryParams

from loopline.access.context import Context
from loopline.errors import LooplineError
from loopline.fields.base import Unreadable
from loopline.meta.entities import EntityDef
from loopline.query.neighbours import page_around
from loopline.store.rows import Record
from loopline.web.pages.conditions import read_condition
from loopline.web.pages.list_state import ListState, address
from loopline.web.pages.lists import Listing, list_query
from loopline.web.pages.shell import entity_href

_CARRIED = "list."


def neighbours(
    ctx: Context, entity: EntityDef, record: Record, query: QueryParams
) -> tuple[str, str]:
    """Answer the addresses of the neighbours, empty where there is none or no list behind it."""
    carried = [
        (name.removeprefix(_CARRIED), value)
        for name, value in query.multi_items()
        if name.startswith(_CARRIED)
    ]
    if not carried or record.deleted_at is not None:
        return "", ""
    base = entity_href(entity.id)
    state = ListState.read(base, QueryParams(carried))
    views = ctx.catalog.views(entity.id)
    view = next((one for one in views if one.id == state.view), views[0])
    found = (read_condition(ctx, entity, one) for one in state.conditions)
    one = Listing(
        entity=entity,
        view=view,
        state=state,
        conditions=tuple(c for c in found if c is not None),
        columns=(),
        sort=tuple(s for s in state.sort.split(",") if entity.field(s.lstrip("-"))) or view.sort,
    )
    try:
        before, after = page_around(ctx, list_query(ctx, one, limit=1), record.id)
    except (LooplineError, Unreadable):
        return "", ""
    kept = [(f"{_CARRIED}{name}", value) for name, value in carried]

    def href(record_id: int | None) -> str:
        return address(f"{base}/{record_id}", kept) if record_id else ""

    return href(before), href(after)
