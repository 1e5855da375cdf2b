"""A lead becomes a customer, a contact and an opportunity, and moves along the loop."""

from decimal import Decimal

from loopline.bootstrap import Platform
from loopline.services.actions import run_action
from loopline.services.journey import journeys_of
from loopline.services.records import get
from loopline.testing.fixtures import AsUser, MakeRecord


def test_a_lead_becomes_all_three_and_nothing_is_lost(
    platform: Platform, make_record: MakeRecord, as_user: AsUser
) -> None:
    seller = as_user("Seller")
    pump = make_record("product", name="MCX-150")
    lead = make_record(
        "lead", name="沈一诺", company="恒岳化工", phone="+8613800000001", title="采购经理",
        email="shen@hengyue.example", wechat="shen", source="expo", need="6 台",
        budget=Decimal("186000.00"), product=pump.id, note="展会认识", owner=seller.id,
    )  # fmt: skip
    with platform.write(seller) as ctx:
        made = run_action(ctx, "lead", [lead.id], "convert", {}).data
        customer, contact, opportunity = (
            get(ctx, one["entity"], one["id"]) for one in made.values()
        )
        after = get(ctx, "lead", lead.id)
        (progress,) = journeys_of(ctx, customer)
    same = ("phone", "email", "source", "note", "owner")
    assert {n: customer.values[n] for n in same} == {n: lead.values[n] for n in same}
    assert (customer.values["name"], customer.values["kind"]) == ("恒岳化工", "company")
    same = ("name", "title", "phone", "email", "wechat")
    assert {n: contact.values[n] for n in same} == {n: lead.values[n] for n in same}
    same = ("need", "product", "source", "owner")
    assert {n: opportunity.values[n] for n in same} == {n: lead.values[n] for n in same}
    assert opportunity.values["name"] == "恒岳化工 MCX-150"
    assert opportunity.values["amount"] == lead.values["budget"]
    assert {contact.values["customer"], opportunity.values["customer"]} == {customer.id}
    assert (after.values["status"], after.values["converted_to"]) == ("converted", customer.id)
    assert progress.stops[progress.current or 0].station.id == "needs"
