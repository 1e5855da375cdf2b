"""Exporting: every record that matches, streamed page by page into a file."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final, Literal, cast

from loopline.access.context import Context
from loopline.fields.links import LinksType, RecordIds
from loopline.fields.masking import Masked
from loopline.query.lists import ListQuery, check_filter, page
from loopline.services.exports.columns import ExportColumn, export_columns
from loopline.services.exports.names import LinkNames
from loopline.services.tabular.write import CsvWriter, JsonWriter, TableWriter, Value, XlsxWriter
from loopline.store.rows import Record

Format = Literal["xlsx", "csv", "json"]
Progress = Callable[[int], None]
_PAGE: Final = 1_000
_LAST: Final = ("created_at",)


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportRequest:
    """What to export. ``view`` gives columns, order and filter; without it all fields go out.

    ``filter`` is an expression that narrows a view further, ``fields`` overrides its columns and
    ``sort`` its order; without any order records come in the order of their ids.
    """

    entity: str
    format: Format = "xlsx"
    view: str = ""
    filter: str = ""
    q: str = ""
    fields: tuple[str, ...] = ()
    sort: tuple[str, ...] = ()


def export(
    ctx: Context,
    request: ExportRequest,
    target: Path | BinaryIO,
    progress: Progress | None = None,
) -> int:
    """Write the records into ``target`` and answer how many they are.

    The first column is the id, so that an import of the file finds every record again. Raises
    NotFound for entity or view, Forbidden where nothing of it may be exported, BadRequest or
    NotValid for what cannot be queried.
    """
    columns = export_columns(ctx, request.entity, _names(ctx, request))
    names, count = LinkNames(), 0
    cells = [_cell(ctx, column, names) for column in columns]
    with closing(_writer(request.format, target, request.entity)) as writer:
        writer.write_header([column.heading for column in columns])
        for records in _pages(ctx, request):
            names.learn(ctx, records, columns)
            for record in records:
                writer.write_row([cell(record) for cell in cells])
            count += len(records)
            if progress is not None:
                progress(count)
    return count


def _names(ctx: Context, request: ExportRequest) -> tuple[str, ...]:
    if request.fields:
        return request.fields
    if request.view:
        return tuple(ctx.catalog.view(request.entity, request.view).columns)
    shown = ctx.snapshot.table(request.entity).shown  # lines are exported as what they are
    return (*(name for name in ctx.catalog.entity(request.entity).fields if name in shown), *_LAST)


def _pages(ctx: Context, request: ExportRequest) -> Iterator[tuple[Record, ...]]:
    view = ctx.catalog.view(request.entity, request.view) if request.view else None
    if request.filter.strip():  # alone first, so that what is wrong is told by its place in it
        check_filter(ctx, request.entity, request.filter)
    filters = [text for text in (view.filter if view else "", request.filter) if text.strip()]
    query = ListQuery(
        entity=request.entity,
        filter=" && ".join(f"({text})" for text in filters),
        q=request.q,
        sort=request.sort or (view.sort if view else ()) or ("id",),
        limit=_PAGE,
        action="export",
    )
    cursor: str | None = None
    while True:
        found = page(ctx, replace(query, cursor=cursor))
        if found.records:
            yield found.records
        cursor = found.next
        if cursor is None:
            return


def _writer(wanted: Format, target: Path | BinaryIO, sheet: str) -> TableWriter:
    if wanted == "csv":
        return CsvWriter(target)
    if wanted == "json":
        return JsonWriter(target)
    return XlsxWriter(target, sheet=sheet)


def _cell(ctx: Context, column: ExportColumn, names: LinkNames) -> Callable[[Record], Value]:
    """Answer what makes one column's cell of a record."""
    field, locale = column.field, ctx.locale
    if field.to:

        def named(record: Record) -> Value:
            linked = record.value(field.id)
            return names.of(field.to, linked) if isinstance(linked, int) else None

        return named
    if field.type == LinksType.id:

        def several(record: Record) -> Value:
            linked = record.value(field.id)
            return names.of_several(field.many, linked) if isinstance(linked, RecordIds) else None

        return several
    written = ctx.snapshot.types[field.type].export

    def plain(record: Record) -> Value:
        value = record.value(field.id)
        if isinstance(value, Masked):
            return value.text
        return None if value is None else cast("Value", written(field, value, locale))

    return plain
