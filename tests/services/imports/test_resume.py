"""An import that stops is continued where it stopped, every row exactly once."""

from itertools import count

import pytest
import sqlalchemy as sa

from loopline.errors import Conflict, NotValid, Problem, Unavailable
from loopline.jobs.queue import Job, job
from loopline.services.imports import run as running
from loopline.services.imports import writing
from loopline.services.imports.job import KIND, enqueue_import, import_handler
from loopline.services.records import create_many
from loopline.store import imports as store

BROKEN = (Problem("file", "file.no_sheet", {"file": "things.xlsx"}),)
TABLE = [
    ["Name", "Parent"],
    *([f"thing {n}", f"thing {n + 1}" if n % 3 == 0 else ""] for n in range(60)),
]


class Stopped(Exception):
    """Stands for whatever ends a process."""


@pytest.fixture(autouse=True)
def small_batches(monkeypatch) -> None:
    monkeypatch.setattr(running, "BATCH", 7)


def stop_at(count: int):
    def progress(done: int, _total: int | None) -> None:
        if done >= count:
            raise Stopped

    return progress


@pytest.mark.parametrize("stop", [1, 20, 41, 55])
def test_a_stopped_import_goes_on(begin, carry_out, records, stop) -> None:
    import_id = begin("x_thing", TABLE)
    with pytest.raises(Stopped):
        carry_out(import_id, stop_at(stop))
    report = carry_out(import_id)
    assert (report.created, report.failed, report.total) == (60, 0, 60)
    assert len({one.values["name"] for one in records("x_thing")}) == 60


def test_two_at_work_do_not_double_a_row(begin, carry_out, records) -> None:
    import_id = begin("x_thing", TABLE)
    entered = []

    def let_another_in(_done: int, _total: int | None) -> None:
        if not entered:
            entered.append(True)
            raise Stopped

    with pytest.raises(Stopped):
        carry_out(import_id, let_another_in)
    carry_out(import_id)
    assert carry_out(import_id).created == len(records("x_thing")) == 60


def test_the_same_import_of_an_unfinished_run_is_that_run(begin, carry_out) -> None:
    import_id = begin("x_thing", TABLE)
    assert begin("x_thing", TABLE) == import_id
    carry_out(import_id)
    assert begin("x_thing", TABLE) != import_id


def test_other_options_or_new_make_another_run(begin) -> None:
    first = begin("x_thing", TABLE)
    assert begin("x_thing", TABLE, on_match="skip") != first
    assert begin("x_thing", TABLE, new=True) != first


def test_a_run_that_was_left_is_not_carried_out(begin, carry_out, records) -> None:
    first = begin("x_thing", TABLE)
    begin("x_thing", TABLE, new=True)
    assert carry_out(first).state == "left"
    assert records("x_thing") == ()


def test_a_batch_that_lost_a_race_is_written_again(begin, carry_out, records, monkeypatch) -> None:
    lost: list[object] = []

    def lose_once(*asked: object) -> object:
        outcome = create_many(*asked)
        lost.append(outcome)
        if len(lost) == 2:
            raise NotValid(Problem("fields.mail", "unique.taken", {}))
        return outcome

    monkeypatch.setattr(writing, "create_many", lose_once)
    assert carry_out(begin("x_thing", TABLE)).created == len(records("x_thing")) == 60


def test_a_run_that_is_left_stops_before_its_next_batch(platform, begin, records) -> None:
    first, opened = begin("x_thing", TABLE), count()

    def open_as(user_id: int | None, **how: str | None):
        if next(opened) == 3:
            begin("x_thing", TABLE, new=True)
        return platform.open_as(user_id, **how)

    report = running.run(open_as, platform.settings.files, first)
    assert report.state == "left"
    assert 0 < report.created == len(records("x_thing")) < 60


