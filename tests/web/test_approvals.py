"""Approvals on pages, in mails and over HTTP."""

import re
from datetime import timedelta
from decimal import Decimal

import orjson
import pytest
import sqlalchemy as sa

import loopline.store.approvals as store
from kit.kernel_site import DOCUMENTS
from loopline.access.tokens import create_token
from loopline.jobs.queue import job
from loopline.services.actions import run_action
from loopline.services.approvals.mail_links import make_link
from loopline.services.people import give_roles
from loopline.services.records import create
from web.visitor import add_person

APPROVAL = """
---
kind: role
id: x_chief
format: 1
label: {zh: 主管, en: Chief}
grants: {things: {entity: x_thing, actions: [read]}}
---
kind: approval
id: x_price
format: 1
label: {zh: 价格审批, en: Price}
entity: x_thing
when: "price > 100"
locks: [price]
steps:
  chief: {label: {zh: 主管, en: Chief}, due: P2D, approvers: {a: {role: x_chief}}}
  boss:  {label: {zh: 总经理, en: Boss}, when: "price > 900", approvers: {a: {role: x_chief}}}
"""


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS + APPROVAL


@pytest.fixture
def request_id(platform, visitor) -> int:
    """Answer a request that waits for Ann, who is signed in."""
    add_person(platform, "Eve")
    email, sam = add_person(platform, "Ann"), add_person(platform, "Sam")
    with platform.write(via="cli") as ctx:
        users = ctx.snapshot.table("user").table
        found = dict(ctx.connection.execute(sa.select(users.c.email, users.c.id)).all())
        give_roles(ctx, found[email], ["x_chief"])
        thing = create(ctx, "x_thing", {"name": "Pump", "price": Decimal(200)}).id
        asker = platform.actor(ctx.connection, found[sam])
    with platform.write(asker) as ctx:
        run_action(ctx, "x_thing", [thing], "submit", {"comment": "for the fair"})
        made = store.requests_of(ctx.connection, "x_thing", thing)[0]
    visitor.sign_in(email)
    return made.id


def stored(platform, request_id):
    with platform.read() as ctx:
        request = store.request_by_id(ctx.connection, request_id)
        return request, store.seats_of(ctx.connection, [request_id])


def link(platform, request_id) -> str:
    seat = stored(platform, request_id)[1][0]
    with platform.write() as ctx:
        return f"/approve/{make_link(ctx, seat.id, seat.user_id)}"


def test_the_inbox_shows_what_waits_and_decides(platform, visitor, request_id) -> None:
    page = visitor.get("/approvals").text
    assert "Pump" in page
    assert "for the fair" in page
    action = re.search(r'action="(/approvals/\d+)"', page)[1]
    answer = visitor.send(action, act="approve", comment="fine")
    assert (answer.status_code, answer.headers["location"]) == (303, "/approvals")
    assert stored(platform, request_id)[0].state == "approved"
    assert "Pump" in visitor.get("/approvals?tab=done").text


def test_a_rejection_without_a_reason_is_told_at_its_card(platform, visitor, request_id) -> None:
    seat = stored(platform, request_id)[1][0].id
    answer = visitor.send(f"/approvals/{seat}", act="reject")
    assert answer.status_code == 422
    assert "请写明原因" in answer.text
    assert stored(platform, request_id)[0].state == "pending"


def test_the_card_tells_until_when_and_what_may_follow(visitor, request_id) -> None:
    page = visitor.get("/approvals").text
    assert "01-07 09:00 前处理" in page
    assert "之后（视条件）：总经理" in page


def test_the_card_returns_with_a_reason(platform, visitor, request_id) -> None:
    seat = stored(platform, request_id)[1][0].id
    assert visitor.send(f"/approvals/{seat}", act="return").status_code == 422
    visitor.send(f"/approvals/{seat}", act="return", comment="which pump?")
    assert stored(platform, request_id)[0].state == "returned"


def test_the_other_acts_offer_steps_and_places_in_words(platform, visitor, request_id) -> None:
    base = f"/records/x_thing/{stored(platform, request_id)[0].record}/actions"
    page = visitor.get("/approvals").text
    assert all(f'href="{base}/{act}"' in page for act in ("forward", "add_signer", "delegate"))
    assert (
        '<option value="submitter" selected>提交人</option>' in visitor.get(f"{base}/return").text
    )
    assert (
        '<option value="after" selected>在我之后</option>' in visitor.get(f"{base}/add_signer").text
    )


def test_a_double_click_is_told(platform, visitor, request_id) -> None:
    seat = stored(platform, request_id)[1][0].id
    visitor.send(f"/approvals/{seat}", act="approve")
    visitor.send(f"/approvals/{seat}", act="approve")
    assert "这一席已经处理过了" in visitor.get("/approvals").text


