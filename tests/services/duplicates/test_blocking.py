"""A blocking rule: one record a key, whoever writes when, and whoever has it is named."""

import threading

import pytest

from loopline.bootstrap import Platform
from loopline.errors import LooplineError, NotValid
from loopline.services.bin import delete, restore
from loopline.services.editing import update
from loopline.services.records import create, create_many
from loopline.testing.fixtures import AsUser, MakeRecord

PHONE = "+8613812341234"


def _refused(platform: Platform, **values: object) -> str:
    with platform.write() as ctx, pytest.raises(NotValid) as refused:
        create(ctx, "x_visit", {"name": "b", **values})
    (problem,) = refused.value.problems
    return platform.messages.tell(problem, "en")


def test_a_twin_is_refused_and_whose_it_is_is_told(
    platform: Platform, make_record: MakeRecord
) -> None:
    make_record("x_visit", name="Ada", phone=PHONE)
    assert _refused(platform, phone=PHONE).startswith("Phone: Visit “Ada” has the same.")


def test_a_record_of_another_entity_refuses_too_but_is_not_refused(
    platform: Platform, make_record: MakeRecord
) -> None:
    make_record("x_visit", name="Ada", phone="+8613812340000")
    assert make_record("x_person", name="Bo", mobile="+8613812340000")
    make_record("x_person", name="Cy", mobile=PHONE)
    assert "Person “Cy”" in _refused(platform, phone=PHONE)


def test_what_a_rule_does_not_look_at_is_nobodys_twin(make_record: MakeRecord) -> None:
    first = make_record("x_visit", name="a", phone=PHONE, void=True)
    assert first.id != make_record("x_visit", name="b", phone=PHONE).id


def test_a_key_goes_with_the_value_and_comes_back_with_the_record(
    platform: Platform, make_record: MakeRecord
) -> None:
    made = make_record("x_visit", name="a", phone=PHONE)
    with platform.write() as ctx:
        update(ctx, "x_visit", made.id, {"phone": "+8613812340000"})
        other = create(ctx, "x_visit", {"name": "b", "phone": PHONE})
        with pytest.raises(NotValid, match=r"duplicate\.refused"):
            update(ctx, "x_visit", made.id, {"phone": PHONE})
        delete(ctx, "x_visit", other.id)
        update(ctx, "x_visit", made.id, {"phone": PHONE})
        with pytest.raises(NotValid, match=r"duplicate\.refused"):
            restore(ctx, "x_visit", other.id)
        update(ctx, "x_visit", made.id, {"phone": None})
        assert restore(ctx, "x_visit", other.id).values["phone"] == PHONE
    _refused(platform, phone=PHONE)


def test_of_a_batch_the_first_stays(platform: Platform) -> None:
    rows = [{"name": name, "phone": PHONE} for name in "abc"]
    with platform.write() as ctx:
        made, *others = create_many(ctx, "x_visit", rows)
        assert isinstance(made, int)
        assert [one[0].code[:17] for one in others if isinstance(one, tuple)] == [
            "duplicate.refused"
        ] * 2


def test_somebody_elses_is_told_without_its_name(
    platform: Platform, make_record: MakeRecord, as_user: AsUser
) -> None:
    make_record("x_visit", name="Secret", phone=PHONE, owner=as_user("Bo").id)
    ada = as_user("Ada", roles=("x_own",))
    with platform.write(ada) as ctx, pytest.raises(NotValid) as refused:
        create(ctx, "x_visit", {"name": "b", "phone": PHONE})
    (problem,) = refused.value.problems
    assert problem.code == "duplicate.refused_hidden"
    assert set(problem.params) == {"fields", "rule"}


@pytest.mark.timeout(120)
def test_sixteen_who_write_the_same_at_once_make_one(platform: Platform) -> None:
    meeting, outcomes = threading.Barrier(16, timeout=60), list[str]()

    def write(number: int) -> None:
        meeting.wait()
        try:
            with platform.write() as ctx:
                create(ctx, "x_visit", {"name": f"n{number}", "phone": PHONE})
            outcomes.append("made")
        except LooplineError as error:
            outcomes.append(platform.messages.tell(error.problems[0], "en").partition(" “")[0])

    threads = [threading.Thread(target=write, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [*["Phone: Visit"] * 15, "made"]
