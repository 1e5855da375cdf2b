"""Outgoing webhooks against a server on the loopback: signed, once, retried, on record, guarded."""

import json
import socket
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_network

import pytest
import sqlalchemy as sa

from loopline.bootstrap import Platform
from loopline.clock import FixedClock
from loopline.errors import NotFound, NotValid, Unavailable
from loopline.jobs.deliveries import webhook_handler
from loopline.jobs.queue import job
from loopline.jobs.signing import SIGNATURE, TIMESTAMP, sign, verify
from loopline.jobs.targets import find_target
from loopline.jobs.webhooks import (
    Delivery,
    add_webhook,
    announce,
    deliveries,
    switch_webhook,
)
from loopline.jobs.worker import Worker

LOOPBACK = [ip_network("127.0.0.0/8")]


class Receiver(HTTPServer):
    """A server that keeps what it gets and answers as it is told."""

    status = 200
    location = ""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Kept)
        self.got: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://hooks.example.com:{self.server_port}/in?x=1"


class _Kept(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Location", self.server.location)
        self.end_headers()
        self.wfile.write(b"thank you")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver():
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def hook(platform: Platform, clock: FixedClock, receiver: Receiver) -> tuple[int, str]:
    with platform.database.write() as connection:
        connection.execute(job.delete())
        return add_webhook(connection, "ERP", receiver.url, ["won"], clock.now())


@pytest.fixture
def worker(platform: Platform, clock: FixedClock) -> Worker:
    handlers = webhook_handler(platform.database, clock, LOOPBACK, lambda *_: ["127.0.0.1"])
    return Worker(platform.database, clock, handlers)


def _announce(platform: Platform, clock: FixedClock, event: str = "won", key: str = "k") -> int:
    with platform.database.write() as connection:
        return announce(connection, event, {"id": 7}, clock.now(), key)


def _log(platform: Platform, number: int) -> list[Delivery]:
    with platform.database.read() as connection:
        return deliveries(connection, number)


def test_an_event_arrives_signed(platform, clock, receiver, hook, worker) -> None:
    assert _announce(platform, clock) == 1
    assert worker.run_due() == 1
    ((head, body),) = receiver.got
    assert json.loads(body) == {
        "event": "won",
        "at": clock.now().isoformat(),
        "data": {"id": 7},
    }
    assert head["Host"] == receiver.url.split("/")[2]
    assert verify(hook[1], head[TIMESTAMP], head[SIGNATURE], body, clock.now())
    (told,) = _log(platform, hook[0])
    assert (told.state, told.attempts[0].status) == ("delivered", 200)
    assert told.attempts[0].answer == "thank you"


def test_an_event_is_told_once_and_only_to_whom_asked(platform, clock, hook) -> None:
    assert [_announce(platform, clock) for _ in range(2)] == [1, 0]
    assert _announce(platform, clock, "lost", "other") == 0


def test_a_switched_off_receiver_hears_nothing(platform, clock, receiver, hook, worker) -> None:
    _announce(platform, clock)
    with platform.database.write() as connection:
        switch_webhook(connection, hook[0], active=False)
        with pytest.raises(NotFound):
            switch_webhook(connection, 0, active=False)
    worker.run_due()
    assert (receiver.got, _announce(platform, clock, key="later")) == ([], 0)


def test_a_receiver_in_trouble_is_tried_again(platform, clock, receiver, hook, worker) -> None:
    _announce(platform, clock)
    for receiver.status in (503, 429, 200):
        worker.run_due()
        clock.move(timedelta(minutes=1))
    (told,) = _log(platform, hook[0])
    assert [one.status for one in told.attempts] == [503, 429, 200]
    assert told.state == "delivered"
    assert worker.run_due() == 0


def test_each_attempt_is_signed_at_its_own_time(platform, clock, receiver, hook, worker) -> None:
    _announce(platform, clock)
    for receiver.status in (500, 200):
        worker.run_due()
        clock.move(timedelta(minutes=10))
    times = [int(head[TIMESTAMP]) for head, _ in receiver.got]
    assert times[1] - times[0] == 600


def test_a_receiver_that_is_gone_is_given_up(platform, clock, receiver, hook, worker) -> None:
    receiver.status = 410
    _announce(platform, clock)
    worker.run_due()
    assert _log(platform, hook[0])[0].state == "failed"
    with platform.database.read() as connection:
        assert connection.execute(sa.select(job.c.state)).scalars().all() == ["dead"]


def test_a_redirect_is_not_followed(platform, clock, receiver, hook, worker) -> None:
    receiver.status, receiver.location = 302, receiver.url
    _announce(platform, clock)
    worker.run_due()
    assert len(receiver.got) == 1
    assert _log(platform, hook[0])[0].attempts[0].status == 302


def test_the_inside_is_refused_unless_it_is_allowed(platform, clock, receiver, hook) -> None:
    handlers = webhook_handler(platform.database, clock, [], lambda *_: ["127.0.0.1"])
    _announce(platform, clock)
    Worker(platform.database, clock, handlers).run_due()
    (told,) = _log(platform, hook[0])
    assert (receiver.got, told.state) == ([], "failed")
    assert "webhook.address" in str(told.attempts[0].error)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 refused, not bound to
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_no_inside_address_is_a_target(address: str) -> None:
    for found in ([address], ["93.184.216.34", address]):
        with pytest.raises(NotValid, match=r"webhook\.address"):
            find_target("https://example.com/in", [], lambda *_, f=found: f)


@pytest.mark.parametrize("url", ["http://0x7f000001/", "http://127.1/", "http://2130706433/"])
def test_odd_spellings_of_the_inside_are_found_out(url: str) -> None:
    with pytest.raises(NotValid, match=r"webhook\.address"):
        find_target(url, [], lambda host, _: [socket.inet_ntoa(socket.inet_aton(host))])


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com",
        "file:///etc/passwd",
        "https://",
        "https://user:pass@example.com",
        "https://example.com:0/",
        "https://example.com:99999/",
        "https://exa mple.com/",
        "https://[::1/",
    ],
)
def test_a_url_that_cannot_be_used_is_refused_at_once(platform, clock, url: str) -> None:
    with platform.database.write() as connection, pytest.raises(NotValid, match=r"webhook\.url"):
        add_webhook(connection, "x", url, [], clock.now())


def test_a_name_is_looked_up_once_and_that_address_is_used() -> None:
    looked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        looked.append(host)
        return ["93.184.216.34"]

    target = find_target("https://example.com/in?x=1", [], resolve)
    assert (target.url, target.host) == ("https://93.184.216.34:443/in?x=1", "example.com")
    assert looked == ["example.com"]


def test_a_host_that_is_not_there_is_tried_again() -> None:
    def nobody(_host: str, _port: int) -> list[str]:
        raise OSError("no such host")

    with pytest.raises(Unavailable, match=r"webhook\.unknown_host"):
        find_target("https://example.com/", [], nobody)


def test_a_signature_holds_for_its_body_its_time_and_its_secret(clock: FixedClock) -> None:
    now, body = clock.now(), b'{"a":1}'
    sent = int(now.timestamp())
    good = sign("s", sent, body)
    assert verify("s", str(sent), good, body, now)
    assert not verify("other", str(sent), good, body, now)
    assert not verify("s", str(sent), good, b'{"a":2}', now)
    assert not verify("s", str(sent + 1), good, body, now)
    assert not verify("s", str(sent), good, body, now + timedelta(minutes=6))
    assert not verify("s", "soon", good, body, now)
