"""Conversion: everything arrives once, what is there is found, and all of it happens or nothing."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from kit.conversion_site import SITE
from loopline.access.context import SYSTEM, Actor
from loopline.bootstrap import Platform
from loopline.errors import Conflict, Forbidden, NotValid
from loopline.query.lists import ListQuery, count
from loopline.services.actions import offered_for, run_action
from loopline.services.bin import delete
from loopline.services.records import get
from loopline.services.timeline import timeline
from loopline.store.rows import Record
from loopline.testing.fixtures import AsUser, MakeRecord

Convert = Callable[..., Mapping[str, Any]]


@pytest.fixture
def site_documents() -> str:
    return SITE


@pytest.fixture
def convert(platform: Platform) -> Convert:
    """Answer a converter of enquiries."""

    def run(record: int, actor: Actor = SYSTEM, **settings: object) -> Mapping[str, Any]:
        with platform.write(actor) as ctx:
            return run_action(ctx, "x_enquiry", [record], "convert", settings).data

    return run


@pytest.fixture
def read(platform: Platform) -> Callable[[Mapping[str, Any]], Record]:
    """Answer a reader of what a target became."""

    def one(made: Mapping[str, Any]) -> Record:
        with platform.read() as ctx:
            return get(ctx, made["entity"], made["id"])

    return one


def _total(platform: Platform, entity: str) -> int:
    with platform.read() as ctx:
        return count(ctx, ListQuery(entity=entity, count="exact")).value


def test_everything_mapped_arrives_and_the_source_says_where(
    make_record: MakeRecord, convert: Convert, read
) -> None:
    asked = make_record(
        "x_enquiry", who="恒岳", phone="+8613800000001", wishes=("red", "blue"), level="a",
        budget=Decimal("10.40"), x_note="two\nlines",
    )  # fmt: skip
    made = convert(asked.id)
    firm, job = read(made["firm"]), read(made["job"])
    given = ("phone", "wishes", "level", "x_note")
    assert {name: firm.values[name] for name in given} == {n: asked.values[n] for n in given}
    assert (firm.values["name"], made["firm"]["outcome"]) == ("恒岳", "created")
    assert job.values | {"name": "恒岳 1", "amount": 21, "firm": firm.id, "enquiry": asked.id} == (
        job.values
    )
    after = read({"entity": "x_enquiry", "id": asked.id})
    assert (after.values["state"], after.values["firm"]) == ("done", firm.id)


def test_a_record_that_is_there_is_found_by_its_key_and_its_blanks_are_filled(
    make_record: MakeRecord, convert: Convert, read
) -> None:
    there = make_record("x_firm", name="Known", phone="+8613800000002", level="b")
    asked = make_record("x_enquiry", who="Other", phone="+8613800000002", level="a", secret="s")
    made = convert(asked.id)["firm"]
    firm = read(made)
    assert (made["id"], made["outcome"]) == (there.id, "matched")
    assert [firm.values[name] for name in ("name", "level", "secret")] == ["Known", "b", "s"]


def test_names_are_compared_as_uniqueness_compares_them(
    make_record: MakeRecord, convert: Convert
) -> None:
    there = make_record("x_firm", name="Ａcme")
    assert convert(make_record("x_enquiry", who="acme ").id)["firm"]["id"] == there.id


def test_of_several_that_match_somebody_says_which(
    make_record: MakeRecord, convert: Convert
) -> None:
    twins = [make_record("x_firm", name="Twin") for _ in range(2)]
    asked = make_record("x_enquiry", who="Twin")
    with pytest.raises(NotValid) as refused:
        convert(asked.id)
    assert [one.path for one in refused.value.problems] == ["targets.firm.id"]
    made = convert(asked.id, targets={"firm": {"id": twins[1].id}})
    assert made["firm"]["id"] == twins[1].id


def test_null_makes_a_new_one_though_others_match(
    make_record: MakeRecord, convert: Convert
) -> None:
    there = make_record("x_firm", name="Twin")
    made = convert(make_record("x_enquiry", who="Twin").id, targets={"firm": {"id": None}})
    assert (made["firm"]["id"] != there.id, made["firm"]["outcome"]) == (True, "created")


def test_fields_given_stand_in_place_of_those_of_the_document(
    make_record: MakeRecord, convert: Convert, read
) -> None:
    asked = make_record("x_enquiry", who="Acme", budget=Decimal(1))
    made = convert(asked.id, targets={"firm": {"name": "Acme Ltd"}, "job": {"amount": 7}})
    job = read(made["job"])
    assert (job.values["name"], job.values["amount"]) == ("Acme Ltd 1", 7)


def test_an_optional_target_follows_its_condition_and_who_converts(
    make_record: MakeRecord, convert: Convert
) -> None:
    rich, poor, plain = (
        make_record("x_enquiry", who=name, budget=budget)
        for name, budget in (("R", Decimal(1)), ("P", None), ("N", None))
    )
    assert "job" not in convert(rich.id, targets={"job": False})
    assert "job" in convert(poor.id, targets={"job": True})
    assert "job" not in convert(plain.id)


def test_what_any_target_refuses_is_told_by_its_field_and_leaves_nothing(
    platform: Platform, make_record: MakeRecord, convert: Convert
) -> None:
    asked = make_record("x_enquiry", who="Fine", budget=Decimal(1))
    with pytest.raises(NotValid) as refused:
        convert(asked.id, targets={"firm": {"level": "z"}, "job": {"amount": -1}})
    assert [one.path for one in refused.value.problems] == ["targets.firm.level"]
    with pytest.raises(NotValid) as refused:
        convert(asked.id, targets={"job": {"amount": -1}})
    assert [one.path for one in refused.value.problems] == ["targets.job.amount"]
    assert (_total(platform, "x_firm"), _total(platform, "x_job")) == (0, 0)


@pytest.mark.parametrize(
    ("targets", "path"),
    [
        ({"hen": {}}, "targets.hen"),
        ({"firm": False}, "targets.firm"),
        ({"firm": {"id": 99}}, "targets.firm.id"),
        ({"firm": {"nope": 1}}, "targets.firm.nope"),
    ],
)
def test_what_cannot_be_given_is_refused(
    make_record: MakeRecord, convert: Convert, targets: Mapping[str, object], path: str
) -> None:
    asked = make_record("x_enquiry", who="Acme")
    with pytest.raises(NotValid) as refused:
        convert(asked.id, targets=targets)
    assert [one.path for one in refused.value.problems] == [path]


def test_a_second_conversion_is_refused_naming_what_it_became(
    platform: Platform, make_record: MakeRecord, convert: Convert
) -> None:
    asked = make_record("x_enquiry", who="Acme")
    convert(asked.id)
    with pytest.raises(Conflict) as refused:
        convert(asked.id)
    assert refused.value.params["became"] == "公司 Acme"
    with platform.read() as ctx:
        assert offered_for(ctx, get(ctx, "x_enquiry", asked.id)) == []


def test_it_can_be_converted_anew_once_nothing_of_it_is_left(
    platform: Platform, make_record: MakeRecord, convert: Convert
) -> None:
    asked = make_record("x_enquiry", who="Acme")
    made = convert(asked.id)["firm"]
    with platform.write() as ctx:
        delete(ctx, "x_firm", made["id"])
    assert convert(asked.id)["firm"]["id"] != made["id"]


def test_the_condition_of_the_document_is_kept(make_record: MakeRecord, convert: Convert) -> None:
    with pytest.raises(NotValid):
        convert(make_record("x_enquiry", who="Acme", state="void").id)


def test_who_may_convert_writes_targets_elevated_by_name(
    platform: Platform, make_record: MakeRecord, convert: Convert, as_user: AsUser, read
) -> None:
    asker = as_user("Asker", roles=("x_asker",))
    asked = make_record("x_enquiry", who="Acme", owner=asker.id, secret="hush")
    firm = read(convert(asked.id, asker)["firm"])
    assert (firm.values["secret"], firm.created_by) == ("hush", asker.id)
    again = make_record("x_enquiry", who="Beta", owner=asker.id)
    with pytest.raises(NotValid) as refused:
        convert(again.id, asker, targets={"firm": {"x_note": "sneaked in"}})
    assert [one.path for one in refused.value.problems] == ["targets.firm.x_note"]


def test_who_may_not_convert_is_refused(
    make_record: MakeRecord, convert: Convert, as_user: AsUser
) -> None:
    with pytest.raises(Forbidden):
        convert(make_record("x_enquiry", who="Acme").id, as_user("Reader", roles=("x_reader",)))


def test_the_timelines_of_all_tell_it(
    platform: Platform, make_record: MakeRecord, convert: Convert
) -> None:
    asked = make_record("x_enquiry", who="Acme")
    made = convert(asked.id)["firm"]
    with platform.read() as ctx:
        of_source = timeline(ctx, "x_enquiry", asked.id).entries[0]
        of_firm = timeline(ctx, "x_firm", made["id"]).entries[0]
    assert (of_source.action, of_source.records) == ("convert", (("x_firm", made["id"]),))
    assert (of_firm.action, of_firm.records) == ("converted", (("x_enquiry", asked.id),))
