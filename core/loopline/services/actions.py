"""Actions: what can be done to records besides writing them, by people, programs and plugins."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from loopline.access.context import Context
from loopline.errors import (
    Forbidden,
    NotFound,
    NotValid,
    Problem,
    refuse_if,
)
from loopline.expr.python import Predicate
from loopline.hooks.boundary import boundary
from loopline.hooks.declarations import Action, Result
from loopline.language import LANGUAGES, Label
from loopline.services.expressions import linked_records, predicate, values_of
from loopline.services.permits import NOT_THERE, refused
from loopline.services.setting_checks import unfit
from loopline.store import rows as store
from loopline.store.rows import Record

_Condition = tuple[Predicate, frozenset[str]]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class KernelAction(Action):
    """An action of the kernel's own.

    ``right`` is what a grant must allow for it, in place of the action's id; ``ready`` says whether
    it can be done to a whole record now, for its button. ``alone`` keeps it out of what people are
    offered for many records at once.
    """

    right: str
    ready: Callable[[Context, Record], bool]
    alone: bool = False


KERNEL: Final = ""
"""Stands for the plugin of an action that is the kernel's own."""


@dataclass(frozen=True, slots=True)
class Offered:
    """An action beside the plugin that declares it; blank for the kernel."""

    plugin: str
    action: Action


def find_action(ctx: Context, entity: str, name: str) -> Offered:
    """Answer an action of an entity by its id. Raises NotFound."""
    for one in actions_of(ctx, entity):
        if one.action.id == name:
            return one
    raise NotFound(code="action.not_found", action=name, entity=ctx.catalog.entity(entity).label)


def actions_of(ctx: Context, entity: str) -> Iterator[Offered]:
    """Yield the actions that records of an entity have, the kernel's first."""
    for action in ctx.kernel_actions(entity):
        if action.entity in {None, entity}:
            yield Offered(KERNEL, action)
    for plugin, action in ctx.calls.declared(ctx.calls.plugins.actions):
        if action.entity in {None, entity}:
            yield Offered(plugin, action)


def offered_for(ctx: Context, record: Record) -> list[Offered]:
    """Answer the actions that the actor may do to a record as it stands, for its buttons."""
    one = ctx.snapshot.table(record.entity)
    whole = store.fetch(ctx.connection, one, [record.id]).get(record.id, record)
    return [
        found
        for found in actions_of(ctx, record.entity)
        if not refused(ctx, one, right_of(found.action), [whole])[0]
        and _shown(ctx, found, whole)
        and _ready(ctx, found.action, whole)
    ]


def run_action(
    ctx: Context, entity: str, ids: Sequence[int], name: str, settings: Mapping[str, Any]
) -> Result:
    """Do an action to records.

    Raises NotFound for an unknown action or record, Forbidden where the actor may not do it to all
    of them, NotValid for settings that do not fit or what the action itself refuses, PluginFailed
    for an action of a plugin that broke.
    """
    ctx.catalog.entity(entity)
    found, one = find_action(ctx, entity, name), ctx.snapshot.table(entity)
    refuse_if(unfit(found.action.settings, settings))
    held = store.fetch(ctx.connection, one, list(ids), lock=True)
    records = [held[i] for i in ids if i in held and held[i].deleted_at is None]
    if len(records) < len(ids):
        missing = next(i for i in ids if i not in {record.id for record in records})
        raise NotFound(code=NOT_THERE, entity=one.entity.label, id=missing)
    for problems in refused(ctx, one, right_of(found.action), records):
        for problem in problems:
            if problem.code == NOT_THERE:
                raise NotFound(code=problem.code, **problem.params)
            raise Forbidden(
                code=problem.code, **{**problem.params, "action": _in_words(ctx, found.action)}
            )
    if _condition(ctx, found, entity) is None:
        raise NotValid(Problem("action", "action.unusable", {"action": found.action.label}))
    if not all(_shown(ctx, found, record) for record in records):
        raise NotValid(Problem("action", "action.not_now", {"action": found.action.label}))
    return _run(ctx, found, records, settings)


def _run(
    ctx: Context, found: Offered, records: Sequence[Record], settings: Mapping[str, Any]
) -> Result:
    if found.plugin == KERNEL:
        return found.action.run(ctx, records, settings)
    with boundary(found.plugin, f"action {found.action.id}"), ctx.connection.begin_nested():
        result = found.action.run(ctx.contexts(found.plugin), records, settings)
        if not isinstance(result, Result):
            raise TypeError(f"expected Result, got {type(result).__name__}")
    return result


def _in_words(ctx: Context, action: Action) -> Label:
    """Answer what an action is called within a sentence."""
    say = ctx.messages.say
    return Label({one: say("access.do", one, action=action.label) for one in LANGUAGES})


def right_of(action: Action) -> str:
    """Answer what a grant must allow for an action: its id, unless the kernel says otherwise."""
    return action.right if isinstance(action, KernelAction) else action.id


def _ready(ctx: Context, action: Action, record: Record) -> bool:
    return action.ready(ctx, record) if isinstance(action, KernelAction) else True


def _shown(ctx: Context, found: Offered, record: Record) -> bool:
    if not found.action.shown_if:
        return True
    condition = _condition(ctx, found, record.entity)
    if condition is None:
        return False
    holds, links = condition
    row = record.values
    return holds(values_of(row, linked_records(ctx, record.entity, links, [row])), ctx.moment)


def _condition(ctx: Context, found: Offered, entity: str) -> _Condition | None:
    """Answer ``shown_if``, or None where it does not fit the present release; that is logged once.

    A plugin may be newer than the release: its condition then names fields that are not there yet.
    """
    text = found.action.shown_if or "true"
    snapshot = ctx.snapshot

    def build() -> _Condition | None:
        try:
            return predicate(snapshot, entity, text)
        except NotValid as error:
            words = (found.action.id, entity, found.plugin or "the kernel", error)
            _log.error("shown_if of action %s of %s (%s) does not fit the release: %s", *words)
            return None

    return snapshot.memo(("shown_if", entity, text), build)
