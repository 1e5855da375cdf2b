"""What the controls of a form offer: options, tags by group, entities to pick from, files."""

from collections.abc import Iterable, Sequence
from typing import Final

from loopline.access.context import Context
from loopline.fields.address import Address
from loopline.fields.any_link import target
from loopline.fields.definition import FieldDef
from loopline.services.files.content import PICTURES
from loopline.services.files.reading import FILE_TYPES
from loopline.store.files import StoredFile
from loopline.web.contexts.inputs import Choice, ChoiceGroup, FileShown
from loopline.web.pages.called import Called
from loopline.web.pages.form_values import Entered
from loopline.web.pages.numbers import record_number

LINES: Final = ("leads", "pipeline", "contracts", "service", "loyalty", "reports")
"""The colours of tag groups, in the order of the groups."""
_KILO: Final = 1024
_MOST_SHOWN: Final = 2 * _KILO * _KILO
_UNITS: Final = ("B", "KB", "MB", "GB")


def options_of(
    ctx: Context, definition: FieldDef, value: object, texts: Iterable[str], called: Called
) -> tuple[Choice, ...]:
    """Answer what can be chosen; a retired option only where it is the value."""
    language, chosen = ctx.actor.language, dict.fromkeys(texts)
    if definition.options:
        lines = group_lines(definition)
        return tuple(
            Choice(
                value=one.code,
                label=one.label.to(language),
                selected=one.code in chosen,
                tone=one.tone,
                line=lines.get(one.group, ""),
            )
            for one in definition.options.values()
            if not (one.retired or one.hidden) or one.code in chosen
        )
    entity = definition.to or (definition.many if definition.type == "links" else "")
    if entity:
        return tuple(
            Choice(value=text, label=called.title(entity, number), selected=True)
            for text in chosen
            if (number := record_number(text)) is not None
        )
    if definition.type == "any_link" and isinstance(value, str):
        return (Choice(value=value, label=called.title(*target(value)), selected=True),)
    if definition.type in {"region", "address"}:
        code = value.region if isinstance(value, Address) else str(value or "")
        label = called.regions.get(code, code)
        return (Choice(value=code, label=label, selected=True),) if code else ()
    if definition.type == "rating":
        most = int(definition.max or 5)
        return tuple(Choice(value=str(n), label=str(n)) for n in range(1, most + 1))
    return ()


def group_lines(definition: FieldDef) -> dict[str, str]:
    """Answer the colour of each tag group of a field."""
    groups = dict.fromkeys(one.group for one in definition.options.values() if one.group)
    return {group: LINES[place % len(LINES)] for place, group in enumerate(groups)}


def grouped(
    ctx: Context, definition: FieldDef, options: Sequence[Choice]
) -> tuple[ChoiceGroup, ...]:
    """Answer the tags of a field by their groups."""
    if definition.type != "tags":
        return ()
    by_group: dict[str, list[Choice]] = {}
    for one in options:
        by_group.setdefault(definition.options[one.value].group, []).append(one)
    catalog, language = ctx.snapshot.catalog, ctx.actor.language
    return tuple(
        ChoiceGroup(label=catalog.tag_group(name).label.to(language), options=tuple(found))
        for name, found in by_group.items()
    )


def kinds_of(
    ctx: Context, definition: FieldDef, texts: Sequence[str], entered: Entered | None
) -> tuple[Choice, ...]:
    """Answer the entities whose records a field may name, that of its value chosen."""
    if definition.type != "any_link":
        return ()
    chosen = entered.text(f"{definition.id}.entity") if entered else ""
    chosen = chosen or (texts[-1].partition(":")[0] if texts else "")
    language = ctx.actor.language
    return tuple(
        Choice(value=one.id, label=one.label.to(language), selected=one.id == chosen)
        for one in ctx.catalog.entities()
        if not one.parent and ctx.rights.allows(one, "read")
    )


def file_choices(
    ctx: Context, definition: FieldDef, value: object, called: Called
) -> tuple[FileShown, ...]:
    """Answer the files that a field holds."""
    if definition.type not in FILE_TYPES or value is None:
        return ()
    ids = value if isinstance(value, tuple) else (int(str(value)),)
    return tuple(file_shown(called.files[one]) for one in ids if one in called.files)


def file_shown(file: StoredFile) -> FileShown:
    """Answer a file as pages show it; a picture that is not too large is seen."""
    return FileShown(
        id=file.id,
        name=file.name,
        size=size_words(file.size),
        href=f"/files/{file.id}",
        picture=file.media_type in PICTURES and file.size <= _MOST_SHOWN,
    )


def size_words(size: int) -> str:
    """Answer a size in bytes as people read it: ``1.4 MB``."""
    amount, unit = float(size), 0
    while amount >= _KILO and unit < len(_UNITS) - 1:
        amount, unit = amount / _KILO, unit + 1
    return (
        f"{amount:.1f} {_UNITS[unit]}" if unit and amount < 10 else f"{amount:.0f} {_UNITS[unit]}"
    )
