"""Unique values: folded, per living record, and safe when two write at the same moment."""

import threading

import pytest

from loopline.bootstrap import Platform
from loopline.errors import LooplineError, NotValid
from loopline.services.editing import update
from loopline.services.records import create


def test_a_value_is_taken_whatever_its_case(platform: Platform, make_record) -> None:
    made = make_record("x_thing", name="a", mail="Ada@X.cn")
    with platform.write() as ctx, pytest.raises(NotValid) as refused:
        create(ctx, "x_thing", {"name": "b", "mail": "ada@x.CN"})
    (problem,) = refused.value.problems
    assert (problem.path, problem.code, problem.params["record"]) == (
        "fields.mail",
        "unique.taken",
        made.id,
    )


def test_a_record_may_keep_its_own_value(platform: Platform, make_record) -> None:
    made = make_record("x_thing", name="a", mail="ada@x.cn")
    with platform.write() as ctx:
        changed = update(ctx, "x_thing", made.id, {"mail": "ADA@x.cn", "name": "b"})
    assert changed.values["name"] == "b"


def test_a_value_given_up_is_free(platform: Platform, make_record) -> None:
    made = make_record("x_thing", name="a", mail="ada@x.cn")
    with platform.write() as ctx:
        update(ctx, "x_thing", made.id, {"mail": None})
        assert create(ctx, "x_thing", {"name": "b", "mail": "ada@x.cn"}).values["mail"]


def test_blanks_are_never_taken(make_record) -> None:
    assert make_record("x_thing", name="a").id != make_record("x_thing", name="b").id


def test_warn_only_warns(make_record) -> None:
    phones = {make_record("x_thing", name=n, phone="+8613812341234").values["phone"] for n in "ab"}
    assert phones == {"+8613812341234"}


def test_fields_that_are_unique_together_are_compared_together(
    platform: Platform, make_record
) -> None:
    one, two = (make_record("x_thing", name=name) for name in "ab")
    part = make_record("x_part", name="P", thing=one.id)
    other = make_record("x_part", name="p", thing=two.id)
    with platform.write() as ctx:
        with pytest.raises(NotValid, match=r"unique\.together"):
            create(ctx, "x_part", {"name": "p", "thing": one.id})
        with pytest.raises(NotValid, match=r"unique\.together"):
            update(ctx, "x_part", other.id, {"thing": one.id})
        update(ctx, "x_part", part.id, {"thing": None})
        assert update(ctx, "x_part", other.id, {"thing": one.id}).version == 2


@pytest.mark.timeout(60)
def test_two_who_write_the_same_at_once_are_not_both_right(platform: Platform) -> None:
    meeting, outcomes = threading.Barrier(4, timeout=20), list[object]()

    def write() -> None:
        meeting.wait()
        try:
            with platform.write() as ctx:
                create(ctx, "x_thing", {"name": "a", "mail": "ada@x.cn"})
            outcomes.append("made")
        except LooplineError as error:
            outcomes.append(error.problems[0].code if error.problems else error.key)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["made", *["unique.taken"] * 3]
