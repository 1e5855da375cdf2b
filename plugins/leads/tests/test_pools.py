"""Pools: who sees into them, claims from them, gives back, and which rule forbids it."""

import pytest

from loopline.errors import Forbidden, NotFound, NotValid
from loopline.query.lists import ListQuery, page
from loopline.services import records
from loopline.services.editing import update


def _refusal(error) -> dict[str, str]:
    return dict(error.value.problems[0].params["message"])


def test_whoever_claims_owns_and_the_log_says_why(house, lead, act, read, log) -> None:
    one = lead(source="expo").id
    act(house.people["Ann"], "claim", one)
    assert (read(one).value("owner"), read(one).value("status")) == (house.id("Ann"), "assigned")
    assert [(row["move"], row["name"], row["name_en"]) for row in log(one)] == [
        ("claim", "Ann从“north”领取", "Ann claimed it from “north”")
    ]


def test_the_cap_of_a_day_refuses_a_claim_and_names_the_rule(house, lead, act, later) -> None:
    leads = [lead(source="expo").id for _ in range(3)]
    act(house.people["Ann"], "claim", *leads[:2])
    with pytest.raises(NotValid) as refused:
        act(house.people["Ann"], "claim", leads[2])
    assert _refusal(refused) == {
        "zh": "规则“北区”：每天最多从“north”领取 2 条",
        "en": "Rule “North”: at most 2 claims a day from “north”",
    }
    later(days=1)
    act(house.people["Ann"], "claim", leads[2])


def test_several_claims_at_once_are_all_or_none_and_count_each_other(
    house, lead, act, read
) -> None:
    leads = [lead(source="expo").id for _ in range(3)]
    with pytest.raises(NotValid):
        act(house.people["Ann"], "claim", *leads)
    assert [read(one).value("owner") for one in leads] == [None, None, None]


def test_the_holding_cap_counts_what_is_open(house, lead, act, platform, later) -> None:
    leads = [lead(source="expo", owner=house.id("Ann")).id for _ in range(3)]
    further = lead(source="expo").id
    with pytest.raises(NotValid, match=r"3"):
        act(house.people["Ann"], "claim", further)
    with platform.write(via="api") as ctx:
        update(ctx, "lead", leads[0], {"status": "converted"})
    act(house.people["Ann"], "claim", further)


def test_whoever_gave_back_waits_and_others_do_not(house, lead, act, later) -> None:
    one = lead(source="expo", owner=house.id("Ann")).id
    act(house.people["Ann"], "release", one, reason="no time")
    with pytest.raises(NotValid) as refused:
        act(house.people["Ann"], "claim", one)
    assert "4 days" in _refusal(refused)["en"]
    act(house.people["Bo"], "claim", one)
    act(house.people["Bo"], "release", one)
    later(days=4)
    act(house.people["Ann"], "claim", one)


def test_a_lead_goes_back_to_the_pool_that_is_chosen(house, lead, act, read, log) -> None:
    one = lead(source="expo", owner=house.id("Ann")).id
    act(house.people["Ann"], "release", one, pool=house.pools["public"], reason="not ours")
    assert (read(one).value("owner"), read(one).value("pool")) == (None, house.pools["public"])
    assert log(one)[-1]["name_en"] == "Ann gave it back to “public”: not ours"


def test_a_cap_holds_through_the_api_too(house, lead, platform) -> None:
    leads = [lead(source="expo").id for _ in range(3)]
    ann = house.people["Ann"]
    with platform.write(ann, via="api") as ctx:
        update(ctx, "lead", leads[0], {"owner": ann.id})
        update(ctx, "lead", leads[1], {"owner": ann.id})
        with pytest.raises(NotValid, match=r"plugin\.refused"):
            update(ctx, "lead", leads[2], {"owner": ann.id})


def test_only_admins_of_a_pool_assign_from_it(house, lead, act, read, platform) -> None:
    one, bo = lead(source="expo").id, house.id("Bo")
    with pytest.raises(NotValid) as refused:
        act(house.people["Ann"], "assign", one, owner=bo)
    assert _refusal(refused)["en"] == "Only admins of “north” assign what lies in it to others"
    with platform.write(house.people["Ann"], via="api") as ctx, pytest.raises(NotValid):
        update(ctx, "lead", one, {"owner": bo})
    act(house.people["Cy"], "assign", one, owner=bo)
    assert read(one).value("owner") == bo


def test_assigning_to_nobody_is_refused(house, lead, act) -> None:
    with pytest.raises(NotValid, match="owner"):
        act(house.people["Root"], "assign", lead().id, owner=9999)


def test_pool_leads_are_seen_by_members_only(house, lead, platform, as_user) -> None:
    stranger, one = as_user("Dee", roles=("seller",)), lead(source="expo").id
    open_one = lead().id
    for who, seen in ((house.people["Ann"], {one, open_one}), (stranger, {open_one})):
        with platform.read(who, via="api") as ctx:
            assert {found.id for found in page(ctx, ListQuery(entity="lead")).records} == seen
    with platform.read(stranger, via="api") as ctx, pytest.raises(NotFound):
        records.get(ctx, "lead", one)


def test_a_stranger_cannot_claim_but_may_enter_what_ends_in_a_pool(
    house, platform, as_user, lead, act
) -> None:
    stranger = as_user("Dee", roles=("seller",))
    with pytest.raises(NotFound):
        act(stranger, "claim", lead(source="expo").id)
    with platform.write(stranger, via="api") as ctx:
        made = records.create(ctx, "lead", {"name": "x", "pool": house.pools["north"]})
    assert made.value("owner") is None


def test_how_many_leads_somebody_keeps_is_limited(house, lead, act, read) -> None:
    first, second = (lead(source="expo", owner=house.id("Ann")).id for _ in range(2))
    act(house.people["Ann"], "keep", first)
    with pytest.raises(NotValid) as refused:
        act(house.people["Ann"], "keep", second)
    assert _refusal(refused)["en"] == "Rule “North”: nobody keeps more than 1 records of “north”"
    act(house.people["Ann"], "unkeep", first)
    act(house.people["Ann"], "keep", second)
    assert (read(first).value("kept"), read(second).value("kept")) == (False, True)


@pytest.mark.parametrize("field", ["protected_until", "owned_since", "kept"])
def test_nobody_writes_by_hand_what_is_computed(house, lead, platform, field) -> None:
    one = lead(owner=house.id("Ann")).id
    value = True if field == "kept" else None
    with platform.write(house.people["Root"], via="api") as ctx, pytest.raises(NotValid) as no:
        update(ctx, "lead", one, {field: value})
    assert no.value.problems[0].path == f"fields.{field}"


def test_the_log_is_never_changed(house, lead, act, platform) -> None:
    one = lead(source="expo").id
    act(house.people["Ann"], "claim", one)
    with platform.write(house.people["Root"], via="api") as ctx:
        row = page(ctx, ListQuery(entity="assignment_log")).records[0]
        with pytest.raises(Forbidden):
            update(ctx, "assignment_log", row.id, {"name": "nothing"})
