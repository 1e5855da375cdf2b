import re
from decimal import Decimal

import pytest
import sqlalchemy as sa

import loopline.store.approvals as store
from loopline.jobs.tables import mail
from loopline.services.notifications import notifications
from loopline.settings import FILE


@pytest.fixture
def site(site):
    """Answer a site that sends mail and knows where people reach it."""
    lines = '[mail]\nhost = "127.0.0.1"\nport = "1"\ntls = "none"\nsender = "crm@example.com"\n'
    with (site / FILE).open("a", encoding="utf-8") as settings:
        settings.write(f'\n[web]\nurl = "https://crm.example.com/"\n{lines}')
    return site


@pytest.fixture
def asked(desk):
    desk.seat("Ann")
    desk.act("Sam", "submit", comment="please")
    desk.platform.worker().run_due()
    return desk


def mails(desk) -> list:
    with desk.platform.read() as ctx:
        return ctx.connection.execute(sa.select(mail).order_by(mail.c.id)).all()


def test_who_is_asked_gets_a_link_of_which_only_the_hash_is_kept(asked) -> None:
    (found,) = mails(asked)
    assert found.recipients == ["ann@example.com"]
    assert "Pumps" in found.subject
    secret = re.search(r"https://crm\.example\.com/approve/(\S+)", found.text)[1]
    with asked.platform.read() as ctx:
        kept = ctx.connection.execute(sa.select(store.link)).one()
    assert kept.user_id == asked.id("Ann")
    assert secret not in kept.hash


def test_who_asked_is_told_the_end_with_its_reason(asked) -> None:
    asked.act("Ann", "reject", comment="too much")
    asked.platform.worker().run_due()
    last = mails(asked)[-1]
    assert last.recipients == ["sam@example.com"]
    assert "too much" in last.text


def test_the_page_of_notifications_tells_it_too(asked) -> None:
    with asked.platform.read(asked.people["Ann"]) as ctx:
        (found,) = notifications(ctx).items
    assert (found.kind, found.text, found.record) == ("approval", "Pumps 等待您审批", asked.offer)
    asked.set("x_offer", asked.offer, discount=Decimal("0.3"))
    with asked.platform.read(asked.people["Sam"]) as ctx:
        (found,) = notifications(ctx).items
    assert "折扣审批" in found.text


def test_nobody_is_asked_for_what_is_over(desk) -> None:
    desk.seat("Ann")
    desk.act("Sam", "submit")
    desk.act("Sam", "withdraw")
    desk.platform.worker().run_due()
    assert mails(desk) == []


def test_everything_that_is_told_has_words_in_each_language(platform) -> None:
    known = platform.messages
    told = "approved rejected returned withdrawn voided lapsed stuck reminder overdue escalated"
    keys = ["notify.approval", *(f"notify.approval_{one}" for one in told.split())]
    keys += [
        f"approval.mail.{one}{end}" for one in ("asked", *told.split()) for end in ("", "_text")
    ]
    given = dict.fromkeys(("title", "approval", "who", "reason"), "x")
    assert [
        key for key in keys for one in ("zh", "en") if known.say(key, one, **given) == key
    ] == []


def test_nobody_is_told_twice_of_one_thing(asked) -> None:
    asked.act("Ann", "reject", comment="no")
    asked.platform.worker().run_due()
    assert [one.recipients[0] for one in mails(asked)] == ["ann@example.com", "sam@example.com"]
    for name in ("Ann", "Sam"):
        with asked.platform.read(asked.people[name]) as ctx:
            assert len(notifications(ctx).items) == 1
