"""The whole loop over HTTP: a lead becomes a customer, money, points, a solved ticket, a new lead.

Every station is another plugin; what a customer owes and the points they have are held against the
sum of their entries after every step, and every step stands on the customer's timeline.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from starlette.testclient import TestClient

from loopline.access.tokens import create_token
from loopline.bootstrap import Platform
from loopline.clock import FixedClock
from loopline.web.app import create_app

RULES = """
kind: role
id: boss
format: 1
label: {zh: 经理, en: Boss}
grants: {all: {entity: "*", actions: ["*"]}}
---
kind: role
id: seller
format: 1
label: {zh: 销售, en: Seller}
grants:
  own:     {entity: "*", actions: ["*"], scope: own}
  product: {entity: product, actions: [read]}
  ledger:  {entity: ledger_entry, actions: [read]}
---
kind: assignment
id: by_region
format: 1
label: {zh: 官网线索, en: From the website}
entity: lead
when: 'source == "web"'
method: round_robin
to: {sellers: {role: seller}}
---
kind: approval
id: quote_discount
extend: true
unset: [steps.head.approvers.a]
steps:
  head: {when: "total > 0", approvers: {b: {role: boss}}}
"""


@pytest.fixture
def site_documents() -> str:
    return RULES


@dataclass
class World:
    """A site with its people; each speaks to it over HTTP, and jobs run when they are told to."""

    platform: Platform
    clock: FixedClock
    client: TestClient
    tokens: dict[str, str] = field(default_factory=dict)

    def ask(self, who: str, method: str, path: str, body: object = None, status: int = 0) -> Any:
        """Send a request in somebody's name; any other status than expected fails."""
        headers = {"accept-language": "en", "authorization": f"Bearer {self.tokens[who]}"}
        answer = self.client.request(method, f"/api/v1{path}", json=body, headers=headers)
        assert answer.status_code in ({status} if status else {200, 201}), answer.text
        return answer.json() if answer.content else None

    def act(self, who: str, record: tuple[str, int], action: str, body: object = None) -> Any:
        """Do an action; answer the record it leads to, else all that it tells."""
        entity, number = record
        path = f"/records/{entity}/{number}/actions/{action}"
        done = self.ask(who, "POST", path, body or {})
        led = done.get("record")
        return (led["entity"], led["id"]) if led else done

    def get(self, record: tuple[str, int]) -> dict[str, Any]:
        """Answer a record as the administrator sees it."""
        return self.ask("root", "GET", f"/records/{record[0]}/{record[1]}")

    def find(self, entity: str, filter: str = "") -> list[dict[str, Any]]:
        """Answer the records that match."""
        query = f"?limit=200&filter={filter}" if filter else "?limit=200"
        return self.ask("root", "GET", f"/records/{entity}{query}")["items"]

    def work(self) -> None:
        """Run what is due, as the worker does, until nothing is."""
        while self.platform.worker().run_due():
            pass

    def owes(self, customer: int) -> Decimal:
        """Answer what a customer owes, held against the sum of the ledger."""
        entries = self.find("ledger_entry", f"customer=={customer}")
        total = sum((Decimal(one["amount"]["amount"]) for one in entries), Decimal(0))
        told = self.get(("customer", customer))["contracts__balance"]
        assert Decimal(told["amount"] if told else 0) == total
        return total

    def timeline(self, customer: int) -> set[str]:
        """Answer which entities the customer's timeline tells of."""
        path = f"/records/customer/{customer}/timeline?limit=200"
        told = self.ask("root", "GET", path)["items"]
        return {one["about"]["entity"] for one in told if one["about"]}


@pytest.fixture
def world(platform: Platform, clock: FixedClock, as_user: Callable) -> World:
    with TestClient(create_app(platform), base_url="http://localhost") as client:
        found = World(platform, clock, client)
        people = {
            "root": as_user("Root", administrator=True),
            "boss": as_user("Boss", roles=("boss",)),
            "chief": as_user("Chief", roles=("boss",)),
            "seller": as_user("Seller", roles=("seller",)),
        }
        for name, one in people.items():
            with platform.write() as ctx:
                scopes = frozenset({"read", "write"})
                found.tokens[name] = create_token(ctx.connection, one.id, scopes, ctx.now)
        seller = f"/records/user/{people['seller'].id}"
        found.ask("root", "PATCH", seller, {"manager": people["chief"].id})
        pump = {"code": "P1", "name": "Pump", "list_price": "1000", "cost": "600"}
        found.ask("root", "POST", "/records/product", pump)
        yield found


def captured(world: World) -> tuple[str, int]:
    """A visitor of the website leaves their details."""
    address = "/forms/lead_web?utm_source=search&lang=en"
    token = re.search(r'name="_token" value="([^"]+)"', world.client.get(address).text)[1]
    world.clock.move(timedelta(seconds=10))
    who = {"name": "Zoe", "company": "Mill", "phone": "13812341234", "email": "zoe@mill.example"}
    form = {"_token": token, "_consent": "true", "need": "two pumps", **who}
    assert world.client.post(address, data=form).status_code == 200
    (lead,) = world.find("lead")
    assert (lead["source"], lead["utm_source"]) == ("web", "search")
    return "lead", lead["id"]


def assigned(world: World, lead: tuple[str, int]) -> None:
    """A rule gives the lead to a seller and says why."""
    world.work()
    found = world.get(lead)
    assert found["owner"] is not None
    (move,) = world.find("assignment_log")
    assert (move["rule"], move["to_owner"]) == ("by_region", found["owner"])


