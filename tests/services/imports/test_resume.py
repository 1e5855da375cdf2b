"""An import that stops is continued where it stopped, every row exactly once."""

import pytest

from loopline.errors import NotValid, Problem
from loopline.services.imports import run as running
from loopline.services.imports import writing
from loopline.services.records import create_many

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
