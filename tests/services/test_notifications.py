"""What people are told of: by deadlines, by mail, never twice, never more than they may read."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from loopline.jobs.queue import claim
from loopline.jobs.schedule import Schedule
from loopline.jobs.tables import mail
from loopline.services.editing import update
from loopline.services.notification_mails import notification_handlers
from loopline.services.notifications import (
    MAIL,
    choose_mailed_kinds,
    mark_read,
    notifications,
    notify,
    unread_count,
)
from loopline.services.records import create, get
from loopline.settings import MailSettings

DOCUMENTS = """
---
kind: entity
id: x_case
format: 1
label: {zh: 案件, en: Case}
title_field: name
traits: {owned: true, audited: true}
fields: {name: {type: text, label: {zh: 名称, en: Name}}}
---
kind: role
id: x_own
format: 1
label: {zh: 自己的, en: Own}
grants:
  cases: {entity: x_case, actions: [read, create], scope: own}
  users: {entity: user, actions: [read]}
---
kind: clock
id: x_follow
format: 1
label: {zh: 跟进, en: Follow-up}
entity: x_case
start_when: "!is_blank(name)"
due: PT4H
marks: {half: {label: {zh: 过半, en: Half way}, after: PT2H, actions: {tell: {do: notify}}}}
actions: {tell: {do: notify}}
"""
LEASE = timedelta(minutes=1)


@pytest.fixture
def site_documents(site_documents: str) -> str:
    return site_documents + DOCUMENTS


@pytest.fixture
def bob(as_user):
    return as_user("Bob", roles=("x_own",))


@pytest.fixture
def case(platform, bob):
    with platform.write(bob) as ctx:
        return create(ctx, "x_case", {"name": "C1"})


def texts(platform, actor) -> list[str]:
    with platform.read(actor) as ctx:
        return [one.text for one in notifications(ctx).items]


def tell(platform, user: int, record, event: str = "e") -> frozenset[int]:
    with platform.write() as ctx:
        return notify(ctx, [user], "notify.approval", {}, record, event=event)


def test_one_event_is_told_once(platform, bob, case) -> None:
    for event in ("a", "a", "b"):
        assert tell(platform, bob.id, case, event) == {bob.id}
    assert texts(platform, bob) == ["C1 等待您审批"] * 2


def test_what_may_not_be_read_any_more_is_not_shown(platform, as_user, bob, case) -> None:
    tell(platform, bob.id, case)
    ada = as_user("Ada")
    with platform.write(via="cli") as ctx:
        update(ctx, "x_case", case.id, {"owner": ada.id})
        moved = get(ctx, "x_case", case.id)
    assert texts(platform, bob) == []
    with platform.read(bob) as ctx:
        assert unread_count(ctx) == 0
    assert tell(platform, bob.id, moved, "later") == frozenset()


def test_deadlines_are_told_to_the_owner_in_their_language(platform, clock, bob, case) -> None:
    with platform.write(via="cli") as ctx:
        update(ctx, "user", bob.id, {"language": "en"})
    with platform.database.read() as connection:
        reader = platform.actor(connection, bob.id)
    for hours in (2, 3):
        clock.move(timedelta(hours=hours))
        Schedule(platform.database, platform.recurring).enqueue_due(clock.now())
        platform.worker().run_due()
    assert texts(platform, reader) == [
        "C1: “Follow-up” is overdue",
        "C1: “Follow-up” has reached “Half way”",
    ]


@pytest.fixture
def mails(platform, clock):
    """Answer what does the jobs of mails, and answers the subjects and texts written so far."""
    server = MailSettings(host="localhost", port=25, sender="a@example.com")
    settings = replace(platform.settings, mail=server, url="https://crm.example")
    handle = notification_handlers(platform.write, settings)[MAIL]

    def run() -> list[tuple[str, str]]:
        with platform.database.write() as connection:
            job = claim(connection, clock.now(), LEASE)
        if job is not None and job.kind == MAIL:
            handle(job)
            handle(job)
        with platform.database.read() as connection:
            rows = connection.execute(sa.select(mail.c.subject, mail.c.text))
            return [(row[0], row[1]) for row in rows]

    return run


def assign(platform, as_user, bob) -> None:
    ada = as_user("Ada")
    with platform.write(ada) as ctx:
        create(ctx, "x_case", {"name": "C2", "owner": bob.id})


def test_a_chosen_kind_goes_by_mail_once(platform, as_user, bob, mails) -> None:
    with platform.write(bob) as ctx:
        choose_mailed_kinds(ctx, ["assigned", "approval", "nonsense"])
    assign(platform, as_user, bob)
    assert mails() == [
        ("Ada 把 C2 分配给了您", "Ada 把 C2 分配给了您\n\nhttps://crm.example/records/x_case/1\n")
    ]


def test_what_was_read_meanwhile_is_not_mailed(platform, as_user, bob, mails) -> None:
    with platform.write(bob) as ctx:
        choose_mailed_kinds(ctx, ["assigned"])
    assign(platform, as_user, bob)
    with platform.write(bob) as ctx:
        assert mark_read(ctx) == 1
    assert mails() == []


def test_other_kinds_stay_in_the_pages(platform, as_user, bob, mails) -> None:
    assign(platform, as_user, bob)
    assert mails() == []
    assert len(texts(platform, bob)) == 1
