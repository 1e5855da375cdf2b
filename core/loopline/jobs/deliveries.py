"""Delivering webhooks: signed, retried, every attempt on record, never to the inside."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from time import monotonic
from typing import Any, Final

import sqlalchemy as sa

from loopline.clock import Clock
from loopline.errors import NotFound, NotValid, Unavailable
from loopline.jobs.queue import Job
from loopline.jobs.signing import SIGNATURE, TIMESTAMP, sign
from loopline.jobs.tables import attempt, delivery, webhook
from loopline.jobs.targets import Resolve, Target, find_target, resolve_host
from loopline.jobs.webhooks import DELIVER
from loopline.jobs.worker import Handler
from loopline.settings import Network
from loopline.store.engine import Database

_TIMEOUT: Final = 10.0
"""Seconds for connecting and for each part of the answer."""
_LONGEST_ANSWER: Final = 2_000
"""Bytes of an answer that are read and kept."""
_GONE: Final = 410
"""The other side wants no more of this: the only refusal that is not tried again."""


def webhook_handler(
    database: Database,
    clock: Clock,
    allowed: Sequence[Network],
    resolve: Resolve = resolve_host,
) -> Mapping[str, Handler]:
    """Answer what delivers; what was delivered is not delivered again."""

    def deliver(job: Job) -> None:
        with database.read() as connection:
            found = _find(connection, int(job.payload["delivery"]))
        if found.state == "delivered" or not found.active:
            return
        begun, started = clock.now(), monotonic()
        try:
            target = find_target(found.url, allowed, resolve)
            status, answer = _post(target, _head(found, begun), found.body.encode())
            outcome: dict[str, Any] = {"status": status, "answer": answer}
            error = _refusal(status)
        except (NotValid, Unavailable) as refusal:
            outcome, error = {"error": str(refusal)}, refusal
        outcome |= {"at": begun, "milliseconds": int((monotonic() - started) * 1000)}
        with database.write() as connection:
            _note(connection, found.id, outcome, error, clock.now())
        if error is not None:
            raise error

    return {DELIVER: deliver}


def _find(connection: sa.Connection, number: int) -> Any:
    columns = (webhook.c.url, webhook.c.secret, webhook.c.active)
    query = sa.select(delivery, *columns).join(webhook, webhook.c.id == delivery.c.webhook)
    found = connection.execute(query.where(delivery.c.id == number)).one_or_none()
    if found is None:
        raise NotFound(code="webhook.not_found", id=number)
    return found


def _head(found: Any, now: datetime) -> dict[str, str]:
    timestamp = int(now.timestamp())
    return {
        "Content-Type": "application/json",
        "User-Agent": "Loopline",
        "Loopline-Event": found.event,
        "Loopline-Delivery": str(found.id),
        TIMESTAMP: str(timestamp),
        SIGNATURE: sign(found.secret, timestamp, found.body.encode()),
    }


def _post(target: Target, head: Mapping[str, str], body: bytes) -> tuple[int, str]:
    """Send and answer status and the beginning of the answer; neither proxies nor redirects."""
    import httpx2

    with httpx2.Client(trust_env=False, follow_redirects=False, timeout=_TIMEOUT) as client:
        request = client.build_request(
            "POST",
            target.url,
            content=body,
            headers={**head, "Host": target.host},
            extensions={"sni_hostname": target.name},
        )
        try:
            answer = client.send(request, stream=True)
            try:
                return answer.status_code, _beginning(answer.iter_raw())
            finally:
                answer.close()
        except httpx2.HTTPError as error:
            reason = f"{type(error).__name__}: {error}"
            raise Unavailable(code="webhook.unreachable", reason=reason) from error


def _beginning(parts: Iterator[bytes]) -> str:
    until, read = monotonic() + _TIMEOUT, b""
    for part in parts:
        read += part
        if len(read) >= _LONGEST_ANSWER or monotonic() > until:
            break
    return read[:_LONGEST_ANSWER].decode("utf-8", "replace").replace("\0", "")


def _refusal(status: int) -> NotValid | Unavailable | None:
    if 200 <= status < 300:
        return None
    refusal = NotValid if status == _GONE else Unavailable
    return refusal(code="webhook.refused", status=status)


def _note(
    connection: sa.Connection,
    number: int,
    outcome: Mapping[str, Any],
    error: Exception | None,
    now: datetime,
) -> None:
    connection.execute(attempt.insert().values(delivery=number, **outcome))
    state = "delivered" if error is None else "failed" if isinstance(error, NotValid) else "waiting"
    finished = None if state == "waiting" else now
    changed = delivery.update().where(delivery.c.id == number)
    connection.execute(changed.values(state=state, finished_at=finished))
