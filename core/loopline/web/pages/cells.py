"""Values as cells: one place decides how each type is drawn."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final, cast
from zoneinfo import ZoneInfo

from loopline.access.context import Context
from loopline.fields.address import Address
from loopline.fields.any_link import target
from loopline.fields.definition import FieldDef
from loopline.fields.links import RecordIds
from loopline.fields.masking import Masked
from loopline.fields.rich_text import harmless
from loopline.language import listed
from loopline.services.files.reading import FILE_TYPES
from loopline.services.naming import Names
from loopline.store.rows import Record
from loopline.web.contexts.cells import BLANK, Cell, TagShown, Tone
from loopline.web.contexts.person import person
from loopline.web.pages.amounts import short_amount
from loopline.web.pages.option_inputs import file_shown, group_lines

_AWAY: Final = {"email": "mailto:", "phone": "tel:", "url": ""}
_PEOPLE: Final = "user"
_OWNER: Final = "owner"
_SECURE: Final = "https://"
_NO_BREAK: Final = "\u00a0"
_Draw = Callable[[Context, FieldDef, object, Names, str], Cell]


def cell(ctx: Context, field: FieldDef, value: object, names: Names, line: str = "") -> Cell:
    """Answer a value as it is drawn; ``line`` colours a status."""
    if value is None:
        unassigned = field.id == _OWNER
        say = ctx.messages.say
        if unassigned:
            return Cell(text=say("ui.unassigned", ctx.actor.language), kind="unassigned")
        return BLANK
    if isinstance(value, Masked):
        return Cell(text=value.text, kind="masked")
    draw = _DRAWN.get(field.type)
    if draw is not None:
        return draw(ctx, field, value, names, line)
    return Cell(text=text_of(ctx, field, value, names))


def record_cell(ctx: Context, field: FieldDef, record: Record, names: Names, line: str) -> Cell:
    """Answer the cell of a record's field, at its full length."""
    value = record.value(field.id)
    if field.type == "rich_text" and isinstance(value, str):
        return Cell(text=text_of(ctx, field, value, names), kind="rich", html=harmless(value))
    return cell(ctx, field, record.value(field.id), names, line)


def short_cell(ctx: Context, field: FieldDef, record: Record, names: Names, line: str) -> Cell:
    """Answer the cell of a record's field in a table, where amounts are told in short."""
    value = record.value(field.id)
    if field.type == "lines":
        count = len(names.lines.get(field.id, {}).get(record.id, ()))
        return Cell(text=ctx.messages.say("ui.lines.count", ctx.actor.language, n=count))
    if field.type != "money" or value is None or isinstance(value, Masked):
        return cell(ctx, field, value, names, line)
    exact = text_of(ctx, field, value, names)
    return Cell(text=short_amount(ctx, value), kind="amount", exact=exact)


def text_of(ctx: Context, field: FieldDef, value: object, names: Names) -> str:
    """Answer a value as plain text in the reader's language."""
    if value is None:
        return ""
    if isinstance(value, Masked):
        return value.text
    named = _named(ctx, field, value, names)
    if named is not None:
        return named
    if field.type == "boolean":
        return ctx.messages.say("ui.yes" if value else "ui.no", ctx.actor.language)
    shown = ctx.snapshot.types[field.type].format(field, value, ctx.locale)
    unit = field.unit.to(ctx.actor.language)
    return f"{shown}{_NO_BREAK if unit[0].isalnum() else ''}{unit}" if unit else shown


def _named(ctx: Context, field: FieldDef, value: object, names: Names) -> str | None:
    """Answer what records, files and regions are called, None for any other value."""
    if field.to and isinstance(value, int):
        return names.title(field.to, value)
    if isinstance(value, RecordIds) or field.type in FILE_TYPES:
        return listed(_words(field, value, names), ctx.actor.language)
    if field.type == "any_link":
        return names.title(*target(value))
    if field.type == "region":
        return names.region(str(value))
    if isinstance(value, Address):
        return f"{names.region(value.region)} {value.street}".strip()
    return None


def _words(field: FieldDef, value: object, names: Names) -> list[str]:
    """Answer what several records or files are called."""
    ids = value if isinstance(value, tuple) else (int(str(value)),)
    if field.type in FILE_TYPES:
        return [names.files[one].name if one in names.files else f"#{one}" for one in ids]
    return [names.title(field.many, one) for one in ids]


