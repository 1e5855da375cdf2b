"""Jobs: claimed once, renewed, lost, retried with patience, given up in the end."""

import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from loopline.bootstrap import Platform
from loopline.clock import FixedClock
from loopline.errors import TooLarge
from loopline.jobs.queue import (
    MOST_ATTEMPTS,
    Job,
    claim,
    enqueue,
    fail,
    finish,
    give_up_lost,
    job,
    renew,
)
from loopline.jobs.worker import Handler, Worker

LEASE = timedelta(seconds=60)


@pytest.fixture
def connection(platform: Platform):
    with platform.database.write() as one:
        one.execute(job.delete())
        yield one


def _state(connection: sa.Connection) -> list[tuple[str, int]]:
    query = sa.select(job.c.state, job.c.attempts).order_by(job.c.id)
    return [(row.state, row.attempts) for row in connection.execute(query)]


def test_jobs_are_claimed_in_order_and_once(connection, clock: FixedClock) -> None:
    for number in range(3):
        enqueue(connection, "count", {"n": number}, clock.now())
    claimed = [claim(connection, clock.now(), LEASE) for _ in range(4)]
    assert [one.payload["n"] if one else None for one in claimed] == [0, 1, 2, None]
    assert _state(connection) == [("running", 1)] * 3


def test_a_job_is_not_claimed_before_it_is_due(connection, clock: FixedClock) -> None:
    enqueue(connection, "later", {}, clock.now() + timedelta(hours=1))
    assert claim(connection, clock.now(), LEASE) is None
    clock.move(timedelta(hours=2))
    assert claim(connection, clock.now(), LEASE) is not None


def test_the_same_key_is_one_job_until_it_is_done(connection, clock: FixedClock) -> None:
    assert enqueue(connection, "once", {}, clock.now(), unique_key="k")
    assert not enqueue(connection, "once", {}, clock.now(), unique_key="k")
    one = claim(connection, clock.now(), LEASE)
    assert one is not None
    assert finish(connection, one, clock.now())
    assert enqueue(connection, "once", {}, clock.now(), unique_key="k")


def test_a_lost_lease_goes_to_another_and_the_first_may_not_finish(
    connection, clock: FixedClock
) -> None:
    enqueue(connection, "slow", {}, clock.now())
    first = claim(connection, clock.now(), LEASE)
    clock.move(LEASE + timedelta(seconds=1))
    second = claim(connection, clock.now(), LEASE)
    assert first is not None
    assert second is not None
    assert (second.id, second.attempts) == (first.id, 2)
    assert not renew(connection, first, clock.now(), LEASE)
    assert not finish(connection, first, clock.now())
    assert not fail(connection, first, clock.now(), "late")
    assert finish(connection, second, clock.now())


def test_a_renewed_lease_is_kept(connection, clock: FixedClock) -> None:
    enqueue(connection, "slow", {}, clock.now())
    first = claim(connection, clock.now(), LEASE)
    assert first is not None
    clock.move(timedelta(seconds=50))
    assert renew(connection, first, clock.now(), LEASE)
    clock.move(timedelta(seconds=50))
    assert claim(connection, clock.now(), LEASE) is None
    assert finish(connection, first, clock.now())


def test_a_job_that_loses_every_lease_is_given_up(connection, clock: FixedClock) -> None:
    enqueue(connection, "deadly", {}, clock.now(), unique_key="k")
    for _ in range(MOST_ATTEMPTS):
        assert claim(connection, clock.now(), LEASE) is not None
        clock.move(LEASE + timedelta(seconds=1))
    assert claim(connection, clock.now(), LEASE) is None
    (lost,) = give_up_lost(connection, clock.now(), clock.now())
    assert (lost.kind, lost.attempts) == ("deadly", MOST_ATTEMPTS)
    assert _state(connection) == [("dead", MOST_ATTEMPTS)]
    assert give_up_lost(connection, clock.now(), clock.now()) == []
    assert enqueue(connection, "deadly", {}, clock.now(), unique_key="k")


def test_failures_wait_longer_each_time_and_end(connection, clock: FixedClock) -> None:
    enqueue(connection, "bad", {}, clock.now(), unique_key="k")
    waits = []
    for _ in range(MOST_ATTEMPTS):
        one = claim(connection, clock.now(), LEASE)
        assert one is not None
        assert fail(connection, one, clock.now(), "no")
        waits.append(connection.execute(sa.select(job.c.due)).scalar_one() - clock.now())
        clock.move(max(waits[-1], timedelta()))
    assert [wait.total_seconds() for wait in waits[:4]] == [5, 10, 20, 40]
    assert _state(connection) == [("dead", MOST_ATTEMPTS)]
    assert claim(connection, clock.now() + timedelta(days=1), LEASE) is None
    assert enqueue(connection, "bad", {}, clock.now(), unique_key="k")


def test_an_aborted_transaction_enqueues_nothing(platform: Platform, clock: FixedClock) -> None:
    def fail_after_enqueue() -> None:
        with platform.database.write() as connection:
            enqueue(connection, "never", {}, clock.now())
            raise LookupError("on purpose")

    with platform.database.write() as connection:
        before = _state(connection)
    with pytest.raises(LookupError):
        fail_after_enqueue()
    with platform.database.write() as connection:
        assert _state(connection) == before


