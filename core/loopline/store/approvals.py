"""The tables of approvals: requests, the steps they reached, seats, events, one-time links."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from loopline.store.system import metadata
from loopline.store.types import BIG, KEY, TEXT, Moment, Opaque

LIVE: Final = ("pending", "approved")
"""The states of which a record has at most one request of each approval."""
_LIVE_ONLY: Final = sa.text("state IN ('pending', 'approved')")

approval = sa.Table(
    "ll_approval",
    metadata,
    sa.Column("id", KEY, primary_key=True, autoincrement=True),
    sa.Column("document", TEXT, nullable=False),
    sa.Column("entity", TEXT, nullable=False),
    sa.Column("record", BIG, nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("state", TEXT, nullable=False),  # one of the live ones, or how it ended
    sa.Column("submitted_by", BIG),
    sa.Column("submitted_at", Moment(), nullable=False),
    sa.Column("comment", TEXT),
    sa.Column("lock_hash", TEXT, nullable=False),
    sa.Column("locked", Opaque(), nullable=False),  # the locked fields as they were, in JSON form
    sa.Column("finished_at", Moment()),
    sa.Index("ix_ll_approval_record", "entity", "record"),
    sa.Index("ix_ll_approval_submitter", "submitted_by", "id"),
    sa.Index(
        "ux_ll_approval_live",
        "document",
        "entity",
        "record",
        unique=True,
        sqlite_where=_LIVE_ONLY,
        postgresql_where=_LIVE_ONLY,
    ),
)
step = sa.Table(
    "ll_approval_step",
    metadata,
    sa.Column("id", KEY, primary_key=True, autoincrement=True),
    sa.Column("approval", BIG, nullable=False),
    sa.Column("step", TEXT, nullable=False),
    sa.Column("mode", TEXT, nullable=False),
    sa.Column("needed", sa.Integer, nullable=False),
    sa.Column("state", TEXT, nullable=False),  # open, stuck, passed, rejected, returned, closed
    sa.Column("reason", Opaque()),  # why it is stuck: [code, parameters]
    sa.Column("opened_at", Moment(), nullable=False),
    sa.Column("closed_at", Moment()),
    sa.Index("ix_ll_approval_step_approval", "approval"),
    sa.Index("ix_ll_approval_step_state", "state"),
)
seat = sa.Table(
    "ll_approval_seat",
    metadata,
    sa.Column("id", KEY, primary_key=True, autoincrement=True),
    sa.Column("approval", BIG, nullable=False),
    sa.Column("step", BIG, nullable=False),
    sa.Column("user_id", BIG, nullable=False),
    sa.Column("for_user", BIG),  # in whose name, for a seat that was delegated
    sa.Column("origin", TEXT, nullable=False),  # asked, signer
    sa.Column("after", BIG),  # the seat that must agree before this one is asked
    sa.Column("state", TEXT, nullable=False),  # waiting, queued, or what became of it
    sa.Column("decided_by", BIG),
    sa.Column("decided_at", Moment()),
    sa.Column("comment", TEXT),
    sa.Index("ix_ll_approval_seat_approval", "approval"),
    sa.Index("ix_ll_approval_seat_user", "user_id", "state"),
    sa.Index("ix_ll_approval_seat_decided", "decided_by", "id"),
)
approval_event = sa.Table(
    "ll_approval_event",
    metadata,
    sa.Column("id", KEY, primary_key=True, autoincrement=True),
    sa.Column("approval", BIG, nullable=False),
    sa.Column("step", TEXT),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("actor", BIG),
    sa.Column("for_user", BIG),
    sa.Column("act", TEXT, nullable=False),
    sa.Column("comment", TEXT),
    sa.Column("detail", Opaque(), nullable=False),
    sa.Index("ix_ll_approval_event_approval", "approval", "id"),
)
link = sa.Table(
    "ll_approval_link",
    metadata,
    sa.Column("hash", TEXT, primary_key=True),
    sa.Column("seat", BIG, nullable=False),
    sa.Column("user_id", BIG, nullable=False),
    sa.Column("expires_at", Moment(), nullable=False),
    sa.Column("used_at", Moment()),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One request for approval, as it stands.

    ``state`` is pending or approved, or rejected, returned, withdrawn or voided.
    """

    id: int
    document: str
    entity: str
    record: int
    round: int
    state: str
    submitted_by: int | None
    submitted_at: datetime
    comment: str | None
    lock_hash: str
    locked: Mapping[str, Any]
    finished_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A step that a request has reached. ``step`` is its id in the document."""

    id: int
    approval: int
    step: str
    mode: str
    needed: int
    state: str
    reason: Sequence[Any] | None
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Seat:
    """Somebody who is asked in a step.

    ``state`` is waiting, queued (behind ``after``), approved, rejected, returned, handed_on, or
    closed where it was not needed any more.
    """

    id: int
    approval: int
    step: int
    user_id: int
    for_user: int | None
    origin: str
    after: int | None
    state: str
    decided_by: int | None
    decided_at: datetime | None
    comment: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One act on a request, or what followed from one."""

    id: int
    approval: int
    step: str | None
    at: datetime
    actor: int | None
    for_user: int | None
    act: str
    comment: str | None
    detail: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A one-time link in a mail, known by the hash of its secret."""

    hash: str
    seat: int
    user_id: int
    expires_at: datetime
    used_at: datetime | None


def add(connection: sa.Connection, table: sa.Table, **values: object) -> int:
    """Add a row to one of these tables; answer its number."""
    made = connection.execute(table.insert().values(**values).returning(table.c.id))
    return int(made.scalar_one())


def change(connection: sa.Connection, table: sa.Table, number: int, **values: object) -> None:
    """Change a row of one of these tables."""
    connection.execute(table.update().where(table.c.id == number).values(**values))


def lock_request(connection: sa.Connection, number: int) -> Request | None:
    """Answer a request that nobody else changes until this transaction ends."""
    query = sa.select(approval).where(approval.c.id == number)
    return next(_requests(connection, _locking(connection, query)), None)


def request_by_id(connection: sa.Connection, number: int) -> Request | None:
    """Answer a request; None if there is none."""
    return next(_requests(connection, sa.select(approval).where(approval.c.id == number)), None)


def live_requests(
    connection: sa.Connection, entity: str, records: Collection[int], *, lock: bool = False
) -> list[Request]:
    """Answer the requests of records that are pending or approved, oldest first."""
    query = sa.select(approval).where(
        approval.c.entity == entity, approval.c.record.in_(records), approval.c.state.in_(LIVE)
    )
    query = query.order_by(approval.c.id)
    return list(_requests(connection, _locking(connection, query) if lock else query))


def requests_of(connection: sa.Connection, entity: str, record: int) -> list[Request]:
    """Answer every request of a record, the newest first."""
    query = sa.select(approval).where(approval.c.entity == entity, approval.c.record == record)
    return list(_requests(connection, query.order_by(approval.c.id.desc())))


def requests_by_id(connection: sa.Connection, numbers: Collection[int]) -> dict[int, Request]:
    """Answer requests by their numbers."""
    query = sa.select(approval).where(approval.c.id.in_(numbers))
    return {one.id: one for one in _requests(connection, query)}


def requests_by(connection: sa.Connection, user: int, most: int) -> list[Request]:
    """Answer the newest requests that somebody made."""
    query = sa.select(approval).where(approval.c.submitted_by == user)
    return list(_requests(connection, query.order_by(approval.c.id.desc()).limit(most)))


def last_round(connection: sa.Connection, document: str, entity: str, record: int) -> int:
    """Answer how often an approval of a record was requested."""
    query = sa.select(sa.func.max(approval.c.round)).where(
        approval.c.document == document, approval.c.entity == entity, approval.c.record == record
    )
    return connection.execute(query).scalar() or 0


def steps_of(connection: sa.Connection, requests: Collection[int]) -> list[Step]:
    """Answer the steps that requests have reached, in the order they were reached."""
    query = sa.select(step).where(step.c.approval.in_(requests)).order_by(step.c.id)
    return [Step(**row._mapping) for row in connection.execute(query)]


def unfinished_requests(connection: sa.Connection) -> list[int]:
    """Answer the requests that have a step that is open or stuck, oldest first."""
    query = sa.select(step.c.approval).where(step.c.state.in_(("open", "stuck"))).distinct()
    return list(connection.execute(query.order_by(step.c.approval)).scalars())


def stuck_steps(connection: sa.Connection, most: int) -> list[Step]:
    """Answer the steps in which nobody can decide, the newest first."""
    query = sa.select(step).where(step.c.state == "stuck").order_by(step.c.id.desc()).limit(most)
    return [Step(**row._mapping) for row in connection.execute(query)]


def seats_of(connection: sa.Connection, requests: Collection[int]) -> list[Seat]:
    """Answer the seats of requests."""
    query = sa.select(seat).where(seat.c.approval.in_(requests)).order_by(seat.c.id)
    return [Seat(**row._mapping) for row in connection.execute(query)]


def waiting_seats(connection: sa.Connection, users: Collection[int]) -> list[Seat]:
    """Answer the seats of users that wait for a decision, the oldest first."""
    query = sa.select(seat).where(seat.c.user_id.in_(users), seat.c.state == "waiting")
    return [Seat(**row._mapping) for row in connection.execute(query.order_by(seat.c.id))]


def decided_seats(connection: sa.Connection, user: int, most: int) -> list[Seat]:
    """Answer the seats on which somebody decided last."""
    query = sa.select(seat).where(seat.c.decided_by == user).order_by(seat.c.id.desc())
    return [Seat(**row._mapping) for row in connection.execute(query.limit(most))]


def seat_by_id(connection: sa.Connection, number: int) -> Seat | None:
    """Answer a seat; None if there is none."""
    row = connection.execute(sa.select(seat).where(seat.c.id == number)).one_or_none()
    return None if row is None else Seat(**row._mapping)


def close_open(connection: sa.Connection, request: int, state: str, now: datetime) -> None:
    """Close what is open of a request: its step in the given state, and the seats that wait."""
    open_steps = (step.c.approval == request) & step.c.state.in_(("open", "stuck"))
    connection.execute(step.update().where(open_steps).values(state=state, closed_at=now))
    unused = (seat.c.approval == request) & seat.c.state.in_(("waiting", "queued"))
    connection.execute(seat.update().where(unused).values(state="closed"))


def follow_instead(connection: sa.Connection, before: int, now: int) -> None:
    """Let the seats that wait for one seat wait for another; that one itself stays as it is."""
    waiting = (seat.c.after == before) & (seat.c.id != now)
    connection.execute(seat.update().where(waiting).values(after=now))


def add_link(connection: sa.Connection, **values: object) -> None:
    """Keep a one-time link."""
    connection.execute(link.insert().values(**values))


def link_by_hash(connection: sa.Connection, hashed: str) -> Link | None:
    """Answer a one-time link; None if there is none."""
    row = connection.execute(sa.select(link).where(link.c.hash == hashed)).one_or_none()
    return None if row is None else Link(**row._mapping)


def spend_link(connection: sa.Connection, hashed: str, now: datetime) -> bool:
    """Mark a link used; answer whether it was not before."""
    unused = (link.c.hash == hashed) & link.c.used_at.is_(None)
    return connection.execute(link.update().where(unused).values(used_at=now)).rowcount == 1


def events_of(connection: sa.Connection, requests: Collection[int]) -> list[Event]:
    """Answer the events of requests in their order."""
    query = sa.select(approval_event).where(approval_event.c.approval.in_(requests))
    rows = connection.execute(query.order_by(approval_event.c.id))
    return [Event(**row._mapping) for row in rows]


def _locking(connection: sa.Connection, query: sa.Select[Any]) -> sa.Select[Any]:
    return query.with_for_update() if connection.dialect.name == "postgresql" else query


def _requests(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[Request]:
    for row in connection.execute(query):
        yield Request(**row._mapping)
