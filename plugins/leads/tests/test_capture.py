"""Where leads come from: forms, booths and look-alikes among customers and contacts."""

import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from loopline.bootstrap import Platform
from loopline.clock import FixedClock
from loopline.services.duplicates.finding import look_alikes
from loopline.store.rows import Record, fetch
from loopline.testing.fixtures import MakeRecord

WHO = {"name": "林知夏", "phone": "138-1234-1234", "_consent": "true"}


def _send(client: TestClient, clock: FixedClock, address: str, **changes: str) -> int:
    token = re.search(r'name="_token" value="([^"]+)"', client.get(address).text)[1]
    clock.move(timedelta(seconds=10))
    return client.post(address, data={"_token": token, **WHO, **changes}).status_code


def _leads(platform: Platform) -> list[Record]:
    with platform.read() as ctx:
        found = fetch(ctx.connection, ctx.snapshot.table("lead"), range(1, 10))
        return list(found.values())


def test_a_visitor_of_the_website_becomes_a_lead(
    platform: Platform, client: TestClient, clock: FixedClock
) -> None:
    address = "/forms/lead_web?utm_source=search&utm_campaign=spring&lang=zh"
    assert _send(client, clock, address, need="两台离心泵") == 200
    (made,) = _leads(platform)
    names = ("source", "utm_source", "utm_campaign", "need", "phone", "consent_version")
    assert [made.values[name] for name in names] == [
        *("web", "search", "spring", "两台离心泵", "+8613812341234", "1")
    ]


def test_either_phone_or_mail_is_needed(
    platform: Platform, client: TestClient, clock: FixedClock
) -> None:
    assert _send(client, clock, "/forms/lead_web", phone="") == 422
    assert _send(client, clock, "/forms/lead_web", phone="", email="a@x.cn") == 200


def test_the_code_at_a_booth_tags_its_leads(
    platform: Platform, client: TestClient, clock: FixedClock
) -> None:
    assert _send(client, clock, "/forms/lead_booth?booth=A12&utm_campaign=ciif") == 200
    (made,) = _leads(platform)
    assert [made.values[name] for name in ("source", "booth", "utm_campaign")] == [
        *("expo", "A12", "ciif")
    ]


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"phone": "+8613812341234"}, "lead_phone"),
        ({"email": "Sales+fair@Minghai.example"}, "lead_email"),
        ({"company": "明海泵业"}, "lead_company"),
    ],
)
def test_customers_are_known_by_each_way_to_reach_them(
    platform: Platform, make_record: MakeRecord, values: dict[str, object], rule: str
) -> None:
    known = make_record(
        "customer",
        name="明海泵业有限公司",
        phone="+8613812341234",
        email="sales@minghai.example",
    )
    with platform.read() as ctx:
        (found,) = look_alikes(ctx, "lead", values)
    assert (found.rule, found.entity, found.record) == (rule, "customer", known.id)
