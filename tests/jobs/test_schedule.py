"""Recurring jobs: each moment once, whoever looks; what was missed is made up for once."""

import threading
from datetime import UTC, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from loopline.bootstrap import Platform
from loopline.errors import NotValid
from loopline.jobs.queue import claim, finish, job
from loopline.jobs.schedule import Daily, Every, Monthly, Recurring, Schedule, read_rhythm
from loopline.jobs.worker import Worker

LEASE = timedelta(seconds=60)
TICK = Recurring(name="tick", kind="tick", rhythm=Every(5), payload={"n": 1})


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("rhythm", "now", "last"),
    [
        (Every(5), "2026-03-02 10:07:30", "2026-03-02 10:05"),
        (Every(60), "2026-03-02 10:00", "2026-03-02 10:00"),
        (Daily(time(2, 30), "Asia/Shanghai"), "2026-03-02 18:30", "2026-03-02 18:30"),
        (Daily(time(2, 30), "Asia/Shanghai"), "2026-03-02 18:29", "2026-03-01 18:30"),
        (Daily(time(2, 30), "Europe/Berlin"), "2026-03-29 12:00", "2026-03-29 01:30"),
        (Monthly(1, time(0, 0), "Asia/Shanghai"), "2026-02-28 16:00", "2026-02-28 16:00"),
        (Monthly(15, time(8, 0), "UTC"), "2026-01-10 00:00", "2025-12-15 08:00"),
    ],
)
def test_the_newest_moment(rhythm, now: str, last: str) -> None:
    assert rhythm.last(_utc(now)) == _utc(last)


def test_a_day_that_some_months_lack_is_refused() -> None:
    with pytest.raises(ValueError, match="not every month"):
        Monthly(31, time(0, 0), "UTC")


@pytest.mark.parametrize(
    ("text", "rhythm"),
    [
        ("15m", Every(15)),
        ("2h", Every(120)),
        ("daily 02:30", Daily(time(2, 30), "UTC")),
        ("monthly 28 23:59", Monthly(28, time(23, 59), "UTC")),
    ],
)
def test_a_rhythm_is_read(text: str, rhythm) -> None:
    assert read_rhythm(text, "UTC") == rhythm


@pytest.mark.parametrize("text", ["", "0m", "15", "daily 24:00", "monthly 29 02:00", "weekly"])
def test_what_is_no_rhythm_is_refused(text: str) -> None:
    with pytest.raises(NotValid, match=r"job\.rhythm"):
        read_rhythm(text, "UTC")


def _done(platform: Platform) -> list[str]:
    """Do every job that is there; answer their kinds."""
    kinds = []
    with platform.database.write() as connection:
        while one := claim(connection, _utc("2030-01-01 00:00"), LEASE):
            finish(connection, one, _utc("2030-01-01 00:00"))
            kinds.append(one.kind)
    return kinds


@pytest.fixture
def workers(platform: Platform) -> list[Schedule]:
    with platform.database.write() as connection:
        connection.execute(job.delete())
    return [Schedule(platform.database, [TICK]) for _ in range(3)]


def test_each_moment_is_enqueued_once_however_many_look(platform, workers) -> None:
    seen = []
    for minute in range(12):
        now = _utc(f"2026-03-02 10:{minute:02d}")
        added = sum(worker.enqueue_due(now) for worker in workers)
        seen.append(added)
        assert len(_done(platform)) == added
    assert seen == [1, 0, 0, 0, 0] * 2 + [1, 0]


def test_a_moment_that_was_done_is_not_enqueued_again_by_a_new_worker(platform, workers) -> None:
    now = _utc("2026-03-02 10:01")
    assert workers[0].enqueue_due(now) == 1
    assert _done(platform) == ["tick"]
    assert Schedule(platform.database, [TICK]).enqueue_due(now) == 0


def test_what_was_missed_is_made_up_for_once(platform, workers) -> None:
    workers[0].enqueue_due(_utc("2026-03-02 10:01"))
    _done(platform)
    assert workers[0].enqueue_due(_utc("2026-03-05 10:01")) == 1
    assert _done(platform) == ["tick"]


def test_a_job_that_is_still_waiting_is_not_piled_up(platform, workers) -> None:
    assert workers[0].enqueue_due(_utc("2026-03-02 10:01")) == 1
    assert workers[0].enqueue_due(_utc("2026-03-02 10:06")) == 0
    assert _done(platform) == ["tick"]


def test_a_worker_looks_after_the_schedule_and_does_the_job(platform, workers, clock) -> None:
    done = threading.Event()
    worker = Worker(
        platform.database, clock, {"tick": lambda _job: done.set()}, schedule=workers[0]
    )
    worker.start(every=0.01)
    assert done.wait(20)
    worker.stop()


def test_workers_at_once_enqueue_one(platform, workers) -> None:
    now = _utc("2026-03-02 10:01")
    threads = [threading.Thread(target=one.enqueue_due, args=(now,)) for one in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with platform.database.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(job)).scalar_one() == 1
