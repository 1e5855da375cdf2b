"""The API as an administrator uses it, a customer who looks at pages, and people with skills."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from loopline.jobs.mail import mail
from loopline.jobs.schedule import Schedule
from loopline.services.notifications import notifications
from loopline.web.app import create_app


@pytest.fixture(autouse=True)
def known_address(monkeypatch) -> None:
    """Let the site know its address: without one, no mail has a link."""
    monkeypatch.setenv("LOOPLINE_WEB_URL", "http://localhost")


@pytest.fixture
def act(api) -> Callable[..., Any]:
    """Answer what does an action to a ticket, or to a record of another entity."""

    def do(action: str, number: int, body=None, *, entity: str = "ticket", status: int = 0) -> Any:
        return api("POST", f"/records/{entity}/{number}/actions/{action}", body or {}, status)

    return do


@pytest.fixture
def ticket(api) -> Callable[..., int]:
    """Answer what makes a ticket and answers its number."""

    def make(**values: object) -> int:
        return int(api("POST", "/records/ticket", {"subject": "Pump leaks", **values})["id"])

    return make


@pytest.fixture
def read(api) -> Callable[[int], dict[str, Any]]:
    return lambda number: api("GET", f"/records/ticket/{number}")


@pytest.fixture
def visitor(platform) -> Iterator[TestClient]:
    with TestClient(create_app(platform), base_url="http://localhost") as found:
        found.headers["accept-language"] = "en"
        yield found


@pytest.fixture
def later(platform, clock) -> Callable[..., None]:
    """Answer what moves the clock on and lets the worker do what is due."""

    def move(**span: float) -> None:
        clock.at += timedelta(**span)
        Schedule(platform.database, platform.recurring).enqueue_due(clock.at)
        platform.worker().run_due()

    return move


@pytest.fixture
def at(clock) -> Callable[[str], None]:
    """Answer what sets the clock to a moment of the site's zone."""

    def move(local: str) -> None:
        clock.at = datetime.fromisoformat(f"{local}+08:00").astimezone(UTC)

    return move


@pytest.fixture
def mails(platform) -> Callable[[], list[Any]]:
    """Answer what reads the mails that the service wrote, the oldest first."""

    def read() -> list[Any]:
        platform.worker().run_due()
        with platform.read() as ctx:
            return list(ctx.connection.execute(sa.select(mail).order_by(mail.c.id)))

    return read


@pytest.fixture
def link_in() -> Callable[[str], str]:
    """Answer what finds the address of a page in a text."""
    return lambda text: re.search(r"(/(?:tickets|satisfaction)/[\w-]+)", text)[1]


@pytest.fixture
def told(platform) -> Callable[[Any], list[str]]:
    """Answer what reads the notices of somebody, the newest first."""

    def read(who) -> list[str]:
        with platform.read(who) as ctx:
            return [one.text for one in notifications(ctx).items if one.kind == "notice"]

    return read
