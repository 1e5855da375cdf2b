"""Observing: plugins are told afterwards, one job a plugin and batch, from the trail."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final, cast

from loopline.access.context import Context, Past
from loopline.hooks.events import (
    Change,
    ChangeAction,
    JobFailed,
    Published,
    RecordsChanged,
)
from loopline.jobs.queue import Job, enqueue_all
from loopline.jobs.worker import Handler
from loopline.store.changes import changes_at
from loopline.store.rows import Record

AFTER_CHANGE: Final = "hook.after_change"
AFTER_PAST: Final = "hook.after_past"
AFTER_PUBLISH: Final = "hook.after_publish"
_LOT: Final = 500
_TOLD: Final = frozenset({"create", "update", "delete", "restore"})
Opener = Callable[..., AbstractContextManager[Context]]


def announce_change(ctx: Context, entity: str, action: str, records: Sequence[Record]) -> None:
    """Enqueue, for each plugin that observes changes, what it will be told of written records."""
    if action not in _TOLD:
        return
    if ctx.past is not None:
        pairs = ctx.past.written.setdefault((entity, action, ctx.via), [])
        pairs.extend((one.id, one.version) for one in records)
        return
    told = {
        "entity": entity,
        "action": action,
        "via": ctx.via,
        "actor": ctx.actor.id,
        "records": [[one.id, one.version] for one in records],
    }
    payloads = [{"plugin": plugin, **told} for plugin in ctx.calls.observers("after_change")]
    enqueue_all(ctx.connection, AFTER_CHANGE, payloads, ctx.now)


def announce_past(ctx: Context, past: Past) -> None:
    """Enqueue what plugins are told of the past so far, in one job each, and begin anew."""
    for plugin in ctx.calls.observers("after_change") if past.written else ():
        told = [
            {
                "plugin": plugin,
                "entity": entity,
                "action": action,
                "via": via,
                "actor": None,
                "records": [list(pair) for pair in pairs[at : at + _LOT]],
            }
            for (entity, action, via), pairs in past.written.items()
            for at in range(0, len(pairs), _LOT)
        ]
        enqueue_all(ctx.connection, AFTER_PAST, [{"plugin": plugin, "told": told}], ctx.now)
    past.written.clear()


def announce_publish(ctx: Context, revision: int, documents: Sequence[str]) -> None:
    """Enqueue, for each plugin that observes publishes, what it will be told of a release."""
    told = {"revision": revision, "documents": list(documents)}
    payloads = [{"plugin": plugin, **told} for plugin in ctx.calls.observers("after_publish")]
    enqueue_all(ctx.connection, AFTER_PUBLISH, payloads, ctx.now)


def announce_failure(opener: Opener, job: Job, error: str) -> None:
    """Tell every plugin that observes it of a job that was given up."""
    with opener(via="job", source=f"job:{job.kind}") as ctx:
        event = JobFailed(kind=job.kind, job=job.id, error=error)
        ctx.calls.on_job_error(ctx.contexts, event, ctx.connection.begin_nested)


def observing_handlers(opener: Opener) -> Mapping[str, Handler]:
    """Answer what tells plugins; ``opener`` opens a writing context of the system."""

    def tell_change(job: Job) -> None:
        told = job.payload
        with opener(via="job", source=f"hook:{told['plugin']}") as ctx:
            if told["plugin"] in ctx.calls.enabled:
                ctx.calls.after_change(ctx.contexts, told["plugin"], _event(ctx, told))

    def tell_past(job: Job) -> None:
        plugin = job.payload["plugin"]
        with opener(via="job", source=f"hook:{plugin}") as ctx:
            for told in job.payload["told"] if plugin in ctx.calls.enabled else ():
                ctx.calls.after_change(ctx.contexts, plugin, _event(ctx, told))

    def tell_publish(job: Job) -> None:
        told = job.payload
        event = Published(revision=told["revision"], documents=tuple(told["documents"]))
        with opener(via="job", source=f"hook:{told['plugin']}") as ctx:
            if told["plugin"] in ctx.calls.enabled:
                ctx.calls.after_publish(ctx.contexts, told["plugin"], event)

    return {AFTER_CHANGE: tell_change, AFTER_PAST: tell_past, AFTER_PUBLISH: tell_publish}


def _event(ctx: Context, told: Mapping[str, Any]) -> RecordsChanged:
    entity = told["entity"]
    diffs = changes_at(ctx.connection, entity, [tuple(pair) for pair in told["records"]])
    changes = tuple(
        _change(ctx, entity, index, record, diffs.get((record, version), {}))
        for index, (record, version) in enumerate(told["records"])
    )
    return RecordsChanged(
        entity=entity,
        action=cast("ChangeAction", told["action"]),
        changes=changes,
        via=told["via"],
        actor=told["actor"],
    )


def _change(
    ctx: Context, entity: str, index: int, record: int, diff: Mapping[str, Sequence[Any]]
) -> Change:
    fields = ctx.snapshot.table(entity).fields

    def value(name: str, stored: object) -> object:
        field = fields[name]
        return None if stored is None else field.type.from_json(field.definition, stored)

    known = {name: pair for name, pair in diff.items() if name in fields}
    return Change(
        index=index,
        id=record,
        old={name: value(name, old) for name, (old, _) in known.items()},
        new={name: value(name, new) for name, (_, new) in known.items()},
        fields=frozenset(known),
    )
