"""The acts on approvals as actions of records: for pages, programs, flows and plugins alike."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import loopline.store.approvals as store
from loopline.access.context import Context
from loopline.hooks.declarations import Result, Tone
from loopline.language import LANGUAGES, Label, Messages
from loopline.meta.approvals import ApprovalDef
from loopline.meta.catalog import Catalog
from loopline.services.actions import KernelAction
from loopline.services.approvals.decide import approve, reject
from loopline.services.approvals.handing import add_signer, delegate, forward, retry
from loopline.services.approvals.returning import TO_ASKER, send_back, withdraw
from loopline.services.approvals.start import needed_for, submit
from loopline.services.approvals.substitutes import stands_in_for
from loopline.store.approvals import Request
from loopline.store.rows import Record

Act = Callable[[Context, str, int, Mapping[str, Any]], Request | list[Request]]
_COMMENT: Final = {"type": "string", "x-widget": "textarea"}
_WHICH: Final = {"type": "string", "x-hidden": True}
_SEAT: Final = {"type": "integer", "x-hidden": True}
_STEP: Final = {"type": "string"}
_PERSON: Final = {"x-record": "user"}
"""By number or e-mail address; people choose from those they may read."""
_PLACE: Final = {"type": "string", "enum": ["after", "before"], "default": "after"}
_ACTS: Final[Mapping[str, tuple[Act, Mapping[str, Any], tuple[str, ...], Tone]]] = {
    "submit": (submit, {"comment": _COMMENT}, (), "accent"),
    "approve": (approve, {"comment": _COMMENT, "seat": _SEAT}, (), "ok"),
    "reject": (reject, {"comment": _COMMENT, "seat": _SEAT}, ("comment",), "danger"),
    "return": (
        send_back,
        {"comment": _COMMENT, "to": _STEP, "seat": _SEAT},
        ("comment",),
        "",
    ),
    "withdraw": (withdraw, {"comment": _COMMENT}, (), ""),
    "delegate": (delegate, {"to": _PERSON, "comment": _COMMENT, "seat": _SEAT}, ("to",), ""),
    "forward": (forward, {"to": _PERSON, "comment": _COMMENT, "seat": _SEAT}, ("to",), ""),
    "add_signer": (
        add_signer,
        {"to": _PERSON, "place": _PLACE, "comment": _COMMENT, "seat": _SEAT},
        ("to",),
        "",
    ),
    "retry": (retry, {"to": _PERSON, "comment": _COMMENT}, (), ""),
}


def approval_actions(catalog: Catalog, messages: Messages) -> tuple[KernelAction, ...]:
    """Answer the actions of every entity that has approvals."""
    return tuple(
        _action(name, entity, known, messages)
        for entity, known in catalog.approvals.items()
        for name in _ACTS
    )


def _action(
    name: str, entity: str, known: Sequence[ApprovalDef], messages: Messages
) -> KernelAction:
    act, asked, required, tone = _ACTS[name]
    properties = {
        key: {
            **schema,
            **_choices(schema, known, messages),
            "x-label": _named(key, schema, messages),
        }
        for key, schema in {**asked, "approval": _WHICH}.items()
    }
    return KernelAction(
        id=name,
        label=_words(messages, f"approval.act.{name}"),
        entity=entity,
        tone=tone,
        right="update" if name == "submit" else "read",
        ready=partial(_ready, name),
        run=partial(_run, act),
        settings={
            "type": "object",
            "properties": properties,
            "required": list(required),
            "additionalProperties": False,
        },
    )


def _choices(
    schema: Mapping[str, Any], known: Sequence[ApprovalDef], messages: Messages
) -> Mapping[str, Any]:
    """Answer what can be chosen in a setting, in words: a place, or a step to go back to."""
    if schema is _PLACE:
        return {"x-labels": {p: _words(messages, f"approval.place.{p}") for p in _PLACE["enum"]}}
    if schema is not _STEP:
        return {}
    steps = {step.id: step.label for one in known for step in one.steps}
    labels = {TO_ASKER: _words(messages, f"approval.to.{TO_ASKER}"), **steps}
    return {"enum": list(labels), "default": TO_ASKER, "x-labels": labels}


def _named(key: str, schema: Mapping[str, Any], messages: Messages) -> Label:
    return _words(messages, f"approval.setting.{'step' if schema is _STEP else key}")


def _words(messages: Messages, key: str) -> Label:
    return Label({language: messages.say(key, language) for language in LANGUAGES})


def _run(act: Act, ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    done: list[Request] = []
    for record in records:
        found = act(ctx, record.entity, record.id, settings)
        done += found if isinstance(found, list) else [found]
    say, language = ctx.messages.say, ctx.actor.language
    states = dict.fromkeys(say(f"approval.state.{one.state}", language) for one in done)
    data = {
        "approvals": [{"id": one.id, "approval": one.document, "state": one.state} for one in done]
    }
    return Result(message=say("ui.semicolon", language).join(states), data=data)


def _ready(name: str, ctx: Context, record: Record) -> bool:
    """Whether the actor can do this to a record now, as far as its requests say."""
    live = store.live_requests(ctx.connection, record.entity, [record.id])
    if name == "submit":
        known = {one.document for one in live}
        return any(one.id not in known for one in needed_for(ctx, record))
    pending = [one for one in live if one.state == "pending"]
    own = any(ctx.actor.id == one.submitted_by for one in pending)
    rules = ctx.actor.administrator
    if name == "withdraw":
        return own or (rules and bool(pending))
    if name == "retry":
        steps = store.steps_of(ctx.connection, [one.id for one in pending])
        return (own or rules) and any(one.state == "stuck" for one in steps)
    return _waits(ctx, [one.id for one in pending])


def _waits(ctx: Context, requests: Sequence[int]) -> bool:
    """Whether a seat waits for the actor."""
    me = ctx.actor.id
    waiting = [one for one in store.seats_of(ctx.connection, requests) if one.state == "waiting"]
    if me is None or not waiting:
        return False
    return not {one.user_id for one in waiting}.isdisjoint({me} | stands_in_for(ctx, me))
