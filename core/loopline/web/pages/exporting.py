"""A list as a file: what the screen shows, all of its pages, in its order."""

import tempfile
from pathlib import Path

from loopline.access.context import Context
from loopline.services.exports.export import ExportRequest, export
from loopline.web.pages.dispatch import PageRequest, Reply, Send
from loopline.web.pages.listing import asked_listing, list_query
from loopline.web.pages.plurals import plural_of


def export_list(ctx: Context, asked: PageRequest) -> Reply:
    """Send the records of the list with its columns and in its order as xlsx."""
    one = asked_listing(ctx, asked)
    query = list_query(ctx, one)
    with tempfile.NamedTemporaryFile(suffix=".xlsx", delete=False) as target:
        path = Path(target.name)
    request = ExportRequest(
        entity=one.entity.id,
        filter=query.filter,
        q=query.q,
        fields=tuple(field.id for field in one.columns),
        sort=query.sort,
    )
    export(ctx, request, path)
    title = plural_of(ctx, one.entity).to(ctx.actor.language)
    return Send(path=path, name=f"{title}.xlsx")
