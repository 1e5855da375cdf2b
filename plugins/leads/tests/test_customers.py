"""Customers in pools: the same rules, caps and clock as for leads, where a rule is about them."""

from datetime import timedelta

import pytest

from loopline.errors import NotFound, NotValid
from loopline.jobs.queue import enqueue
from loopline.services import records
from loopline.services.actions import run_action
from loopline.services.editing import update
from web.visitor import Visitor, add_person

RULE = """
---
kind: role
id: seller
extend: true
grants: {customers: {entity: customer, actions: ["*"]}}
---
kind: pool_rule
id: north_customers
format: 1
label: {zh: 北区客户, en: Northern customers}
entity: customer
pool: north
pos: 1
when: 'level != "d"'
protect_days: 5
claim: {day: 1, holding: 3, kept: 1}
cool_down_days: 4
recycle:
  idle: {label: {zh: 未跟进, en: Idle}, reason: no_follow_up, days: 30, levels: [a]}
  lost: {label: {zh: 百天未成交, en: No deal}, reason: not_won, days: 100,
    unless: '!is_blank(last_deal_at)'}
"""


@pytest.fixture
def site_documents(site_documents: str) -> str:
    return site_documents + RULE


@pytest.fixture
def customer(platform, house):
    """Answer what makes a customer as somebody."""

    def make(who: str = "Ann", **values: object):
        with platform.write(house.people[who], via="api") as ctx:
            return records.create(ctx, "customer", {"name": "Acme", **values})

    return make


@pytest.fixture
def do(platform, house):
    """Answer what does an action to customers as somebody."""

    def act(who: str, action: str, *ids: int, **settings: object):
        with platform.write(house.people[who], via="api") as ctx:
            return run_action(ctx, "customer", ids, action, settings)

    return act


@pytest.fixture
def now_of(platform):
    """Answer what reads a customer as it stands."""

    def get(number: int):
        with platform.read() as ctx:
            return records.get(ctx, "customer", number)

    return get


@pytest.fixture
def night(platform):
    """Answer what runs the job of the night now."""

    def run() -> None:
        with platform.write() as ctx:
            enqueue(ctx.connection, "leads.recycle", {}, ctx.now)
        platform.worker().run_due()

    return run


def test_a_new_customer_has_a_pool_to_go_back_to_and_a_clock(house, customer, clock) -> None:
    one, other = customer(level="a"), customer(level="d")
    assert one.value("owner") == house.id("Ann")
    assert one.value("leads__pool") == house.pools["north"]
    assert one.value("leads__protected_until") == clock.now() + timedelta(days=5)
    assert other.value("leads__pool") is None


def test_given_back_it_waits_for_members_who_claim_within_the_caps(
    house, customer, do, now_of, platform, as_user
) -> None:
    ids = [customer(level="a").id for _ in range(2)]
    do("Ann", "release", *ids, reason="no budget")
    assert now_of(ids[0]).value("owner") is None
    stranger = as_user("Dee", roles=("seller",))
    with platform.read(stranger, via="api") as ctx, pytest.raises(NotFound):
        records.get(ctx, "customer", ids[0])
    do("Bo", "claim", ids[0])
    assert now_of(ids[0]).value("owner") == house.id("Bo")
    with pytest.raises(NotValid) as refused:
        do("Bo", "claim", ids[1])
    assert "at most 1 claims a day" in str(refused.value.problems[0].params["message"])
    with pytest.raises(NotValid, match="4"):
        do("Ann", "claim", ids[1])


def test_the_pool_is_chosen_on_return_and_only_admins_assign_from_it(
    house, customer, do, now_of
) -> None:
    one = customer(level="a").id
    do("Ann", "release", one, pool=house.pools["public"])
    assert now_of(one).value("leads__pool") == house.pools["public"]
    two = customer(level="a").id
    do("Ann", "release", two)
    with pytest.raises(NotValid, match="north"):
        do("Ann", "assign", two, owner=house.id("Bo"))
    do("Cy", "assign", two, owner=house.id("Bo"))
    assert now_of(two).value("owner") == house.id("Bo")


def test_the_night_takes_by_level_what_nobody_followed_up(
    house, customer, night, later, now_of
) -> None:
    idle, other = (customer(level=level).id for level in ("a", "b"))
    later(days=31)
    night()
    assert [now_of(one).value("owner") for one in (idle, other)] == [None, house.id("Ann")]
    assert now_of(idle).value("leads__pool") == house.pools["north"]


def test_an_activity_about_a_contact_is_a_follow_up_with_the_customer(
    customer, night, later, now_of, platform, make_record
) -> None:
    one = customer(level="a").id
    contact = make_record("contact", name="Ms He", customer=one).id
    later(days=20)
    at = platform.clock.now()
    make_record("activity", name="Called", at=at, about=f"contact:{contact}")
    platform.worker().run_due()
    assert now_of(one).value("leads__last_follow_up") == at
    later(days=20)
    night()
    assert now_of(one).value("owner") is not None


def test_how_many_one_keeps_is_limited_and_what_is_kept_stays(
    house, customer, do, night, later, now_of
) -> None:
    first, second = (customer(level="a").id for _ in range(2))
    do("Ann", "keep", first)
    with pytest.raises(NotValid, match="north"):
        do("Ann", "keep", second)
    later(days=31)
    night()
    assert [now_of(one).value("owner") for one in (first, second)] == [house.id("Ann"), None]


def test_nobody_writes_the_clock_by_hand(house, customer, platform) -> None:
    one = customer(level="a").id
    with platform.write(house.people["Root"], via="api") as ctx, pytest.raises(NotValid):
        update(ctx, "customer", one, {"leads__protected_until": None})


def test_the_pages_show_customers_too(house, customer, platform, client, later) -> None:
    one = customer(level="a", name="Acme pumps").id
    later(days=28)
    visitor = Visitor(client)
    visitor.sign_in(add_person(platform, "Page", administrator=True))
    assert "Acme pumps" in visitor.get("/leads/recycling").text
    assert "北区客户" in visitor.get(f"/records/customer/{one}").text
    changed = "rule=north_customers&north_customers.idle.days=20"
    assert "Acme pumps" in visitor.get(f"/leads/recycling/preview?{changed}").text
    assert "/records/customer?filter=" in visitor.get("/leads/pools").text
