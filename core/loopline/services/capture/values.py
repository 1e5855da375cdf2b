"""The values of a record that a stranger makes: fields of the form, constants, and the origin."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.fields.base import Unreadable
from loopline.fields.definition import FieldDef
from loopline.meta.screens import FormDef
from loopline.services.values import read_bodies

_LONGEST: Final = 500
_UTM: Final = "utm_"


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where a post came from.

    ``query`` are the parameters of the form's address, utm ones included; ``once`` is the number
    of its token, None where there is none.
    """

    address: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    referrer: str = ""
    consented: bool = False
    once: str | None = None


def recorded_values(
    ctx: Context, form: FormDef, given: Mapping[str, object], origin: Origin
) -> tuple[dict[str, object], list[Problem]]:
    """Answer the values of the record, and what is wrong with what was agreed to.

    Only fields of the form are taken; constants go above what was sent, what the address says
    stands where nothing was.
    """
    entity, capture = ctx.snapshot.catalog.entity(form.entity), form.capture
    constants, problems = read_bodies(ctx, form.entity, [capture.constants])[0]
    shown = {*form.fields, *capture.mail.values()} & entity.fields.keys()
    sent = {name: value for name, value in given.items() if name in shown}
    values = dict(_from_address(ctx, form, origin)) | sent | constants
    if capture.consent is not None:
        problems += _agree(ctx, form, values, origin)
    return values, problems


def _from_address(ctx: Context, form: FormDef, origin: Origin) -> Iterator[tuple[str, object]]:
    """Yield the fields that the address and the referrer fill; what cannot be read is left."""
    capture, entity = form.capture, ctx.snapshot.catalog.entity(form.entity)
    texts = {name: origin.query.get(f"{_UTM}{key}", "") for key, name in capture.utm.items()}
    texts |= {name: origin.query.get(key, "") for key, name in capture.query.items()}
    if capture.referrer:
        texts[capture.referrer] = origin.referrer
    for name, text in texts.items():
        definition = entity.fields.get(name)
        if text and definition is not None:
            value = _read(ctx, definition, text)
            if value is not None:
                yield name, value


def _read(ctx: Context, definition: FieldDef, text: str) -> Any:
    kind = ctx.snapshot.types[definition.type]
    short = text[: definition.max_length or _LONGEST]
    try:
        value = kind.parse(definition, short, ctx.locale)
    except Unreadable:
        return None
    return None if value is None or any(kind.check(definition, value)) else value


def _agree(
    ctx: Context, form: FormDef, values: dict[str, object], origin: Origin
) -> Iterator[Problem]:
    consent = form.capture.consent
    if consent is None or (not consent.required and not origin.consented):
        return
    if not origin.consented:
        yield Problem("consent", "form.consent")
        return
    if consent.at:
        values[consent.at] = ctx.now
    if consent.version_field:
        values[consent.version_field] = consent.version
