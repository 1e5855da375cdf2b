"""Bulk acts: every record once, each refusal with its reason, few at once and many by a job."""

import pytest

from loopline.errors import Forbidden
from loopline.services.bulk import AT_ONCE, BulkRequest, find_run, start
from loopline.services.editing import update
from loopline.services.records import create_many, get


@pytest.fixture
def things(platform) -> list[int]:
    with platform.write() as ctx:
        return create_many(ctx, "x_thing", [{"name": f"t{n}", "count": n} for n in range(5)])


def test_a_field_is_changed_in_all_that_a_filter_finds(platform, things) -> None:
    asked = BulkRequest(entity="x_thing", act="update", settings={"note": "x"}, filter="count > 1")
    with platform.write() as ctx:
        run = start(ctx, asked)
    assert (run.state, run.total, run.done, run.refused) == ("done", 3, 3, 0)
    with platform.read() as ctx:
        notes = [get(ctx, "x_thing", record).values["note"] for record in things]
    assert notes == [None, None, "x", "x", "x"]


def test_what_is_refused_is_told_and_the_rest_is_done(platform, things) -> None:
    settings = {"mail": "one@example.com"}
    asked = BulkRequest(entity="x_thing", act="update", settings=settings, ids=tuple(things[:2]))
    with platform.write() as ctx:
        run = start(ctx, asked)
    assert (run.done, run.refused) == (1, 1)
    asked = BulkRequest(entity="x_thing", act="delete", ids=(*things[:2], 999))
    with platform.write() as ctx:
        run = start(ctx, asked)
    assert (run.done, [record for record, _ in run.reasons]) == (2, [999])


def test_many_are_done_by_a_job_that_meets_each_once(platform, as_user) -> None:
    actor = as_user("Ada")
    with platform.write() as ctx:
        create_many(ctx, "x_thing", [{"name": "n"}] * (AT_ONCE * 2 + 1))
    asked = BulkRequest(
        entity="x_thing", act="update", settings={"note": "x"}, filter="name == 'n'"
    )
    with platform.write(actor) as ctx:
        run = start(ctx, asked)
    assert (run.state, run.total) == ("running", AT_ONCE * 2 + 1)
    platform.worker().run_due()
    with platform.read(actor) as ctx:
        done = find_run(ctx, run.id)
        assert get(ctx, "x_thing", 7).version == 2
    assert (done.state, done.done, done.refused) == ("done", AT_ONCE * 2 + 1, 0)


def test_records_that_leave_the_filter_meanwhile_are_not_skipped(platform, things) -> None:
    asked = BulkRequest(entity="x_thing", act="update", settings={"count": 9}, filter="count < 9")
    with platform.write() as ctx:
        update(ctx, "x_thing", things[0], {"count": 9})
        run = start(ctx, asked)
    assert (run.total, run.done) == (4, 4)


def test_those_who_may_not_are_refused_before_anything_is_done(platform, things, as_user) -> None:
    asked = BulkRequest(entity="user", act="delete", filter="")
    with platform.write(as_user("Ada")) as ctx, pytest.raises(Forbidden):
        start(ctx, asked)
