"""What an import made of the headings of its file, told in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass

from loopline.access.context import Context
from loopline.fields.definition import FieldDef
from loopline.language import Label
from loopline.services.imports.request import ImportReport
from loopline.services.imports.ways import field_label, way_label


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnRead:
    """A column that is read: its field by id and label, and by what a link is found, if it is one.

    ``by`` is as in a mapping file, ``by_label`` what people call it.
    """

    heading: str
    field: str
    label: str
    by: str
    by_label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnLeftOut:
    """A column that is not read, and why, as a code and in words."""

    heading: str
    code: str
    message: str


def columns_read(ctx: Context, report: ImportReport) -> Sequence[ColumnRead]:
    """Answer the columns that fill a field, in the order of the file."""
    fields = ctx.catalog.entity(report.entity).fields
    language = ctx.locale.language
    return [
        ColumnRead(
            heading=heading,
            field=name,
            label=field_label(fields.get(name), name).to(language),
            by=by,
            by_label=_way(ctx, fields.get(name), by).to(language) if by else "",
        )
        for heading, name, by in report.matched
    ]


def columns_left_out(ctx: Context, report: ImportReport) -> Sequence[ColumnLeftOut]:
    """Answer the columns that fill none: those nobody could place, then those left on purpose."""
    return [
        ColumnLeftOut(
            heading=str(one.params["column"]),
            code=one.code,
            message=ctx.messages.tell(one, ctx.locale.language),
        )
        for one in (*report.unmatched, *report.ignored)
    ]


def _way(ctx: Context, field: FieldDef | None, by: str) -> Label:
    return way_label(ctx.catalog, (field.to or field.many) if field else "", by)
