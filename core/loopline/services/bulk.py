"""Bulk acts: the same change, deletion or action done to many records, by the one ownership path.

Few records are done at once; many by a job that goes through them by id, a batch a transaction,
and never twice over the same record. Each record that refuses is told with its reason.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Literal

from loopline.access.context import Context
from loopline.errors import LooplineError, NotFound, NotValid, Problem
from loopline.jobs.queue import Job, enqueue
from loopline.jobs.worker import Handler
from loopline.query.lists import ListQuery, count, page
from loopline.services import bin as recycle_bin
from loopline.services.actions import find_action, right_of, run_action
from loopline.services.editing import update_many
from loopline.services.permits import NOT_THERE, refused, require_entity
from loopline.services.values import read_body
from loopline.store import rows as store
from loopline.store.bulk import (
    BulkRun,
    Reason,
    finish_run,
    insert_run,
    move_run,
    read_run,
)

Act = Literal["update", "delete", "action"]
OpenAs = Callable[..., AbstractContextManager[Context]]
KIND: Final = "bulk.run"
AT_ONCE: Final = 200
"""Records that are done within the request."""
BATCH: Final = 200
MOST_NAMED: Final = 10_000
_VIA: Final = "bulk"


@dataclass(frozen=True, kw_only=True, slots=True)
class BulkRequest:
    """What to do to which records: those named, or all that a list shows.

    ``settings`` are the fields of an update in JSON form, or the settings of ``action``.
    """

    entity: str
    act: Act
    action: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    ids: tuple[int, ...] | None = None
    filter: str = ""
    q: str = ""


def start(ctx: Context, request: BulkRequest) -> BulkRun:
    """Do it, or have a worker do it where there are many; answer the run as it stands.

    Raises NotFound, Forbidden where nothing of it is allowed, BadRequest or NotValid for a filter
    or settings that cannot be understood.
    """
    one = ctx.snapshot.table(request.entity)
    require_entity(ctx, one, _right(ctx, request))
    if request.act == "update":
        read_body(ctx, request.entity, request.settings)
    total = _total(ctx, request)
    what = {
        "act": request.act,
        "action": request.action,
        "settings": dict(request.settings),
        "ids": None if request.ids is None else sorted(set(request.ids)),
        "filter": request.filter,
        "q": request.q,
    }
    run = insert_run(
        ctx.connection,
        actor=ctx.actor.id,
        entity=request.entity,
        what=what,
        total=total,
        now=ctx.now,
    )
    if total <= AT_ONCE:
        while step(ctx, run):
            pass
    else:
        enqueue(ctx.connection, KIND, {"run": run}, ctx.now, unique_key=f"{KIND}:{run}")
    return find_run(ctx, run)


def _right(ctx: Context, request: BulkRequest) -> str:
    if request.act != "action":
        return request.act
    return right_of(find_action(ctx, request.entity, request.action).action)


def find_run(ctx: Context, run: int) -> BulkRun:
    """Answer a run of the actor's own. Raises NotFound."""
    found = read_run(ctx.connection, run)
    if found is None or (found.actor != ctx.actor.id and not ctx.actor.administrator):
        raise NotFound(code="bulk.not_found", run=run)
    return found


def step(ctx: Context, run_id: int) -> bool:
    """Do the next batch of a run; answer whether there may be more."""
    run = read_run(ctx.connection, run_id, lock=True)
    if run is None or run.state != "running":
        return False
    ids = _next(ctx, run)
    if not ids:
        finish_run(ctx.connection, run.id, ctx.now)
        return False
    reasons = list(_perform(ctx.through(_VIA, f"bulk:{run.id}"), run, ids))
    move_run(ctx.connection, run, ids[-1], len(ids) - len(reasons), reasons)
    return True


def bulk_handler(open_as: OpenAs) -> Mapping[str, Handler]:
    """Answer what goes on with runs; it may be repeated, each record is done once."""

    def perform(job: Job) -> None:
        run, more = int(job.payload["run"]), True
        with open_as(None, via="job", source=f"bulk:{run}") as ctx:
            found = read_run(ctx.connection, run)
        while more and found is not None:
            with open_as(found.actor, via=_VIA, source=f"bulk:{run}") as ctx:
                more = step(ctx, run)

    return {KIND: perform}


def _total(ctx: Context, request: BulkRequest) -> int:
    if request.ids is None:
        query = ListQuery(entity=request.entity, filter=request.filter, q=request.q, count="exact")
        return count(ctx, query).value
    if len(request.ids) > MOST_NAMED:
        raise NotValid(Problem("ids", "bulk.too_many", {"most": MOST_NAMED}))
    return len(set(request.ids))


def _next(ctx: Context, run: BulkRun) -> list[int]:
    """Answer the next records by id, whatever earlier batches changed about them."""
    named = run.what["ids"]
    if named is not None:
        return [one for one in named if one > run.after][:BATCH]
    text = run.what["filter"]
    within = f"({text}) && id > {run.after}" if text.strip() else f"id > {run.after}"
    query = ListQuery(
        entity=run.entity, filter=within, q=run.what["q"], sort=("id",), fields=(), limit=BATCH
    )
    return [record.id for record in page(ctx, query).records]


def _perform(ctx: Context, run: BulkRun, ids: Sequence[int]) -> Iterator[Reason]:
    """Do a batch, and yield what was refused."""
    match run.what["act"]:
        case "update":
            yield from _update(ctx, run, ids)
        case "delete":
            for record in ids:
                yield from _alone(ctx, record, partial(recycle_bin.delete, ctx, run.entity, record))
        case _:
            yield from _act(ctx, run, ids)


def _update(ctx: Context, run: BulkRun, ids: Sequence[int]) -> Iterator[Reason]:
    values = read_body(ctx, run.entity, run.what["settings"])
    for record, outcome in update_many(ctx, run.entity, dict.fromkeys(ids, values)).items():
        if isinstance(outcome, tuple):
            yield record, _told(ctx, outcome)


def _act(ctx: Context, run: BulkRun, ids: Sequence[int]) -> Iterator[Reason]:
    """Do an action to all that may have it; where that is refused, to each alone."""
    one, action = ctx.snapshot.table(run.entity), run.what["action"]
    found = store.fetch(ctx.connection, one, list(ids))
    held = {i: record for i, record in found.items() if record.deleted_at is None}
    missing = Problem("id", NOT_THERE, {"entity": one.entity.label, "id": ""})
    yield from ((i, _told(ctx, (missing,))) for i in ids if i not in held)
    records = [held[i] for i in ids if i in held]
    allowed = []
    right = right_of(find_action(ctx, run.entity, action).action)
    for record, problems in zip(records, refused(ctx, one, right, records), strict=True):
        if problems:
            yield record.id, _told(ctx, problems)
        else:
            allowed.append(record.id)
    settings = run.what["settings"]
    if not allowed:
        return
    try:
        with ctx.connection.begin_nested():
            run_action(ctx, run.entity, allowed, action, settings)
    except LooplineError:
        for record_id in allowed:
            alone = partial(run_action, ctx, run.entity, [record_id], action, settings)
            yield from _alone(ctx, record_id, alone)


def _alone(ctx: Context, record: int, act: Callable[[], object]) -> Iterator[Reason]:
    """Do something to one record so that its refusal leaves nothing behind."""
    try:
        with ctx.connection.begin_nested():
            act()
    except LooplineError as error:
        yield record, _told(ctx, error.reasons("id"))


def _told(ctx: Context, problems: Sequence[Problem]) -> str:
    return ctx.messages.tell_all(problems, ctx.actor.language)
