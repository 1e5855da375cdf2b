"""The API as an administrator uses it, a shop with a member, and a worker for what follows."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from loopline.jobs.schedule import Schedule
from loopline.web.app import create_app


@pytest.fixture
def act(api) -> Callable[..., Any]:
    """Answer what does an action and answers what it said."""

    def do(entity: str, record: int, action: str, body=None, status: int = 0) -> Any:
        return api("POST", f"/records/{entity}/{record}/actions/{action}", body or {}, status)

    return do


@pytest.fixture
def visitor(platform) -> Iterator[TestClient]:
    with TestClient(create_app(platform), base_url="http://localhost") as found:
        yield found


@pytest.fixture
def work(platform) -> Callable[[], None]:
    """Answer what runs the jobs that are waiting."""

    def run() -> None:
        platform.worker().run_due()

    return run


@pytest.fixture
def wait(platform, clock, work) -> Callable[..., None]:
    """Answer what lets time pass and has the worker do what is due."""

    def pass_by(**span: float) -> None:
        clock.at += timedelta(**span)
        Schedule(platform.database, platform.recurring).enqueue_due(platform.clock.now())
        work()

    return pass_by


@pytest.fixture
def member(api) -> int:
    """Answer a member whose customer is number 1."""
    api("POST", "/records/customer", {"name": "Mill"})
    body = {"name": "Mill", "customer": 1, "joined": "2026-01-01"}
    return api("POST", "/records/member", body)["id"]


@pytest.fixture
def pay(api, work) -> Callable[..., int]:
    """Answer what books a payment of customer 1 and lets what follows happen."""

    def book(amount: str, **values: object) -> int:
        body = {"customer": 1, "amount": amount, "received_at": "2026-01-05", **values}
        made = api("POST", "/records/receipt", body)["id"]
        work()
        return made

    return book


@pytest.fixture
def points(api) -> Callable[[], int]:
    """Answer what reads the balance of member 1, after holding it against its entries."""

    def read() -> int:
        entries = api("GET", "/records/points_entry?limit=1000")["items"]
        found = api("GET", "/records/member/1")["points_balance"]
        assert found == sum(one["points"] for one in entries if one["member"] == 1)
        return found

    return read
