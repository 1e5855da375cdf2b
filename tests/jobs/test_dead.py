"""Dead letters: seen, tried again, dropped; what was done is tidied away."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from loopline.bootstrap import Platform
from loopline.clock import FixedClock
from loopline.errors import NotFound
from loopline.jobs.dead import KEPT, dead, drop, prune, retry
from loopline.jobs.queue import MOST_ATTEMPTS, claim, enqueue, fail, finish, job

LEASE = timedelta(seconds=60)


@pytest.fixture
def connection(platform: Platform):
    with platform.database.write() as one:
        one.execute(job.delete())
        yield one


@pytest.fixture
def number(connection, clock: FixedClock) -> int:
    """Answer the id of a job that was given up."""
    enqueue(connection, "bad", {"n": 1}, clock.now())
    for _ in range(MOST_ATTEMPTS):
        clock.move(timedelta(hours=1))
        one = claim(connection, clock.now(), LEASE)
        assert one is not None
        fail(connection, one, clock.now(), "no luck")
    return one.id


def test_a_dead_letter_tells_what_and_why(connection, number: int) -> None:
    (found,) = dead(connection)
    assert (found.id, found.kind, found.payload) == (number, "bad", {"n": 1})
    assert (found.attempts, found.error) == (MOST_ATTEMPTS, "no luck")


def test_a_dead_letter_is_tried_again_as_if_new(connection, number: int, clock) -> None:
    retry(connection, number, clock.now())
    assert dead(connection) == []
    again = claim(connection, clock.now(), LEASE)
    assert again is not None
    assert (again.id, again.attempts) == (number, 1)


def test_a_dead_letter_is_dropped(connection, number: int) -> None:
    drop(connection, number)
    assert dead(connection) == []


def test_only_dead_letters_are_touched(connection, clock: FixedClock) -> None:
    enqueue(connection, "alive", {}, clock.now())
    alive = connection.execute(sa.select(job.c.id)).scalar_one()
    with pytest.raises(NotFound, match=r"job\.not_dead"):
        retry(connection, alive, clock.now())
    with pytest.raises(NotFound, match=r"job\.not_dead"):
        drop(connection, alive)


def test_what_was_done_is_tidied_away_and_the_dead_stay(connection, number: int, clock) -> None:
    enqueue(connection, "good", {}, clock.now())
    one = claim(connection, clock.now(), LEASE)
    assert one is not None
    finish(connection, one, clock.now())
    assert prune(connection, clock.now()) == 0
    clock.move(KEPT + timedelta(minutes=1))
    assert prune(connection, clock.now()) == 1
    assert [one.id for one in dead(connection)] == [number]