def converted(world: World, lead: tuple[str, int]) -> dict[str, tuple[str, int]]:
    """The seller makes customer, contact and opportunity of it, typing nothing twice."""
    world.act("seller", lead, "convert", {"targets": {"opportunity": {}}})
    made = {name: (name, world.find(name)[0]["id"]) for name in ("customer", "contact")}
    made["opportunity"] = ("opportunity", world.find("opportunity")[0]["id"])
    assert world.get(lead)["status"] == "converted"
    assert world.get(made["contact"])["email"] == "zoe@mill.example"
    return made


def moved_on(world: World, deal: tuple[str, int]) -> None:
    """The opportunity goes through its stages, each asking for what it needs."""
    path = f"/records/opportunity/{deal[1]}"
    line = {"product": 1, "quantity": "2", "price": "1000"}
    world.ask("seller", "PATCH", path, {"stage": "confirmed", "lines": [line]})
    world.ask("seller", "PATCH", path, {"stage": "solution"})
    refused = world.ask("seller", "PATCH", path, {"stage": "negotiation"}, 422)
    assert {one["path"] for one in refused["problems"]} >= {"fields.expected_close"}
    known = {"amount": "2000", "expected_close": "2026-02-01"}
    world.ask("seller", "PATCH", path, {"stage": "negotiation", **known})
    stages = world.ask("root", "GET", f"{path}/stages")["items"]
    assert [one["to"] for one in stages] == ["talk", "confirmed", "solution", "negotiation"]


def quoted(world: World, deal: tuple[str, int]) -> tuple[str, int]:
    """A quote 15 % below the list needs the approval of two before it is sent."""
    quote = world.act("seller", deal, "quote")
    path = f"/records/quote/{quote[1]}"
    (line,) = world.get(quote)["lines"]
    lower = {"lines": [{"id": line["id"], "discount": "0.15"}], "valid_until": "2026-02-01"}
    world.ask("seller", "PATCH", path, lower)
    assert world.get(quote)["total"]["amount"] == "1700.00"
    refused = world.ask("seller", "POST", f"{path}/actions/send", {}, 422)
    assert refused["problems"][0]["code"] == "approval.before"
    world.act("seller", quote, "submit")
    assert world.get(quote)["status"] == "in_approval"
    world.act("chief", quote, "approve")
    assert world.get(quote)["status"] == "in_approval"
    world.act("boss", quote, "approve")
    assert world.get(quote)["status"] == "approved"
    return quote


def accepted(world: World, quote: tuple[str, int]) -> None:
    """The customer accepts on the public page."""
    link = world.act("seller", quote, "send")["data"]["link"]
    with TestClient(create_app(world.platform), base_url="http://localhost") as visitor:
        assert "1,700.00" in visitor.get(link).text
        visitor.post(link, data={"answer": "accepted", "who": "Zoe"})
    assert world.get(quote)["status"] == "accepted"


def signed(world: World, quote: tuple[str, int], deal: tuple[str, int]) -> tuple[str, int]:
    """The contract is written from the quote, signed on paper and in force; the deal is won."""
    contract = world.act("seller", quote, "contract")
    path = f"/records/contract/{contract[1]}"
    world.act("seller", contract, "print")
    world.ask("seller", "PATCH", path, {"status": "signing"})
    headers = {"authorization": f"Bearer {world.tokens['seller']}"}
    sent = {"file": ("signed.pdf", BytesIO(b"%PDF-1.7 signed"))}
    scan = world.client.post("/api/v1/files", files=sent, headers=headers).json()["id"]
    world.ask("seller", "PATCH", path, {"scan": [scan]})
    world.act("seller", contract, "sign", {"signed_at": "2026-01-05"})
    world.ask("seller", "PATCH", f"/records/opportunity/{deal[1]}", {"stage": "won"})
    return contract


def delivered(world: World, contract: tuple[str, int]) -> tuple[str, int]:
    """The order is booked, shipped and accepted."""
    order = world.act("seller", contract, "order")
    for step in ("confirm", "ship", "deliver", "accept"):
        world.act("seller", order, step)
    assert world.get(order)["status"] == "accepted"
    return order


def received(world: World, customer: int, amount: str) -> tuple[str, int]:
    """Money comes in and is put on what is owed."""
    body = {"customer": customer, "amount": amount, "received_at": "2026-01-06"}
    receipt = ("receipt", world.ask("seller", "POST", "/records/receipt", body)["id"])
    world.act("seller", receipt, "allocate")
    return receipt


@pytest.mark.timeout(180)
def test_a_lead_goes_once_around(world: World) -> None:
    lead = captured(world)
    assigned(world, lead)
    made = converted(world, lead)
    customer = made["customer"][1]
    moved_on(world, made["opportunity"])
    quote = quoted(world, made["opportunity"])
    accepted(world, quote)
    contract = signed(world, quote, made["opportunity"])
    assert world.owes(customer) == 0
    order = delivered(world, contract)
    assert world.owes(customer) == Decimal(1700)
    receipt = received(world, customer, "1700")
    world.work()
    assert world.owes(customer) == 0
    assert world.get(order)["outstanding"]["amount"] == "0.00"
    told = world.timeline(customer)
    assert told >= {"contact", "opportunity", "quote", "contract", "order", "delivery", "receipt"}
    assert receipt
