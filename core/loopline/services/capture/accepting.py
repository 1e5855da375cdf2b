"""Accepting: a post is counted, held against its limits, and made a record by the one door."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from loopline.access.context import Context
from loopline.errors import NotValid, Problem, TooMany
from loopline.fields.definition import FieldDef
from loopline.meta.screens import FormDef
from loopline.services import records
from loopline.services.capture.tokens import address_mark
from loopline.services.capture.values import Origin, recorded_values
from loopline.services.duplicates.finding import find
from loopline.store import capture as store

BY_FORM: Final = "public form"
"""The name by which records of public forms are created elevated."""
_WINDOW: Final = timedelta(hours=1)
_KEPT: Final = timedelta(days=2)
_TWIN: Final = ("duplicate.", "unique.")
_LONGEST: Final = 5_000


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a post: a new record, or a word about one that was there; never told."""

    outcome: Literal["created", "twin", "again"]
    about: tuple[str, int] | None = None


def accept(
    ctx: Context, form: FormDef, given: Mapping[str, object], origin: Origin,
    unread: Sequence[Problem] = (),
) -> Accepted:  # fmt: skip
    """Make a record of what was sent.

    Raises TooMany beyond the limits of the form, NotValid with what is wrong; neither tells of
    records that are there.
    """
    _count(ctx, form, origin)
    if not store.note_submission(
        ctx.connection, form.id, address_mark(ctx, origin.address), origin.once, ctx.now
    ):
        return Accepted("again")
    whole = ctx.elevated(BY_FORM).through("form", f"form:{form.id}")
    return write(whole, form, given, origin, unread)


def write(
    ctx: Context, form: FormDef, given: Mapping[str, object], origin: Origin,
    unread: Sequence[Problem] = (),
) -> Accepted:  # fmt: skip
    """Make a record in an elevated context, or note what was sent about the one that is there.

    Raises NotValid.
    """
    values, problems = recorded_values(ctx, form, given, origin)
    saved = ctx.connection.begin_nested()
    try:
        _refuse(ctx, form, values, [*unread, *problems])
        made = records.create(ctx, form.entity, values)
    except NotValid as error:
        saved.rollback()
        if not all(one.code.startswith(_TWIN) for one in error.problems):
            kept = (one for one in error.problems if not one.code.startswith(_TWIN))
            raise NotValid(*kept) from None
        return Accepted("twin", _note(ctx, form, values, error.problems))
    saved.commit()
    return Accepted("created", (form.entity, made.id))


def _refuse(
    ctx: Context, form: FormDef, values: Mapping[str, object], unread: Sequence[Problem]
) -> None:
    records.refuse_unread(ctx, form.entity, values, unread)


def _count(ctx: Context, form: FormDef, origin: Origin) -> None:
    """Raise TooMany where an address, or all of them, posted too often within the hour."""
    since, capture = ctx.now - _WINDOW, form.capture
    address = address_mark(ctx, origin.address)
    one = store.count_submissions(ctx.connection, since, form=form.id, address=address)
    every = store.count_submissions(ctx.connection, since, form=form.id)
    if one >= capture.most_by_address or every >= capture.most_by_form:
        raise TooMany(code="form.too_many", seconds=int(_WINDOW.total_seconds()))
    store.forget_submissions(ctx.connection, ctx.now - _KEPT)


def _note(
    ctx: Context, form: FormDef, values: Mapping[str, object], problems: Sequence[Problem]
) -> tuple[str, int] | None:
    """Keep what was sent as an activity about the record that has the same key."""
    found = find(ctx, form.entity, values)
    taken = [one.params.get("record") for one in problems]
    about = next(((one.entity, one.record) for one in found if one.side.blocks), None) or next(
        ((form.entity, number) for number in taken if isinstance(number, int)), None
    )
    if about is None:
        return None
    language = ctx.locale.language
    entity = ctx.snapshot.catalog.entity(form.entity)
    fields = entity.fields
    lines = [
        f"{fields[name].label.to(language)}: {_shown(ctx, fields[name], value)}"
        for name, value in values.items()
        if value is not None and name in fields
    ]
    records.create(
        ctx,
        "activity",
        {
            "name": ctx.messages.say("form.asked_again", language, form=form.label)[:200],
            "kind": "note",
            "state": "done",
            "about": f"{about[0]}:{about[1]}",
            "at": ctx.now,
            "outcome": "\n".join(lines)[:_LONGEST],
        },
    )
    return about


def _shown(ctx: Context, definition: FieldDef, value: object) -> str:
    return ctx.snapshot.types[definition.type].format(definition, value, ctx.locale)