def test_a_failed_run_whose_place_is_taken_does_not_go_on(platform, begin, carry_out) -> None:
    first = begin("x_thing", TABLE)
    with platform.write() as ctx:
        store.fail(ctx.connection, first, BROKEN)
    second = begin("x_thing", TABLE)
    with pytest.raises(Conflict, match=r"import\.superseded"):
        carry_out(first)
    assert carry_out(second).created == 60
    stands = carry_out(first)
    assert (stands.state, stands.failure, stands.created) == ("left", BROKEN, 0)


def test_a_rival_that_enters_after_it_was_looked_for_is_noticed(
    platform, begin, carry_out, monkeypatch
) -> None:
    first = begin("x_thing", TABLE)
    with platform.write() as ctx:
        store.fail(ctx.connection, first, BROKEN)
    begin("x_thing", TABLE)
    looks = iter([lambda *_: None])
    seen = store.rival
    monkeypatch.setattr(store, "rival", lambda *asked: next(looks, seen)(*asked))
    with pytest.raises(Conflict, match=r"import\.superseded"):
        carry_out(first)


def test_a_run_that_failed_in_other_hands_is_not_gone_on_with(platform, begin, records) -> None:
    first, opened = begin("x_thing", TABLE), count()

    def open_as(user_id: int | None, **how: str | None):
        if next(opened) == 3:
            with platform.write() as ctx:
                store.fail(ctx.connection, first, BROKEN)
            begin("x_thing", TABLE, new=True)
        return platform.open_as(user_id, **how)

    report = running.run(open_as, platform.settings.files, first)
    assert (report.state, report.failure) == ("left", BROKEN)
    assert 0 < report.created == len(records("x_thing")) < 60


def test_a_rehearsal_that_lost_a_race_is_done_again(begin, carry_out, monkeypatch) -> None:
    lost: list[object] = []

    def lose_once(*asked: object) -> object:
        lost.append(asked)
        if len(lost) == 1:
            raise NotValid(Problem("fields.mail", "unique.taken", {}))
        return create_many(*asked)

    monkeypatch.setattr(writing, "create_many", lose_once)
    assert carry_out(begin("x_thing", TABLE, dry_run=True)).created == 60


def test_a_mapping_is_remembered_once_whoever_comes_first(platform, clock) -> None:
    with platform.write() as ctx:
        for text in ("one", "two"):
            store.remember_mapping(ctx.connection, "x_thing", "h", text, clock.now())
        assert store.remembered_mapping(ctx.connection, "x_thing", "h") == "two"


def test_what_is_done_is_not_marked_as_failed(platform, begin, carry_out) -> None:
    import_id = begin("x_thing", TABLE)
    carry_out(import_id)
    with platform.write() as ctx:
        store.fail(ctx.connection, import_id, "late")
        assert store.read(ctx.connection, import_id).state == "done"


def _job(import_id: int) -> Job:
    payload = {"import_id": import_id}
    return Job(id=1, kind=KIND, payload=payload, attempts=1, lease_token="t")


def test_a_job_whose_place_is_taken_is_over(platform, begin) -> None:
    first = begin("x_thing", TABLE)
    with platform.write() as ctx:
        store.fail(ctx.connection, first, BROKEN)
    begin("x_thing", TABLE)
    import_handler(platform.open_as, platform.settings.files)[KIND](_job(first))


def test_a_job_that_can_never_succeed_is_given_up_at_once(platform) -> None:
    with platform.write() as ctx:
        enqueue_import(ctx, 999)
    platform.worker().run_due()
    with platform.read() as ctx:
        found = ctx.connection.execute(sa.select(job.c.state).where(job.c.kind == KIND))
        assert found.scalars().all() == ["dead"]


def test_a_job_is_tried_again_when_the_site_was_away(platform) -> None:
    def away(_user_id: int | None, **_how: str | None):
        raise Unavailable

    with pytest.raises(Unavailable):
        import_handler(away, platform.settings.files)[KIND](_job(1))
