"""Outgoing webhooks: who is told which events, and the log of what became of each."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from loopline.errors import NotFound
from loopline.jobs.queue import enqueue
from loopline.jobs.tables import attempt, delivery, webhook
from loopline.jobs.targets import check_url

DELIVER: Final = "webhook.deliver"


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One try to deliver: an HTTP status and the beginning of the answer, or an error."""

    at: datetime
    milliseconds: int
    status: int | None
    answer: str | None
    error: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """An event for one webhook, and what became of it so far."""

    id: int
    event: str
    state: str
    created_at: datetime
    finished_at: datetime | None
    attempts: tuple[Attempt, ...]


def add_webhook(
    connection: sa.Connection, name: str, url: str, events: Sequence[str], now: datetime
) -> tuple[int, str]:
    """Register a receiver of some events, or of all if none is named; answer its id and secret.

    Raises NotValid for a URL that cannot be used.
    """
    check_url(url)
    secret = secrets.token_urlsafe(32)
    added = webhook.insert().values(
        name=name, url=url, secret=secret, events=list(events), active=True, created_at=now
    )
    return int(connection.execute(added.returning(webhook.c.id)).scalar_one()), secret


def switch_webhook(connection: sa.Connection, number: int, *, active: bool) -> None:
    """Switch a receiver on or off. Raises NotFound."""
    changed = webhook.update().where(webhook.c.id == number).values(active=active)
    if not connection.execute(changed).rowcount:
        raise NotFound(code="webhook.not_found", id=number)


def announce(
    connection: sa.Connection, event: str, body: Mapping[str, Any], now: datetime, key: str
) -> int:
    """Tell every receiver of an event after the caller's transaction; answer how many.

    The same ``key`` (what happened, once) is told to each receiver once.
    """
    active = sa.select(webhook.c.id, webhook.c.events).where(webhook.c.active)
    content = orjson.dumps({"event": event, "at": now, "data": body}).decode()
    told = 0
    for row in connection.execute(active).all():
        if event in row.events or not row.events:
            told += _enter(connection, row.id, event, content, now, f"{row.id}:{key}")
    return told


def deliveries(connection: sa.Connection, number: int, most: int = 50) -> list[Delivery]:
    """Answer the deliveries of a webhook, the newest first, each with its attempts."""
    query = sa.select(delivery).where(delivery.c.webhook == number)
    rows = connection.execute(query.order_by(delivery.c.id.desc()).limit(most)).all()
    tries: dict[int, list[Attempt]] = {row.id: [] for row in rows}
    wanted = sa.select(attempt).where(attempt.c.delivery.in_(tries)).order_by(attempt.c.id)
    for one in connection.execute(wanted):
        tries[one.delivery].append(
            Attempt(
                at=one.at,
                milliseconds=one.milliseconds,
                status=one.status,
                answer=one.answer,
                error=one.error,
            )
        )
    return [
        Delivery(
            id=row.id,
            event=row.event,
            state=row.state,
            created_at=row.created_at,
            finished_at=row.finished_at,
            attempts=tuple(tries[row.id]),
        )
        for row in rows
    ]


def _enter(
    connection: sa.Connection, number: int, event: str, content: str, now: datetime, key: str
) -> bool:
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    added = make(delivery).values(
        webhook=number, key=key, event=event, body=content, state="waiting", created_at=now
    )
    once = added.on_conflict_do_nothing(index_elements=[delivery.c.key])
    one = connection.execute(once.returning(delivery.c.id)).scalar_one_or_none()
    if one is None:
        return False
    return enqueue(connection, DELIVER, {"delivery": one}, now, unique_key=f"{DELIVER}:{one}")
