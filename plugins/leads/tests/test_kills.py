"""Under SIGKILL: a lead that nobody followed up is mailed about, told and passed on once.

A request only writes what is to be done. With the worker stopped nothing more happens; killed
twenty times at work, it still happens once: in the data exactly, and outside under one id, by which
receivers know what was in flight when a worker died.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller

from kit import tick_forever
from kit.killing import KILLS, kill_at_work
from loopline.bootstrap import Platform
from loopline.clock import FixedClock
from loopline.jobs.dead import dead, retry
from loopline.jobs.queue import LOST, job
from loopline.jobs.ticks import tick
from loopline.jobs.webhooks import add_webhook
from loopline.services.clock_following import plan_of

LEADS = 20
RULES = """
---
kind: assignment
id: x_rule
format: 1
label: {zh: 甲, en: One}
entity: lead
method: fixed
to: {a: {users: ["ann@example.com", "bo@example.com"]}}
---
kind: clock
id: lead_follow_up
extend: true
marks: {escalate: {actions: {hook: {do: webhook}}}}
"""


class World:
    """Whoever gets mails and calls: the ids under which they came."""

    def __init__(self) -> None:
        self.mails: list[str] = []
        self.calls: list[str] = []

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802
        self.mails.append(str(message_from_bytes(envelope.content)["Message-ID"]))
        return "250 OK"

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """Answer what takes calls over HTTP."""
        world = self

        class Taking(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                world.calls.append(self.headers["Loopline-Delivery"])
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Taking


@pytest.fixture
def site_documents(site_documents: str) -> str:
    return site_documents + RULES


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(autouse=True)
def receiver(world: World, house, platform: Platform, clock: FixedClock) -> Iterator[None]:
    """Take the calls about leads that nobody followed up."""
    server = HTTPServer(("127.0.0.1", 0), world.handler())
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/"
    with platform.database.write() as connection:
        add_webhook(connection, "ERP", address, ["clock.lead_follow_up"], clock.now())
    yield
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def mailbox(world: World, free_port: int) -> Iterator[int]:
    """Answer the port at which mails are taken."""
    controller = Controller(world, hostname="127.0.0.1", port=free_port)
    controller.start()
    yield free_port
    controller.stop()


@pytest.fixture
def free_port() -> int:
    """Answer a port at which nobody listens."""
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.server_close()
    return server.server_port


@pytest.fixture
def site(site: Path, mailbox: int) -> Path:
    """Answer the site with a server for mails, and calls to the inside allowed."""
    outside = f'\n[mail]\nhost = "127.0.0.1"\nport = {mailbox}\ntls = "none"\n'
    outside += 'sender = "crm@example.com"\n\n[webhooks]\nallow = "127.0.0.0/8"\n'
    with (site / "site.toml").open("a", encoding="utf-8") as settings:
        settings.write(outside)
    return site


def _finish(platform: Platform, clock: FixedClock) -> None:
    """Do what the killed ones left, a day later; a job killed eight times is let go again."""
    clock.at = datetime.now(UTC) + timedelta(days=1)
    with platform.write(via="job") as ctx:
        tick(ctx.connection, lambda name: plan_of(ctx, name), ctx.now, 2 * LEADS)
    for _ in range(8):
        platform.worker().run_due()
        with platform.write(via="cli") as ctx:
            for one in dead(ctx.connection):
                assert one.error == LOST
                retry(ctx.connection, one.id, ctx.now)
        clock.move(timedelta(hours=2))


def _moves(platform: Platform, leads: list[int]) -> Counter[str]:
    names = [f"lead:{one}" for one in leads]
    with platform.read() as ctx:
        found = ctx.contexts("leads").find("assignment_log", limit=1000)
    return Counter(str(one.value("move")) for one in found if one.value("record") in names)


@pytest.mark.timeout(240)
def test_twenty_kills_and_each_effect_happens_once(
    platform: Platform, site: Path, clock: FixedClock, lead, world: World
) -> None:
    leads = [lead().id for _ in range(LEADS)]
    assert (_moves(platform, leads), world.mails, world.calls) == ({"rule": LEADS}, [], [])
    kill_at_work(tick_forever, site)
    _finish(platform, clock)
    assert _moves(platform, leads) == {"rule": LEADS, "reassign": LEADS}
    assert (len(set(world.mails)), len(set(world.calls))) == (2 * LEADS, LEADS)
    again = len(world.mails) + len(world.calls) - 3 * LEADS
    assert again <= KILLS
    with platform.database.read() as connection:
        states = set(connection.execute(sa.select(job.c.state)).scalars())
    assert states == {"done"}
