"""Care: on the day, once, outside quiet hours, below the cap, and never to who left."""

import re
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from loopline.jobs.tables import mail
from loopline.services.records import create
from loopline.testing import publish_documents
from loopline_loyalty.care import is_festival, is_quiet

NIGHT = {"quiet": {"from": "20:00", "until": "09:00"}}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def sent(platform):
    """Answer what reads the texts of the mails that were written."""

    def read() -> list[str]:
        with platform.read() as ctx:
            return list(ctx.connection.scalars(sa.select(mail.c.text).order_by(mail.c.id)))

    return read


@pytest.fixture
def zoe(api) -> int:
    """Answer a contact whose birthday it is."""
    body = {"name": "Zoe", "email": "zoe@example.com", "birthday": "1990-01-05"}
    return api("POST", "/records/contact", {**body, "consent_email": True})["id"]


def test_wishes_go_out_once_after_quiet_hours(api, zoe, wait, sent) -> None:
    wait(minutes=-30)  # 08:30 in Shanghai
    assert sent() == []
    for _ in range(2):
        wait(minutes=60)
    assert len(sent()) == 1
    assert api("GET", "/records/care_message")["items"][0]["key"] == "birthday:1:birthday-2026"


def test_who_unsubscribed_is_left_alone(api, zoe, wait, sent, visitor) -> None:
    wait(hours=1)
    link = re.search(r"/unsubscribe/\S+", sent()[0])
    assert link is not None
    assert "<form" in visitor.get(link[0]).text
    assert api("GET", "/records/suppression")["items"] == []
    for _ in range(2):
        assert "<form" not in visitor.post(link[0]).text
    found = api("GET", "/records/suppression")["items"]
    assert [one["address"] for one in found] == ["zoe@example.com"]
    wait(days=365)
    assert len(sent()) == 1


@pytest.mark.parametrize(
    "changes",
    [{"consent_email": False}, {"email": None}, {"left_at": "2026-01-01"}, {"birthday": None}],
)
def test_who_may_not_be_written_to_is_not(api, zoe, wait, sent, changes) -> None:
    api("PATCH", f"/records/contact/{zoe}", changes)
    wait(hours=1)
    assert sent() == []


def test_all_plans_together_keep_to_the_cap(platform, zoe, wait, sent) -> None:
    publish_documents(
        platform,
        """
kind: care_plan
id: new_year
format: 1
label: N
entity: contact
dates: ["01-05"]
cap: {messages: 1, days: 7}
mail: {subject: Hi, text: "{name} {unsubscribe}"}
pos: 2
""",
    )
    wait(hours=1)
    assert len(sent()) == 1


def test_a_week_after_acceptance_the_customers_contacts_are_written_to(
    platform, api, zoe, clock, wait, sent
) -> None:
    customer = api("POST", "/records/customer", {"name": "Mill"})["id"]
    api("PATCH", f"/records/contact/{zoe}", {"customer": customer, "birthday": None})
    with platform.write(via="import") as ctx:
        order = {"name": "Lamps", "customer": customer, "status": "accepted"}
        create(ctx, "order", {**order, "accepted_at": clock.now().date()})
    wait(days=6, hours=1)
    assert sent() == []
    wait(days=1)
    wait(days=1)
    assert len(sent()) == 1


@pytest.mark.parametrize(("hour", "quiet"), [(19, False), (20, True), (3, True), (9, False)])
def test_quiet_hours_go_over_midnight(hour: int, quiet: bool) -> None:
    assert is_quiet(NIGHT, datetime(2026, 1, 5, hour, tzinfo=UTC)) is quiet


def test_festivals_are_every_year_or_once() -> None:
    day = datetime(2026, 10, 1, tzinfo=UTC).date()
    assert is_festival(["10-01"], day)
    assert is_festival(["2026-10-01"], day)
    assert not is_festival(["2027-10-01", "10-02"], day)
