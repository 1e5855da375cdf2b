"""A worker that is told to stop ends its job, or gives it back, and begins no other."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from loopline.jobs.queue import claim, enqueue, job
from loopline.jobs.worker import Worker


@pytest.fixture
def working(platform, clock):
    """Answer a worker at its first of two jobs, which goes on until it is let go."""
    begun, going_on = threading.Event(), threading.Event()

    def handle(_job: object) -> None:
        begun.set()
        going_on.wait(20)

    with platform.database.write() as connection:
        connection.execute(job.delete())
        for number in range(2):
            enqueue(connection, "slow", {"n": number}, clock.now())
    worker = Worker(platform.database, clock, {"slow": handle})
    worker.start(0.01)
    assert begun.wait(20)
    yield worker, going_on
    going_on.set()
    worker.stop()


def states(platform) -> list[tuple[str, int]]:
    query = sa.select(job.c.state, job.c.attempts).order_by(job.c.id)
    with platform.database.read() as connection:
        return [(row.state, row.attempts) for row in connection.execute(query)]


def test_the_job_at_hand_is_finished_and_no_other_begun(working, platform) -> None:
    worker, going_on = working
    threading.Timer(0.2, going_on.set).start()
    worker.stop()
    assert states(platform) == [("done", 1), ("ready", 0)]


def test_a_job_that_takes_too_long_is_given_back(working, platform, clock) -> None:
    worker, going_on = working
    worker.stop(patience=0.05)
    assert states(platform) == [("ready", 0), ("ready", 0)]
    with platform.database.write() as connection:
        taken = claim(connection, clock.now(), timedelta(seconds=60))
    assert taken is not None
    going_on.set()
    worker.stop()
    assert (taken.payload["n"], states(platform)[0]) == (0, ("running", 1))
