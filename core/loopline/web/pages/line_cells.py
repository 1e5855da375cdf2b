"""The lines of a record as its page shows them: what each is, what it comes to, and their sums."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from loopline.access.context import Context
from loopline.fields.definition import FieldDef
from loopline.meta.entities import EntityDef
from loopline.services.line_rights import withheld
from loopline.services.naming import Names
from loopline.store.rows import Record
from loopline.web.contexts.cells import BLANK, Cell, LineShown
from loopline.web.pages.cells import cell, text_of

_AMOUNT: Final = "money"
_EXACT: Final = "decimal"
_PROSE: Final = frozenset({"long_text", "rich_text"})


def lines_cell(ctx: Context, field: FieldDef, record: Record, names: Names) -> Cell:
    """Answer the lines in a field of a record."""
    held = names.lines.get(field.id, {}).get(record.id, ())
    if not held:
        return BLANK
    child = ctx.snapshot.catalog.entity(field.many)
    sums = _sums(ctx, field, child)
    fields = _told(ctx, field, child)
    figure = _figure(fields, sums)
    shown = tuple(_line(ctx, child, fields, figure, one, names) for one in held)
    text = ctx.messages.say("ui.lines.count", ctx.actor.language, n=len(held))
    words = tuple(
        (one.label.to(ctx.actor.language), text_of(ctx, one, record.values.get(one.id), names))
        for one in sums
    )
    whole = next((at for at, one in enumerate(sums) if figure and _adds(one) == figure.id), -1)
    return Cell(text=text, kind="lines", lines=shown, sums=words, whole=whole)


def sums_of_lines(ctx: Context, entity: EntityDef, shown: Collection[str]) -> frozenset[str]:
    """Answer the fields that are told below the lines they add up, of those that are shown."""
    lines = [one for one in entity.fields.values() if one.type == "lines" and one.id in shown]
    catalog = ctx.snapshot.catalog
    return frozenset(
        one.id for line in lines for one in _sums(ctx, line, catalog.entity(line.many))
    )


def _sums(ctx: Context, field: FieldDef, child: EntityDef) -> list[FieldDef]:
    """Answer the fields of the record that add up a field of these lines, as the viewer sees it."""
    return [
        one
        for one in ctx.catalog.entity(field.entity).fields.values()
        if one.computed is not None
        and (one.computed.of, one.computed.via) == (child.id, child.parent_link)
        and one.computed.aggregate == "sum"
        and not one.hidden
    ]


def _adds(one: FieldDef) -> str:
    return one.computed.field if one.computed else ""


def _told(ctx: Context, field: FieldDef, child: EntityDef) -> list[FieldDef]:
    """Answer the fields of a line that are told: those of its form, computed ones too."""
    names = ctx.snapshot.catalog.form(child.id, "new").fields
    hidden = {child.parent_link, *withheld(ctx, field)}
    found = (child.fields[name] for name in names if name in child.fields and name not in hidden)
    return [one for one in found if not (one.retired or one.hidden or one.type == field.type)]


def _figure(fields: Sequence[FieldDef], sums: Sequence[FieldDef]) -> FieldDef | None:
    """Answer what a line comes to: an amount that is added up, else the last that is entered."""
    amounts = [one for one in fields if one.type == _AMOUNT]
    added = [one for one in amounts if one.id in {_adds(total) for total in sums}]
    entered = [one for one in amounts if one.computed is None]
    found = added or entered
    return found[-1] if found else None


def _line(
    ctx: Context,
    child: EntityDef,
    fields: Sequence[FieldDef],
    figure: FieldDef | None,
    line: Record,
    names: Names,
) -> LineShown:
    title = _title(ctx, child, fields, line, names)
    parts, prose = [], []
    for one in fields:
        value = line.values.get(one.id)
        if one is figure or one.id == child.title_field or _says_nothing(one, value):
            continue
        text = text_of(ctx, one, value, names)
        if one.type in _PROSE:
            prose.append(text)
        elif text != title.text:
            exact = one.type == _EXACT
            told = Cell(text=_trimmed(text)) if exact else cell(ctx, one, value, names)
            parts.append((one.label.to(ctx.actor.language), told))
    return LineShown(
        title=title,
        figure=text_of(ctx, figure, line.values.get(figure.id), names) if figure else "",
        notes=tuple(parts),
        prose="\n".join(prose),
    )


def _title(
    ctx: Context, child: EntityDef, fields: Sequence[FieldDef], line: Record, names: Names
) -> Cell:
    """Answer what a line is called; a link to what is called the same leads there."""
    named = child.fields.get(child.title_field)
    found = cell(ctx, named, line.values.get(named.id), names) if named else BLANK
    for one in fields:
        value = line.values.get(one.id)
        if one.to and value is not None and text_of(ctx, one, value, names) == found.text:
            return cell(ctx, one, value, names)
    return replace(found, text=f"#{line.id}") if found is BLANK else found


def _says_nothing(field: FieldDef, value: object) -> bool:
    """Whether a value is blank, or nothing where nothing is usual."""
    usual = field.computed is not None or not field.default
    return value is None or value is False or (value == Decimal(0) and usual)


def _trimmed(text: str) -> str:
    """Answer a number without the zeros that end its decimals."""
    return text.rstrip("0").rstrip(".") if "." in text else text
