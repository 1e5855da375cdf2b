"""What links and region codes are called, read in batches for the records of a page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from loopline.access.context import Context
from loopline.fields.address import Address
from loopline.fields.definition import FieldDef
from loopline.services.files.reading import FILE_TYPES
from loopline.services.line_rights import seen_lines
from loopline.services.links import find
from loopline.services.titles import Titles, link_titles, titles
from loopline.store.files import StoredFile, read_files
from loopline.store.lines import fetch_lines
from loopline.store.rows import Record

_REGION: Final = "region"
Lines = Mapping[str, Mapping[int, Sequence[Record]]]
"""For each field of lines, the lines of each record."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """Titles of linked records by (entity, id), names of regions by code, files by number.

    ``lines`` are those of the records, by field and record.
    """

    titles: Titles = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[int, StoredFile] = field(default_factory=dict)
    lines: Lines = field(default_factory=dict)

    def title(self, entity: str, record_id: int) -> str:
        """Answer what a linked record is called."""
        return self.titles.get((entity, record_id), f"#{record_id}")

    def region(self, code: str) -> str:
        """Answer what a region is called, the code where it is not known."""
        return self.regions.get(code, code)


def names_for(ctx: Context, records: Iterable[Record], fields: Iterable[FieldDef]) -> Names:
    """Answer the names that the given fields of records need: a query for each entity."""
    records, fields = list(records), list(fields)
    codes = {
        _code(record.values.get(one.id))
        for one in fields
        if one.type in {_REGION, "address"}
        for record in records
    } - {""}
    files = {i for one in fields if one.type in FILE_TYPES for r in records for i in _ids(one, r)}
    lines = _lines(ctx, records, fields)
    return Names(
        titles={**link_titles(ctx, records, fields), **_titles_of_lines(ctx, fields, lines)},
        regions=region_names(ctx, codes),
        files=read_files(ctx.connection, files) if files else {},
        lines=lines,
    )


def _ids(field: FieldDef, record: Record) -> tuple[int, ...]:
    value = record.values.get(field.id)
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, int) else ()


def _lines(ctx: Context, records: list[Record], fields: list[FieldDef]) -> Lines:
    """Answer the lines of the records: one query a field."""
    found: dict[str, Mapping[int, Sequence[Record]]] = {}
    for one in fields:
        if one.type == "lines":
            child = ctx.snapshot.table(one.many)
            ids = [record.id for record in records]
            held = fetch_lines(ctx.connection, child, child.entity.parent_link, ids)
            found[one.id] = seen_lines(ctx, one, held)
    return found


def _titles_of_lines(ctx: Context, fields: list[FieldDef], lines: Lines) -> Titles:
    """Answer what the records are called that lines link to."""
    called: dict[tuple[str, int], str] = {}
    for one in fields:
        rows = [line for held in lines.get(one.id, {}).values() for line in held]
        if rows:
            child = ctx.snapshot.catalog.entity(one.many)
            links = [field for name, field in child.fields.items() if name != child.parent_link]
            called |= link_titles(ctx, rows, links)
    return called


def region_names(ctx: Context, codes: Iterable[str]) -> dict[str, str]:
    """Answer the names of region codes, where the site has a table of regions."""
    wanted = set(codes)
    if not wanted or not ctx.snapshot.catalog.has("entity", _REGION):
        return {}
    found = find(ctx, _REGION, "code", wanted)
    called = titles(ctx, _REGION, {ids[0] for ids in found.values() if ids})
    return {code: called[ids[0]] for code, ids in found.items() if ids}


def _code(value: object) -> str:
    return value.region if isinstance(value, Address) else str(value or "")
