"""Exports over HTTP: every record that matches, as a file."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final, cast

from loopline.access.context import Context
from loopline.services.exports.export import ExportRequest, Format, export
from loopline.web.api.dispatch import Answer, ApiRequest, ApiRoute
from loopline.web.api.parameters import one_of
from loopline.web.api.records import asked_filter, asked_sort, known_entity, local_names

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA: Final[Mapping[Format, str]] = {
    "xlsx": XLSX,
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}


def export_records(ctx: Context, request: ApiRequest) -> Answer:
    """Answer the records of a filter or view as xlsx, csv or json."""
    entity, given = known_entity(ctx, request), request.query
    wanted = one_of(given, "format", tuple(MEDIA))
    asked = ExportRequest(
        entity=entity.id,
        format=cast("Format", wanted),
        view=given.get("view", ""),
        filter=asked_filter(ctx, entity, given),
        q=given.get("q", ""),
        fields=local_names(entity, given.get("fields")) or (),
        sort=asked_sort(given),
    )
    path = new_file(f".{wanted}")
    try:
        export(ctx, asked, path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Answer(file=path, file_name=f"{entity.id}.{wanted}", media_type=MEDIA[asked.format])


def new_file(suffix: str) -> Path:
    """Answer an empty file of our own that is removed once it has been sent."""
    with tempfile.NamedTemporaryFile(suffix=suffix, delete=False) as target:
        return Path(target.name)


ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/records/{entity}/export",
        handler=export_records,
        scope="read",
        summary="Every record that matches, as xlsx, csv or json",
        gives="application/octet-stream",
        parameters=("format", "filter", "sort", "fields", "q", "view"),
    ),
)
