"""Guarding: plugins look at a batch before it is checked and written."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Literal, cast

from loopline.access.context import Context
from loopline.errors import NotValid, Problem, refuse_if
from loopline.hooks.boundary import plugin_failed
from loopline.hooks.calls import NOBODY, Guarded
from loopline.hooks.events import Change, ChangeAction, RecordsChanging
from loopline.store.rows import Record
from loopline.store.tables import RecordTable

Values = Mapping[str, object]
Adder = Callable[[Context, str, Sequence[Values]], Sequence[int | tuple[Problem, ...]]]


def guard(
    ctx: Context,
    one: RecordTable,
    action: str,
    states: Sequence[tuple[Record | None, Values]],
    given: Sequence[Collection[str]] = (),
) -> Guarded:
    """Ask plugins about (record, values as they will be) of a batch; ``given`` names what was said.

    Raises PluginFailed for a guard that fails, NotValid where one refuses the whole batch. Nothing
    is asked for what a guard itself writes.
    """
    if not (ctx.guarding and states and ctx.calls.named("before_change")):
        return NOBODY
    event = RecordsChanging(
        entity=one.entity.id,
        action=cast("ChangeAction", action),
        changes=tuple(
            change_of(index, *state, given[index] if given else ())
            for index, state in enumerate(states)
        ),
        via=ctx.via,
        cause=ctx.cause,
    )
    with ctx.connection.begin_nested():  # whoever tells of a failure can still read
        found = ctx.calls.before_change(ctx.unguarded().contexts, event)
    refuse_strangers(one, found.setters, "before_change")
    return found


def guard_life(
    ctx: Context, one: RecordTable, action: Literal["delete", "restore"], records: Sequence[Record]
) -> Guarded:
    """Ask plugins about records that go to the bin or come back from it, values unchanged.

    Raises NotValid where one refuses, PluginFailed where one fails or sets a field: that is a
    change of its own.
    """
    found = guard(ctx, one, action, [(record, record.values) for record in records])
    for name, plugin in found.setters.items():
        raise plugin_failed(plugin, "before_change", f"Set({name!r}) in {action}")
    refuse_if(problem for problems in found.problems.values() for problem in problems)
    return found


def write_additions(
    ctx: Context, one: RecordTable, guarded: Guarded, written: Mapping[int, int], add_many: Adder
) -> None:
    """Make the records that guards added to those that were written (their ids by index).

    Raises PluginFailed naming the plugin whose record is not valid.
    """
    batches: dict[tuple[str, str], list[Values]] = {}
    for plugin, more in guarded.additions:
        record = written.get(more.change.index)
        if record is None:
            continue
        link = ctx.snapshot.table(more.entity).fields.get(more.link)
        named = record if link is None or link.definition.to else f"{one.entity.id}:{record}"
        batches.setdefault((plugin, more.entity), []).append({**more.values, more.link: named})
    for (plugin, entity), rows in batches.items():
        whole = ctx.unguarded().elevated(f"{plugin}: {entity}")
        for outcome in add_many(whole, entity, rows):
            if isinstance(outcome, tuple):
                reason = str(NotValid(*outcome))
                raise plugin_failed(plugin, "before_change", reason, *outcome)


def change_of(index: int, record: Record | None, values: Values, given: Collection[str]) -> Change:
    """Answer what a hook is told of a record of a batch, which will have these values."""
    old = {} if record is None else record.values
    return Change(
        index=index,
        id=None if record is None else record.id,
        old=old,
        new=values,
        fields=frozenset(name for name, value in values.items() if old.get(name) != value),
        given=frozenset(given),
    )


def refuse_strangers(one: RecordTable, setters: Mapping[str, str], hook: str) -> None:
    """Raise PluginFailed where a plugin sets what the entity does not have."""
    for name, plugin in setters.items():
        if name not in one.fields:
            params = {"field": name, "entity": one.entity.label}
            problem = Problem(f"fields.{name}", "field.unknown", params)
            raise plugin_failed(plugin, hook, str(problem), problem)