def when(ctx: Context, at: datetime) -> str:
    """Answer a moment as people say it: today's by the clock, this year's by the day."""
    zone = ZoneInfo(ctx.locale.zone)
    local, now = at.astimezone(zone), ctx.now.astimezone(zone)
    if local.date() == now.date():
        return f"{local:%H:%M}"
    if local.year == now.year:
        return f"{local:%m-%d %H:%M}"
    return f"{local:%Y-%m-%d %H:%M}"


def _link(ctx: Context, field: FieldDef, value: object, names: Names, line: str) -> Cell:
    text = text_of(ctx, field, value, names)
    if field.to == _PEOPLE:
        who = person(text)
        return Cell(text=text, kind="person", initial=who.initial, line=who.line)
    return Cell(text=text, kind="link", href=f"/records/{field.to}/{value}")


def _any_link(ctx: Context, field: FieldDef, value: object, names: Names, line: str) -> Cell:
    entity, record = target(value)
    if not ctx.catalog.has("entity", entity):
        return Cell(text=names.title(entity, record))
    kind = ctx.catalog.entity(entity).label.to(ctx.actor.language)
    text = f"{kind} {names.title(entity, record)}"
    return Cell(text=text, kind="link", href=f"/records/{entity}/{record}")


def _links(ctx: Context, field: FieldDef, value: object, names: Names, line: str) -> Cell:
    found = tuple(
        Cell(text=names.title(field.many, one), kind="link", href=f"/records/{field.many}/{one}")
        for one in cast("RecordIds", value)
    )
    return Cell(text=text_of(ctx, field, value, names), kind="links", links=found)


def _files(ctx: Context, field: FieldDef, value: object, names: Names, line: str) -> Cell:
    ids = value if isinstance(value, tuple) else (int(str(value)),)
    found = tuple(file_shown(names.files[one]) for one in ids if one in names.files)
    return Cell(text=text_of(ctx, field, value, names), kind="files", files=found)


def _color(ctx: Context, field: FieldDef, value: object, names: Names, line: str) -> Cell:
    return Cell(text=str(value), kind="color")


def _away(ctx: Context, field: FieldDef, value: object, names: Names, line: str) -> Cell:
    text = text_of(ctx, field, value, names)
    if text.startswith(_SECURE):
        text = text.removeprefix(_SECURE).removesuffix("/")
    return Cell(text=text, kind="away", href=f"{_AWAY[field.type]}{value}")


def _status(ctx: Context, field: FieldDef, value: object, names: Names, line: str) -> Cell:
    option = field.options.get(str(value))
    text = text_of(ctx, field, value, names)
    tone: Tone = option.tone if option is not None else ""  # type: ignore[assignment]
    if not any(one.tone for one in field.options.values()):
        return Cell(text=text)
    return Cell(text=text, kind="status", tone=tone, line=line)


def _tags(ctx: Context, field: FieldDef, value: object, names: Names, line: str) -> Cell:
    codes = value if isinstance(value, tuple) else (value,)
    words = tuple(
        field.options[code].label.to(ctx.actor.language) if code in field.options else str(code)
        for code in codes
    )
    lines = group_lines(field)
    chips = tuple(
        TagShown(text=word, tone=option.tone, line=lines.get(option.group, ""))
        if (option := field.options.get(code)) is not None
        else TagShown(text=word)
        for code, word in zip(codes, words, strict=True)
    )
    return Cell(text=listed(words, ctx.actor.language), kind="tags", tags=words, chips=chips)


def _time(ctx: Context, field: FieldDef, value: object, names: Names, line: str) -> Cell:
    machine = value.isoformat() if isinstance(value, datetime | date) else ""
    text = when(ctx, value) if isinstance(value, datetime) else str(value)
    return Cell(text=text, kind="time", machine=machine)


def _long(ctx: Context, field: FieldDef, value: object, names: Names, line: str) -> Cell:
    return Cell(text=text_of(ctx, field, value, names), kind="long")


def _code(ctx: Context, field: FieldDef, value: object, names: Names, line: str) -> Cell:
    return Cell(text=text_of(ctx, field, value, names), kind="code")


def _rating(ctx: Context, field: FieldDef, value: object, names: Names, line: str) -> Cell:
    return Cell(text="★" * int(str(value)), kind="rating")


_DRAWN: Final[Mapping[str, _Draw]] = {
    "link": _link,
    "user": _link,
    "department": _link,
    "email": _away,
    "phone": _away,
    "url": _away,
    "choice": _status,
    "multi_choice": _tags,
    "tags": _tags,
    "date": _time,
    "datetime": _time,
    "long_text": _long,
    "code": _code,
    "rating": _rating,
    "links": _links,
    "any_link": _any_link,
    "file": _files,
    "files": _files,
    "image": _files,
    "color": _color,
    "rich_text": _long,
}
