"""Return visits: planned by rule once, not too often, recorded, and leading on."""

import pytest


@pytest.fixture
def customer(make_record) -> int:
    return make_record("customer", name="Mill", phone="+86 138 1234 1234").id


@pytest.fixture
def closed(ticket, act, later):
    """Answer what makes a ticket and closes it."""

    def make(**values: object) -> int:
        number = ticket(kind="fault", **values)
        act("solve", number, {"solution": "New seal"})
        act("close", number)
        later(seconds=1)
        return number

    return make


@pytest.fixture
def visits(api):
    return lambda: api("GET", "/records/visit?sort=id")["items"]


def test_a_rule_plans_a_visit_on_working_days(closed, visits, customer) -> None:
    number = closed(customer=customer)
    found = visits()
    assert [(one["ticket"], one["due"]) for one in found] == [(number, "2026-01-08")]


def test_the_same_ticket_is_visited_once(closed, visits, act, later, customer) -> None:
    number = closed(customer=customer)
    act("reopen", number)
    act("solve", number, {"solution": "Another seal"})
    act("close", number)
    later(days=40)
    assert len(visits()) == 1


def test_a_customer_is_not_visited_too_often(closed, visits, customer) -> None:
    closed(customer=customer)
    closed(customer=customer)
    assert len(visits()) == 1


def test_what_the_rule_does_not_want_is_not_visited(ticket, act, later, visits, customer) -> None:
    number = ticket(customer=customer)
    act("solve", number, {"solution": "Told"})
    act("close", number)
    later(seconds=1)
    assert visits() == []


@pytest.fixture
def visit(closed, visits, customer) -> int:
    closed(customer=customer)
    return visits()[0]["id"]


def test_a_visit_is_recorded_and_followed_by_another(visit, act, visits) -> None:
    asked = {"result": "neutral", "outcome": "Call in March", "follow_up": "2026-03-02"}
    act("record", visit, asked, entity="visit")
    first, second = visits()
    assert (first["status"], first["result"], first["follow_up"]) == ("done", "neutral", 2)
    assert (second["due"], second["reason"], second["ticket"]) == ("2026-03-02", "follow_up", 1)
    act("record", visit, asked, entity="visit", status=422)


def test_a_visit_opens_the_ticket_again(visit, act, read) -> None:
    asked = {"result": "dissatisfied", "outcome": "Leaks", "reopen": True}
    act("record", visit, asked, entity="visit")
    found = read(1)
    assert (found["status"], found["messages"][-1]["kind"]) == ("reopened", "internal")


def test_a_visit_becomes_a_lead_once(visit, act, api, customer) -> None:
    act("record", visit, {"result": "interested", "outcome": "A pump"}, entity="visit")
    made = act("repurchase", visit, {"need": "Two pumps"}, entity="visit")["record"]
    lead = api("GET", f"/records/lead/{made['id']}")
    told = (lead["source"], lead["need"], lead["service__customer"], lead["company"])
    assert told == ("service", "Two pumps", customer, "Mill")
    act("repurchase", visit, entity="visit", status=422)
    about = api("GET", f"/records/customer/{customer}/timeline?limit=100")["items"]
    assert {"ticket", "visit", "lead"} <= {one["about"]["entity"] for one in about if one["about"]}


def test_an_accepted_order_is_visited(make_record, platform, visits, customer, later) -> None:
    from loopline.services.editing import update

    order = make_record("order", name="Pumps", customer=customer, status="delivered").id
    with platform.write() as ctx:
        update(ctx.elevated("test"), "order", order, {"status": "accepted"})
    later(seconds=1)
    found = visits()[0]
    assert (found["order"], found["due"], found["reason"]) == (
        order,
        "2026-01-12",
        "after_delivery",
    )