def test_a_worker_runs_what_it_can_and_notes_what_it_cannot(
    platform: Platform, clock: FixedClock
) -> None:
    done: list[int] = []

    def bad(_job: object) -> None:
        raise ValueError("broken")

    handlers = {"good": lambda one: done.append(one.payload["n"]), "bad": bad}
    worker = Worker(platform.database, clock, handlers)
    with platform.database.write() as connection:
        connection.execute(job.delete())
        for kind in ("bad", "good", "unknown"):
            enqueue(connection, kind, {"n": 7}, clock.now())
    assert (worker.run_due(), done) == (3, [7])
    with platform.database.read() as connection:
        assert _state(connection) == [("ready", 1), ("done", 1), ("ready", 1)]
        errors = connection.execute(sa.select(job.c.error).order_by(job.c.id)).scalars().all()
    assert errors == [
        "ValueError: broken",
        None,
        "LookupError: no handler for jobs of kind unknown",
    ]


def test_a_refusal_that_would_be_repeated_is_not_tried_again(
    platform: Platform, clock: FixedClock
) -> None:
    def refuse(_job: Job) -> None:
        raise TooLarge(code="request.too_large", most=1)

    _run_one(platform, clock, refuse, LEASE)
    with platform.database.read() as connection:
        assert _state(connection) == [("dead", 1)]


def test_a_lease_that_ran_out_while_nobody_could_write_is_lost_only_at_the_next_look(
    platform: Platform, clock: FixedClock
) -> None:
    done: list[Job] = []
    worker = Worker(platform.database, clock, {"slow": done.append})
    worker.run_due()
    with platform.database.write() as connection:
        enqueue(connection, "slow", {}, clock.now())
        claim(connection, clock.now(), LEASE)
    clock.move(LEASE * 2)
    assert (worker.run_one(), done) == (False, [])
    assert (worker.run_one(), [one.attempts for one in done]) == (True, [2])


def test_who_is_told_of_lost_jobs_hears_of_one_that_ended_its_worker_each_time(
    platform: Platform, clock: FixedClock
) -> None:
    told: list[tuple[str, str]] = []
    worker = Worker(
        platform.database, clock, {}, given_up=lambda job, error: told.append((job.kind, error))
    )
    with platform.database.write() as connection:
        connection.execute(job.delete())
        enqueue(connection, "deadly", {}, clock.now())
        for _ in range(MOST_ATTEMPTS):
            claim(connection, clock.now(), LEASE)
            clock.move(LEASE * 2)
    assert [worker.run_one(), worker.run_one()] == [False, False]
    assert told == [("deadly", "the lease was lost")]


def test_a_failure_after_the_lease_was_lost_is_nobodys_last(
    platform: Platform, clock: FixedClock
) -> None:
    told: list[str] = []

    def overtaken(_job: Job) -> None:
        clock.move(LEASE * 2)
        with platform.database.write() as connection:
            claim(connection, clock.now(), LEASE)
        raise TooLarge(code="request.too_large", most=1)

    with platform.database.write() as connection:
        connection.execute(job.delete())
        enqueue(connection, "slow", {}, clock.now())
    worker = Worker(
        platform.database,
        clock,
        {"slow": overtaken},
        given_up=lambda _job, error: told.append(error),
    )
    worker.run_one()
    assert told == []


def _run_one(platform: Platform, clock: FixedClock, handler: Handler, lease: timedelta) -> None:
    with platform.database.write() as connection:
        connection.execute(job.delete())
        enqueue(connection, "slow", {}, clock.now())
    Worker(platform.database, clock, {"slow": handler}, lease=lease).run_one()


@pytest.mark.timeout(60)
def test_a_worker_renews_its_lease_while_the_job_runs(
    platform: Platform, clock: FixedClock
) -> None:
    lease = timedelta(seconds=0.03)

    def until_renewed(_job: Job) -> None:
        clock.move(timedelta(hours=1))
        until = None
        while until != clock.now() + lease:
            time.sleep(0.01)
            with platform.database.read() as connection:
                until = connection.execute(sa.select(job.c.lease_until)).scalar_one()

    _run_one(platform, clock, until_renewed, lease)
    with platform.database.read() as connection:
        assert _state(connection) == [("done", 1)]


def test_a_worker_says_that_a_job_was_done_too_late(
    platform: Platform, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    def overtaken(_job: Job) -> None:
        clock.move(LEASE * 2)
        with platform.database.write() as connection:
            assert claim(connection, clock.now(), LEASE) is not None

    _run_one(platform, clock, overtaken, LEASE)
    assert "after its lease was lost" in caplog.text
    with platform.database.read() as connection:
        assert _state(connection) == [("running", 2)]


@pytest.mark.timeout(60)
def test_two_workers_share_the_jobs_and_no_job_runs_twice(
    platform: Platform, clock: FixedClock
) -> None:
    done: list[int] = []
    handlers = {"count": lambda one: done.append(one.payload["n"])}
    with platform.database.write() as connection:
        connection.execute(job.delete())
        for number in range(40):
            enqueue(connection, "count", {"n": number}, clock.now())
    workers = [Worker(platform.database, clock, handlers) for _ in range(2)]
    for worker in workers:
        worker.start(every=0.01)
    deadline = time.monotonic() + 30
    while len(done) < 40 and time.monotonic() < deadline:
        time.sleep(0.02)
    for worker in workers:
        worker.stop()
    assert sorted(done) == list(range(40))
