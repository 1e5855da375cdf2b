"""Revealing: a masked value is shown to who may see it, and the trail tells that they looked."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from loopline.access.context import Context
from loopline.errors import NotValid, Problem
from loopline.hooks.declarations import Result
from loopline.language import LANGUAGES, Label, Messages
from loopline.services.actions import KernelAction
from loopline.services.noting import note_act
from loopline.services.permits import readable, require, require_entity
from loopline.services.shown import with_virtual
from loopline.store.rows import Record

REVEAL: Final = "reveal"
_SETTINGS: Final[Mapping[str, Any]] = {
    "type": "object",
    "properties": {"field": {"type": "string"}},
    "required": ["field"],
    "additionalProperties": False,
}


def reveal(ctx: Context, entity: str, record_id: int, field: str) -> object:
    """Answer the whole value of a field; a line of the trail tells of it where it is masked.

    Raises NotFound, Forbidden without the right to reveal, NotValid for a field that the actor may
    not even see masked.
    """
    one = ctx.snapshot.table(entity)
    require_entity(ctx, one, REVEAL)
    record = readable(ctx, one, record_id)
    require(ctx, one, REVEAL, record)
    seen = ctx.catalog.entity(entity).fields.get(field)
    if seen is None or field not in one.shown:
        params = {"field": field, "entity": one.entity.label}
        raise NotValid(Problem("field", "field.unknown", params))
    if seen.masked:
        note_act(ctx, entity, record_id, REVEAL, seen.label.to(ctx.actor.language))
    return with_virtual(ctx, [record])[0].values[field]


def reveal_action(messages: Messages) -> KernelAction:
    """Answer revealing as an action of every entity; its buttons stand at the values."""
    label = Label({one: messages.say("ui.reveal", one) for one in LANGUAGES})
    return KernelAction(
        id=REVEAL,
        label=label,
        run=_run,
        settings=_SETTINGS,
        right=REVEAL,
        ready=lambda ctx, record: False,
        alone=True,
    )


def _run(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Reveal a field of one record: its value in JSON form and as text."""
    if len(records) != 1:
        raise NotValid(Problem("records", "reveal.one"))
    one, field = records[0], str(settings["field"])
    value = reveal(ctx, one.entity, one.id, field)
    if value is None:
        return Result(data={"field": field, "value": None, "text": ""})
    stored = ctx.snapshot.table(one.entity).fields[field]
    shown = stored.type.to_json(stored.definition, value)
    text = stored.type.format(stored.definition, value, ctx.locale)
    return Result(data={"field": field, "value": shown, "text": text})