def test_the_record_says_how_it_stands(platform, visitor, request_id) -> None:
    record = stored(platform, request_id)[0].record
    page = visitor.get(f"/records/x_thing/{record}").text
    assert '<a class="tag accent" href="#related">价格审批：审批中</a>' in page
    assert f"/records/x_thing/{record}/actions/delegate" in page


@pytest.mark.parametrize(
    ("price", "told"), [("300", "已作废并重新发起"), ("50", "已作废，且不再需要")]
)
def test_saving_says_that_it_voided_an_approval(platform, visitor, request_id, price, told) -> None:
    record = stored(platform, request_id)[0].record
    visitor.sign_in(add_person(platform, "Bob"))
    visitor.send(f"/records/x_thing/{record}/edit", price=price)
    page = visitor.get(f"/records/x_thing/{record}").text
    assert f"已保存Pump；审批“价格审批”{told}" in page


def test_who_is_asked_reads_the_reason_and_decides_beside_the_record(
    platform, visitor, request_id
) -> None:
    record = stored(platform, request_id)[0].record
    page = visitor.get(f"/records/x_thing/{record}").text
    assert "for the fair" in page
    action = re.search(r'action="(/approvals/\d+)"', page)[1]
    answer = visitor.send(action, act="approve", comment="fine", back="record")
    assert answer.headers["location"] == f"/records/x_thing/{record}"
    assert "fine" in visitor.get(f"/records/x_thing/{record}").text


def test_only_the_form_of_a_link_acts_and_only_once(platform, client, request_id) -> None:
    address = link(platform, request_id)
    client.cookies.clear()
    assert client.get(address).status_code == 200
    assert client.get(address).headers["referrer-policy"] == "no-referrer"
    assert stored(platform, request_id)[0].state == "pending"
    assert client.post(address, data={"act": "approve"}).status_code == 200
    assert stored(platform, request_id)[0].state == "approved"
    assert client.post(address, data={"act": "approve"}).status_code == 409


def test_a_link_is_kept_as_a_hash_and_expires(platform, client, request_id, clock) -> None:
    address = link(platform, request_id)
    secret = address.removeprefix("/approve/")
    with platform.read() as ctx:
        assert store.link_by_hash(ctx.connection, secret) is None
    clock.move(timedelta(days=8))
    assert client.get(address).status_code == 409
    assert client.post(address, data={"act": "approve"}).status_code == 409
    assert client.get("/approve/nonsense").status_code == 404


def test_a_refused_form_keeps_the_link(platform, client, request_id) -> None:
    address = link(platform, request_id)
    assert client.post(address, data={"act": "reject"}).status_code == 422
    answer = client.post(address, data={"act": "reject", "comment": "too dear"})
    assert answer.status_code == 200
    assert stored(platform, request_id)[0].state == "rejected"


def test_programs_see_and_decide(platform, client, request_id) -> None:
    request, seats = stored(platform, request_id)
    with platform.write(via="cli") as ctx:
        token = create_token(ctx.connection, seats[0].user_id, frozenset({"write"}), ctx.now)
        reading = create_token(ctx.connection, seats[0].user_id, frozenset({"read"}), ctx.now)
    headers = {"authorization": f"Bearer {token}"}
    tasks = client.get("/api/v1/tasks?mine=1", headers=headers).json()["items"]
    assert [(one["seat"], one["title"]) for one in tasks] == [(seats[0].id, "Pump")]
    act = f"/api/v1/records/x_thing/{request.record}/actions/approve"
    assert client.post(act, headers={"authorization": f"Bearer {reading}"}).status_code == 403
    done = client.post(act, headers=headers, json={"comment": "fine"}).json()
    assert done["data"]["approvals"][0]["state"] == "approved"
    found = client.get(f"/api/v1/records/x_thing/{request.record}/approvals", headers=headers)
    assert [one["act"] for one in found.json()["items"][0]["events"]][-1] == "approved"


def test_a_mail_asks_once_the_site_has_a_server(platform, request_id) -> None:
    with platform.read() as ctx:
        told = ctx.connection.execute(sa.select(job.c.payload).where(job.c.kind == "approval.tell"))
        kinds = [orjson.loads(one)["what"] for one in told.scalars()]
    assert kinds == ["asked"]


def test_a_form_delegates_to_somebody_chosen(platform, visitor, request_id) -> None:
    request = stored(platform, request_id)[0]
    address = f"/records/x_thing/{request.record}/actions/delegate"
    page = visitor.get(address).text
    assert 'name="seat"' not in page
    assert '<option value="' in page
    with platform.read() as ctx:
        users = ctx.snapshot.table("user").table
        named = users.c.email == "eve@example.com"
        to = ctx.connection.execute(sa.select(users.c.id).where(named)).scalar_one()
    answer = visitor.send(address, to=str(to), comment="you know them")
    assert answer.status_code == 303
    states = [one.state for one in stored(platform, request_id)[1]]
    assert states == ["handed_on", "waiting"]
    assert "you know them" in visitor.get(f"/records/x_thing/{request.record}").text
