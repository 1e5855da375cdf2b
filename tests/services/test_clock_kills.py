"""Clocks under SIGKILL: twenty seeded kills, and every mark is passed and acted upon once."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
import sqlalchemy as sa

from kit import tick_forever
from kit.kernel_site import DOCUMENTS
from loopline.bootstrap import Platform
from loopline.clock import FixedClock
from loopline.jobs.queue import job
from loopline.jobs.tables import clock as clocks
from loopline.jobs.tables import mail
from loopline.jobs.ticks import ACTION, tick
from loopline.services.clock_following import plan_of
from loopline.services.records import create_many

KILLS = 20
RECORDS = 250
CLOCK = """
---
kind: clock
id: x_due
format: 1
label: {zh: 到期, en: Due}
entity: x_thing
start_when: active
due: PT2H
marks: {half: {after: PT1H, actions: {tell: {do: mail, settings: {to: "half@example.com"}}}}}
actions: {tell: {do: mail, settings: {to: "due@example.com"}}}
"""


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS + CLOCK


def _kill_at_work(site: Path) -> None:
    moments = random.Random(20_260_105)  # noqa: S311, a fixed seed on purpose
    command = [sys.executable, str(tick_forever.__file__), str(site)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(KILLS):
            process.stdin.write("go\n")
            process.stdin.flush()
            child = int(process.stdout.readline())
            time.sleep(moments.uniform(0.01, 0.12))
            os.kill(child, signal.SIGKILL)
            assert process.stdout.readline() == "ended\n"
        process.kill()


def _finish(platform: Platform, clock: FixedClock) -> None:
    """Do what the killed ones left, a day later."""
    clock.at = datetime.now(UTC) + timedelta(days=1)
    with platform.write(via="job") as ctx:
        tick(ctx.connection, lambda name: plan_of(ctx, name), ctx.now, 2 * RECORDS)
    platform.worker().run_due()


def _asked(connection: sa.Connection) -> Counter[tuple[int, str]]:
    """Count the jobs that each mark of each record asked for."""
    query = sa.select(job.c.payload).where(job.c.kind == ACTION)
    payloads = map(orjson.loads, connection.execute(query).scalars())
    return Counter((one["record"], one["mark"]) for one in payloads)


@pytest.mark.timeout(240)
def test_twenty_kills_and_every_mark_is_passed_once(
    platform: Platform, site: Path, clock: FixedClock
) -> None:
    with platform.write(via="import") as ctx:
        made = create_many(ctx, "x_thing", [{"name": str(n)} for n in range(RECORDS)])
    _kill_at_work(site)
    _finish(platform, clock)
    with platform.database.read() as connection:
        assert _asked(connection) == {(one, mark): 1 for one in made for mark in ("half", "due")}
        told = connection.execute(sa.select(mail.c.key)).scalars().all()
        states = set(connection.execute(sa.select(clocks.c.state)).scalars())
    assert len(told) == len(set(told)) == 2 * RECORDS
    assert states == {"breached"}
