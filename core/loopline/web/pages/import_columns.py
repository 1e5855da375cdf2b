"""The columns of an import on its page: which field each fills, and what a person changes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast, get_args

from loopline.access.context import Context
from loopline.expr.types import ExprType
from loopline.fields.definition import FieldDef
from loopline.meta.entities import EntityDef
from loopline.services.imports.columns import columns_left_out, columns_read
from loopline.services.imports.plan import not_filled
from loopline.services.imports.request import ImportOptions, ImportReport, OnMatch
from loopline.services.imports.ways import field_label
from loopline.services.mapping.file import (
    ColumnRule,
    MappingFile,
    dump_mapping,
    load_mapping,
)
from loopline.web.contexts.imports import ImportColumn
from loopline.web.contexts.inputs import Choice
from loopline.web.pages.dispatch import PageRequest

WAYS: Final = tuple(one for one in get_args(OnMatch) if one)
_COLUMN: Final = "column."
_KEYS: Final = frozenset({ExprType.TEXT, ExprType.CODE})


@dataclass(frozen=True, slots=True)
class _Placed:
    """A heading and what was made of it; ``field`` is empty for a column left out."""

    heading: str
    field: str
    note: str


def drawn_columns(
    ctx: Context, found: ImportReport, chosen: Sequence[str] | None = None
) -> tuple[ImportColumn, ...]:
    """Answer the columns with their selects; ``chosen`` fields stand where a form was refused."""
    fields = _fillable(ctx, ctx.catalog.entity(found.entity))
    say, language = ctx.messages.say, ctx.actor.language
    none = Choice(value="", label=say("import_page.leave_out", language))
    placed = _placed(ctx, found)
    wanted = chosen if chosen is not None else [one.field for one in placed]
    return tuple(
        ImportColumn(
            heading=one.heading,
            name=f"{_COLUMN}{index}",
            choices=tuple(
                replace(choice, selected=choice.value == field)
                for choice in (none, *_with(fields, field))
            ),
            note=one.note,
            left_out=not field,
        )
        for index, (one, field) in enumerate(zip(placed, wanted, strict=True))
    )


def asked_columns(ctx: Context, found: ImportReport, asked: PageRequest) -> list[str]:
    """Answer the field that the form names for each column, empty for one to leave out."""
    return [
        asked.one(f"{_COLUMN}{index}") if f"{_COLUMN}{index}" in asked.form else one.field
        for index, one in enumerate(_placed(ctx, found))
    ]


def asked_options(
    ctx: Context, found: ImportReport, options: ImportOptions, asked: PageRequest
) -> ImportOptions:
    """Answer the options of a run with what the form changes of them.

    A mapping is only written down where a person changed a column: what was found by itself, or
    remembered, goes on as it is.
    """
    placed, wanted = _placed(ctx, found), asked_columns(ctx, found, asked)
    before = [one.field for one in placed]
    mapping = options.mapping
    if wanted != before:
        headings = [one.heading for one in placed]
        mapping = _corrected(found, dict(zip(headings, wanted, strict=True)))
    return replace(
        options,
        mapping=mapping,
        key=asked.one("key") if "key" in asked.form else options.key,
        on_match=asked_way(asked) or options.on_match,
        mine=asked_mine(asked, usual=options.mine),
    )


def asked_way(asked: PageRequest) -> OnMatch:
    """Answer what the form says of records that are found; blank where it says nothing known."""
    way = asked.one("on_match")
    return cast("OnMatch", way) if way in WAYS else ""


def asked_mine(asked: PageRequest, *, usual: bool) -> bool:
    """Answer whether new records are the importer's; ``usual`` where the form does not ask."""
    sent = asked.form.getlist("mine")
    return "true" in sent if sent else usual


def usually_mine(ctx: Context, entity: EntityDef) -> bool | None:
    """Answer whether new records are the importer's unless said otherwise; None without owners.

    They are for those who may not write everybody's: what rules gave away would be refused.
    """
    return ctx.rights.scope(entity, "create") != "" if entity.traits.owned else None


def ways(ctx: Context, chosen: str) -> tuple[Choice, ...]:
    """Answer what may happen to a record that a row finds."""
    say, language = ctx.messages.say, ctx.actor.language
    return tuple(
        Choice(
            value=one,
            label=say(f"import_page.on_match.{one}", language),
            selected=one == (chosen or "update"),
        )
        for one in ("update", *(way for way in WAYS if way != "update"))
    )


def keys(ctx: Context, entity: EntityDef, chosen: str) -> tuple[Choice, ...]:
    """Answer the fields by which a row may find its record, those that are unique first."""
    say, language = ctx.messages.say, ctx.actor.language
    types, stored = ctx.snapshot.types, ctx.snapshot.table(entity.id).fields
    fit = [
        one
        for one in entity.fields.values()
        if one.id in stored
        and not (one.hidden or one.masked or one.id in entity.computed)
        and (types[one.type].expr_type in _KEYS or one.unique != "no")
    ]
    fit.sort(key=lambda one: not _tells_apart(entity, one))
    found = [Choice(value="", label=say("import_page.key.none", language))]
    found += [Choice(value=one.id, label=field_label(one, one.id).to(language)) for one in fit]
    if chosen and all(one.value != chosen for one in found):
        found.append(Choice(value=chosen, label=chosen))
    return tuple(replace(one, selected=one.value == chosen) for one in found)


def _tells_apart(entity: EntityDef, field: FieldDef) -> bool:
    return field.unique != "no" or bool(field.numbering) or field.id == entity.title_field


def _placed(ctx: Context, found: ImportReport) -> list[_Placed]:
    """Answer every heading once: those that are read in the order of the file, then the others."""
    say, language = ctx.messages.say, ctx.actor.language
    read = [
        _Placed(
            one.heading,
            one.field,
            say("import_page.found_by", language, label=one.by_label) if one.by_label else "",
        )
        for one in columns_read(ctx, found)
    ]
    read += [_Placed(one.heading, "", one.message) for one in columns_left_out(ctx, found)]
    first: dict[str, _Placed] = {}
    for one in read:
        first.setdefault(one.heading, one)
    return list(first.values())


def _corrected(found: ImportReport, wanted: Mapping[str, str]) -> str:
    """Answer the mapping of a report with other fields; a column that keeps its own keeps how."""
    known = load_mapping(found.mapping) if found.mapping else MappingFile(entity=found.entity)
    columns = {}
    for heading, field in wanted.items():
        rule = known.columns.get(heading)
        if field:
            columns[heading] = rule if rule and rule.field == field else ColumnRule(field=field)
    ignored = tuple(heading for heading, field in wanted.items() if not field)
    return dump_mapping(replace(known, columns=columns, ignore=ignored))


def _fillable(ctx: Context, entity: EntityDef) -> tuple[Choice, ...]:
    """Answer the fields that a row of a file may fill."""
    say, language = ctx.messages.say, ctx.actor.language
    left = not_filled(ctx, entity.id)
    fields = [one for one in entity.fields.values() if one.id not in left and not one.hidden]
    return (
        *(Choice(value=one.id, label=field_label(one, one.id).to(language)) for one in fields),
        Choice(value="id", label=say("import_page.id", language)),
    )


def _with(fields: tuple[Choice, ...], field: str) -> tuple[Choice, ...]:
    """Answer the choices and a field that is read without being offered."""
    known = {one.value for one in fields}
    return fields if not field or field in known else (*fields, Choice(value=field, label=field))
