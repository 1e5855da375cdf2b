"""What those who watch over a site ask it: is it alive, can it serve, how does it fare."""

import logging
import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from loopline.jobs.queue import enqueue
from loopline.web.app import create_app
from loopline.web.watching import REQUESTS, place_of


@pytest.fixture
def numbers(call):
    """Answer a reader of the metrics: values by name and labels."""

    def read() -> dict[tuple[str, tuple[str, ...]], float]:
        families = text_string_to_metric_families(call("GET", "/metrics").text)
        return {
            (one.name, tuple(one.labels.values())): one.value
            for family in families
            for one in family.samples
        }

    return read


def test_a_site_that_serves_says_what(ask, platform) -> None:
    found = ask(None, "GET", "/health").json()
    with platform.read() as ctx:
        assert (found["status"], found["release"]) == ("ok", ctx.snapshot.revision)
    assert found["worker_seen"] is None


def test_a_worker_that_works_is_seen(ask, platform) -> None:
    platform.worker()._schedule.enqueue_due(platform.clock.now())
    assert ask(None, "GET", "/health").json()["worker_seen"] == "2026-01-05T01:00:00Z"


def test_without_its_database_a_site_is_alive_and_unwell(ask, platform, request) -> None:
    assert ask(None, "GET", "/health").status_code == 200
    if platform.settings.is_sqlite:
        Path(platform.settings.database_url.removeprefix("sqlite:///")).unlink()
    else:
        name = platform.database.url.database
        server = request.getfixturevalue("pg_server")
        server.execute(f"drop database {name} with (force)")
    answer = ask(None, "GET", "/health")
    assert (answer.status_code, answer.json()["code"]) == (503, "database.unreachable")
    assert ask(None, "GET", "/alive").status_code == 200


def test_the_numbers_need_a_token(ask, token) -> None:
    assert ask(None, "GET", "/metrics").status_code == 401
    assert ask(token("read"), "GET", "/metrics").headers["content-type"].startswith("text/plain")


def test_requests_are_counted_by_route(call, numbers) -> None:
    for number in (1, 2, 3):
        call("GET", f"/records/x_thing/{number}")
    route = "/api/v1/records/{entity}/{id}"
    assert numbers()["loopline_http_requests_total", ("GET", route, "404")] == 3
    assert numbers()["loopline_http_request_seconds_count", ("GET", route)] == 3
    call("GET", "/wibble/a@example.com")
    assert "a@example.com" not in call("GET", "/metrics").text


def test_jobs_are_counted_by_state(numbers, platform) -> None:
    before = numbers()
    with platform.database.write() as connection:
        enqueue(connection, "wibble", {}, platform.clock.now())
    found = numbers()
    assert found["loopline_jobs", ("ready",)] == before["loopline_jobs", ("ready",)] + 1
    assert found["loopline_jobs", ("dead",)] == 0
    with platform.read() as ctx:
        assert found["loopline_release", ()] == ctx.snapshot.revision


def test_the_numbers_are_about_nobody(call, numbers, make_record) -> None:
    make_record("x_thing", name="Secret Ada", mail="ada@example.com", phone="+8613812341234")
    call("GET", "/records/x_thing", params={"q": "13812341234", "filter": "name == 'Secret Ada'"})
    text = call("GET", "/metrics").text
    assert not re.search(r"Secret|ada|1381234|x_thing", text)


def test_an_id_comes_back_and_an_odd_one_is_replaced(ask) -> None:
    given = ask(None, "GET", "/health", headers={"x-request-id": "proxy-7:a"})
    assert given.headers["x-request-id"] == "proxy-7:a"
    for odd in ("a b", "a" * 101, "<script>", ""):
        made = ask(None, "GET", "/health", headers={"x-request-id": odd}).headers["x-request-id"]
        assert re.fullmatch("[0-9a-f]{16}", made)


def test_a_failure_carries_its_id_too(platform, monkeypatch, caplog) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("loopline.web.api.watching.last_look", fail)
    with TestClient(create_app(platform), raise_server_exceptions=False) as client:
        answer = client.get("/api/v1/health", headers={"x-request-id": "seven"})
    assert (answer.status_code, answer.headers["x-request-id"]) == (500, "seven")
    assert [one.getMessage() for one in caplog.records] == ["GET /api/v1/health"]


def test_the_log_tells_the_route_and_no_secret(ask, call, caplog) -> None:
    caplog.set_level(logging.INFO, REQUESTS)
    call("GET", "/records/x_thing/7?fields=13812341234")
    ask(None, "POST", "/public/forms/secret-key")
    told = [one.getMessage() for one in caplog.records if one.name == REQUESTS]
    assert told == [
        "GET /api/v1/records/x_thing/7 400",
        "POST /api/v1/public/forms/{form} 404",
    ]
    assert caplog.records[-1].milliseconds > 0


@pytest.mark.parametrize("entity", ["a\nb", "a@example.com", "", "a" * 61])
def test_odd_parts_of_an_address_are_not_told(entity) -> None:
    route = type("R", (), {"path": "/records/{entity}/{id:int}"})()
    scope = {"route": route, "path_params": {"entity": entity, "id": 7}}
    assert place_of(scope) == "/records/{entity}/7"
    assert place_of({}) == "-"
