"""Handing over when somebody leaves or moves: what they own, what they are to do and decide."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from loopline.access.context import Actor, Context
from loopline.errors import Forbidden, LooplineError, NotValid, Problem
from loopline.query.lists import ListQuery, count
from loopline.services.approvals.handing import forward
from loopline.services.approvals.people import actor_of
from loopline.services.bulk import BulkRequest, start
from loopline.store import approvals
from loopline.store.bulk import BulkRun

OWNER: Final = "owner"
TASK: Final = "task"
ASSIGNEE: Final = "assignee"
_OPEN: Final = 'state == "open"'


@dataclass(frozen=True, kw_only=True, slots=True)
class Holding:
    """Records of an entity whose field names somebody, and how many they are."""

    entity: str
    field: str
    filter: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Holdings:
    """All that somebody holds: records, and seats at approvals that wait for them."""

    records: tuple[Holding, ...]
    seats: int


@dataclass(frozen=True, kw_only=True, slots=True)
class HandedOver:
    """What became of it: a run for each kind of records, seats passed on, seats that were not."""

    runs: tuple[BulkRun, ...]
    seats: int
    kept: tuple[Problem, ...]


def holdings(ctx: Context, user: int) -> Holdings:
    """Answer what a user holds; nothing changes. Raises Forbidden for anybody but administrators.

    Records that they own in every entity, open tasks that they are to do, seats that wait for them.
    """
    if not ctx.actor.administrator:
        raise Forbidden(code="handover.forbidden")
    found = tuple(one for one in _records(ctx, user) if one.count)
    return Holdings(records=found, seats=len(approvals.waiting_seats(ctx.connection, {user})))


def hand_over(ctx: Context, user: int, successor: int) -> HandedOver:
    """Give all that a user holds to a successor, in the one way of writing; large lots as jobs.

    Seats are forwarded in the user's name; those that the successor cannot take stay and are told.
    Raises Forbidden, NotValid for a successor who may not sign in or is the same person.
    """
    held, heir = holdings(ctx, user), actor_of(ctx, successor)
    if heir is None or user == successor:
        raise NotValid(Problem("settings.to", "handover.successor"))
    runs = tuple(start(ctx, _request(one, successor)) for one in held.records)
    passed, kept = 0, list[Problem]()
    for problem in _forward(ctx, user, successor):
        if problem is None:
            passed += 1
        else:
            kept.append(problem)
    return HandedOver(runs=runs, seats=passed, kept=tuple(kept))


def _records(ctx: Context, user: int) -> Iterator[Holding]:
    for entity in ctx.catalog.entities():
        if entity.traits.owned and not entity.parent and not entity.traits.append_only:
            yield _holding(ctx, entity.id, OWNER, f"owner == {user}")
    yield _holding(ctx, TASK, ASSIGNEE, f"{ASSIGNEE} == {user} && {_OPEN}")


def _holding(ctx: Context, entity: str, field: str, text: str) -> Holding:
    query = ListQuery(entity=entity, filter=text, count="exact")
    return Holding(entity=entity, field=field, filter=text, count=count(ctx, query).value)


def _request(one: Holding, successor: int) -> BulkRequest:
    settings = {one.field: successor}
    return BulkRequest(entity=one.entity, act="update", settings=settings, filter=one.filter)


def _forward(ctx: Context, user: int, successor: int) -> Iterator[Problem | None]:
    """Forward each seat of a user; yield None for one that was passed on, else why it was not."""
    leaver = replace(ctx, actor=_in_their_name(ctx, user))
    for seat in approvals.waiting_seats(ctx.connection, {user}):
        request = approvals.request_by_id(ctx.connection, seat.approval)
        if request is None:
            continue
        saved = ctx.connection.begin_nested()
        try:
            forward(leaver, request.entity, request.record, {"to": successor, "seat": seat.id})
        except LooplineError as error:
            saved.rollback()
            about = f"{request.entity}/{request.record}"
            yield Problem(about, error.problems[0].code if error.problems else error.key)
        else:
            saved.commit()
            yield None


def _in_their_name(ctx: Context, user: int) -> Actor:
    """Answer the user as an actor; whoever is disabled already still names what they held."""
    known = actor_of(ctx, user)
    return known or replace(ctx.actor, id=user, administrator=False)
