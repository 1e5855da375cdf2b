"""Clocks follow what is written, through every door, and have their actions done in time."""

import re
from datetime import date, timedelta

import orjson
import pytest
import sqlalchemy as sa

from kit.kernel_site import DOCUMENTS
from kit.working_days import at
from loopline.bootstrap import Platform
from loopline.clock import FixedClock
from loopline.jobs.clock_rows import RunningClock, clocks_of
from loopline.jobs.dead import dead
from loopline.jobs.queue import job
from loopline.jobs.schedule import Schedule
from loopline.jobs.tables import delivery, mail
from loopline.jobs.webhooks import add_webhook
from loopline.services import bin as recycle_bin
from loopline.services import clock_filling
from loopline.services.clock_filling import FILL, begun_clocks
from loopline.services.editing import update, update_many
from loopline.services.records import create, create_many
from loopline.testing import publish_documents

CLOCKS = """
---
kind: calendar
id: x_office
format: 1
label: {zh: 办公, en: Office}
zone: Asia/Shanghai
holidays: CN
week:
  mon: {ranges: ["09:00-12:00", "13:30-18:00"]}
  tue: {ranges: ["09:00-12:00", "13:30-18:00"]}
  wed: {ranges: ["09:00-12:00", "13:30-18:00"]}
  thu: {ranges: ["09:00-12:00", "13:30-18:00"]}
  fri: {ranges: ["09:00-12:00", "13:30-18:00"]}
---
kind: clock
id: x_answer
format: 1
label: {zh: 首次答复, en: First answer}
entity: x_thing
calendar: x_office
start_when: "kind_of == 'big'"
stop_when: "count > 0"
pause_when: {blue: {when: "'blue' in marks", reason: {zh: 等客户, en: Waits}}}
restart_on: [note]
due: PT4H
marks:
  half: {label: {zh: 过半, en: Half way}, after: PT2H, actions: {tell: {do: webhook}}}
actions:
  write: {do: mail, settings: {to: "boss@example.com"}}
  missing: {do: nobody_has_this}
---
kind: clock
id: x_payment
format: 1
label: {zh: 付款, en: Payment}
entity: x_thing
calendar: x_office
due_field: day
warn: P3D
"""


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS + CLOCKS


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(at("03-02 09:00"))


def _move(clock: FixedClock, text: str) -> None:
    clock.at = at(text)


def _clocks(platform: Platform, record: int, name: str = "x_answer") -> list[RunningClock]:
    with platform.database.read() as connection:
        return [one for one in clocks_of(connection, "x_thing", record) if one.clock == name]


def _state(platform: Platform, record: int, name: str = "x_answer") -> list[str]:
    return [one.state for one in _clocks(platform, record, name)]


def _update(platform: Platform, record: int, **changes: object) -> None:
    with platform.write() as ctx:
        update(ctx, "x_thing", record, changes)


def test_a_record_starts_its_clock_when_the_condition_begins_to_hold(
    platform, clock, make_record
) -> None:
    thing = make_record("x_thing", name="a", kind_of="small")
    assert _state(platform, thing.id) == []
    _update(platform, thing.id, kind_of="big")
    (one,) = _clocks(platform, thing.id)
    assert (one.state, one.due_at) == ("running", at("03-02 14:30"))
    _update(platform, thing.id, name="b")
    assert len(_clocks(platform, thing.id)) == 1


def test_it_is_met_by_the_answer_and_does_not_start_again(platform, clock, make_record) -> None:
    thing = make_record("x_thing", name="a", kind_of="big")
    _move(clock, "03-02 10:00")
    _update(platform, thing.id, count=1)
    assert _state(platform, thing.id) == ["met"]
    _update(platform, thing.id, count=0)
    assert _state(platform, thing.id) == ["met"]


def test_it_is_called_off_when_the_condition_ceases(platform, clock, make_record) -> None:
    thing = make_record("x_thing", name="a", kind_of="big")
    _update(platform, thing.id, kind_of="small")
    assert _state(platform, thing.id) == ["stopped"]
    _update(platform, thing.id, kind_of="big")
    assert _state(platform, thing.id) == ["running", "stopped"]


def test_it_stands_still_while_a_pause_holds(platform, clock, make_record) -> None:
    thing = make_record("x_thing", name="a", kind_of="big")
    _move(clock, "03-02 10:00")
    _update(platform, thing.id, marks=("blue",))
    (paused,) = _clocks(platform, thing.id)
    assert (paused.state, paused.pause_reason) == ("paused", "blue")
    _move(clock, "03-02 14:00")
    _update(platform, thing.id, marks=())
    (going,) = _clocks(platform, thing.id)
    assert (going.state, going.due_at) == ("running", at("03-02 17:00"))


def test_a_field_that_restarts_it_does(platform, clock, make_record) -> None:
    thing = make_record("x_thing", name="a", kind_of="big")
    _move(clock, "03-03 09:00")
    _update(platform, thing.id, note="called")
    assert _state(platform, thing.id) == ["running", "stopped"]
    assert _clocks(platform, thing.id)[0].due_at == at("03-03 14:30")


def test_every_door_starts_the_same_clock(platform, clock) -> None:
    with platform.write(via="import") as ctx:
        first, second = create_many(
            ctx, "x_thing", [{"name": "a", "kind_of": "big"}, {"name": "b", "kind_of": "big"}]
        )
        third = create(ctx.through("api"), "x_thing", {"name": "c", "kind_of": "small"}).id
    with platform.write(via="job") as ctx:
        update_many(ctx, "x_thing", {third: {"kind_of": "big"}})
    dues = [_clocks(platform, one)[0].due_at for one in (first, second, third)]
    assert dues == [at("03-02 14:30")] * 3


def test_the_bin_stops_it_and_restoring_starts_it_afresh(platform, clock, make_record) -> None:
    thing = make_record("x_thing", name="a", kind_of="big")
    with platform.write() as ctx:
        recycle_bin.delete(ctx, "x_thing", thing.id)
    assert _state(platform, thing.id) == ["stopped"]
    with platform.write() as ctx:
        recycle_bin.restore(ctx, "x_thing", thing.id)
    assert _state(platform, thing.id) == ["running", "stopped"]


def test_a_date_of_the_record_says_the_end(platform, clock, make_record) -> None:
    thing = make_record("x_thing", name="a", day=date(2026, 3, 12))
    (one,) = _clocks(platform, thing.id, "x_payment")
    assert (one.due_at, one.next_at) == (at("03-12 18:00"), at("03-09 18:00"))
    assert one.told["en"].startswith("due 2026-03-12 18:00, as “Day” says (calendar: Office, ")
    _update(platform, thing.id, day=date(2026, 3, 20))
    assert _clocks(platform, thing.id, "x_payment")[0].due_at == at("03-20 18:00")
    _update(platform, thing.id, day=None)
    assert _state(platform, thing.id, "x_payment")[0] in {"met", "stopped"}


LATE = """
kind: clock
id: x_late
format: 1
label: {zh: 晚来, en: Late}
entity: x_thing
due: P1D
start_when: "kind_of == 'big'"
stop_when: "count > 0"
pause_when: {blue: {when: "'blue' in marks", reason: {zh: 等客户, en: Waits}}}
"""


def test_a_clock_reaches_the_records_there_are_once(platform, clock, make_record) -> None:
    fits, small, done, waits = (
        make_record("x_thing", name="a", **values).id
        for values in (
            {"kind_of": "big"},
            {"kind_of": "small"},
            {"kind_of": "big", "count": 1},
            {"kind_of": "big", "marks": ("blue",)},
        )
    )
    publish_documents(platform, LATE)
    assert _state(platform, fits, "x_late") == []
    clock.move(timedelta(hours=1))
    for _ in range(2):
        platform.worker().run_due()
    states = [_state(platform, one, "x_late") for one in (fits, small, done, waits)]
    assert states == [["running"], [], [], ["paused"]]
    assert _clocks(platform, fits, "x_late")[0].started_at == at("03-02 09:00")


def test_a_plan_counts_the_records_a_new_clock_reaches(platform, make_record) -> None:
    make_record("x_thing", name="a", kind_of="big")
    publish_documents(platform, LATE)
    platform.worker().run_due()
    with platform.read() as ctx:
        assert list(begun_clocks(ctx.snapshot.catalog, ctx.snapshot.catalog)) == []
    with platform.database.read() as connection:
        done = connection.execute(sa.select(job.c.state).where(job.c.kind == FILL)).scalars()
        assert list(done) == ["done"]


def test_filling_goes_on_batch_by_batch(platform, clock, make_record, monkeypatch) -> None:
    monkeypatch.setattr(clock_filling, "BATCH", 2)
    ids = [make_record("x_thing", name=str(n), kind_of="big").id for n in range(5)]
    publish_documents(platform, LATE)
    worker = platform.worker()
    worker.run_due()
    assert [_state(platform, one, "x_late") for one in ids] == [["running"]] * 5
    with platform.database.read() as connection:
        asked = connection.execute(sa.select(job.c.payload).where(job.c.kind == FILL)).scalars()
        assert [orjson.loads(one)["after"] for one in asked] == [0, ids[1], ids[3]]


def _run_until(platform: Platform, clock: FixedClock, text: str) -> None:
    _move(clock, text)
    Schedule(platform.database, platform.recurring).enqueue_due(clock.now())
    platform.worker().run_due()


def test_time_has_the_actions_done_once_and_names_the_one_that_nobody_has(
    platform, clock, make_record
) -> None:
    with platform.database.write() as connection:
        add_webhook(connection, "ERP", "http://127.0.0.1:9/", [], clock.now())
    thing = make_record("x_thing", name="a", kind_of="big")
    for moment in ("03-02 10:59", "03-02 11:00", "03-02 11:01", "03-02 14:30", "03-02 14:31"):
        _run_until(platform, clock, moment)
    with platform.database.read() as connection:
        written = connection.execute(sa.select(mail)).one()
        events = connection.execute(sa.select(delivery.c.event)).scalars().all()
        given_up = [one.error for one in dead(connection)]
    assert _state(platform, thing.id) == ["breached"]
    assert (written.recipients, written.subject) == (["boss@example.com"], "已到期：a（首次答复）")
    assert re.search(r"周一 2026-03-02 09:00 \+ 工作时间 4 小时", written.text)
    assert events == ["clock.x_answer"]
    assert any("clock.no_action" in error for error in given_up)


def test_what_was_answered_in_time_has_nothing_done(platform, clock, make_record) -> None:
    thing = make_record("x_thing", name="a", kind_of="big")
    _update(platform, thing.id, count=1)
    _run_until(platform, clock, "03-05 09:00")
    with platform.database.read() as connection:
        assert connection.execute(sa.select(mail.c.id)).all() == []


@pytest.mark.parametrize(("source", "mails"), [(None, 0), ("clock:x_answer", 1)])
def test_an_answer_calls_the_jobs_off_unless_one_of_them_gave_it(
    platform, clock, make_record, source: str | None, mails: int
) -> None:
    from loopline.jobs.ticks import tick
    from loopline.services.clock_following import plan_of

    thing = make_record("x_thing", name="a", kind_of="big")
    clock.move(timedelta(days=1))
    with platform.write() as ctx:
        assert tick(ctx.connection, lambda name: plan_of(ctx, name), ctx.now) == 1
    with platform.write(via="job", source=source) as ctx:
        update(ctx, "x_thing", thing.id, {"count": 1})
    platform.worker().run_due()
    with platform.database.read() as connection:
        assert len(connection.execute(sa.select(mail.c.id)).all()) == mails


OWNED = """
kind: entity
id: x_deal
format: 1
label: {zh: 单子, en: Deal}
title_field: name
traits: {owned: true}
fields: {name: {type: text, label: {zh: 名称, en: Name}}}
---
kind: clock
id: x_deal_follow
format: 1
label: {zh: 跟进, en: Follow-up}
entity: x_deal
start_when: "!is_blank(name)"
due: PT2H
marks: {early: {label: {zh: 提醒, en: reminder}, after: PT1H, actions: {a: {do: mail}}}}
actions: {b: {do: mail, settings: {to: manager}}}
"""


def test_owner_and_manager_are_told_in_their_language(
    platform, clock, make_record, as_user
) -> None:
    publish_documents(platform, OWNED)
    boss, ada = as_user("Boss"), as_user("Ada")
    with platform.write() as ctx:
        update(ctx, "user", ada.id, {"manager": boss.id, "language": "en"})
    with platform.write(ada) as ctx:
        create(ctx.elevated("a test"), "x_deal", {"name": "d"})
    for moment in ("03-02 10:00", "03-02 11:00"):
        _run_until(platform, clock, moment)
    with platform.database.read() as connection:
        query = sa.select(mail.c.recipients, mail.c.subject).order_by(mail.c.id)
        told = [tuple(row) for row in connection.execute(query)]
    assert told == [
        (["ada@example.com"], "Reminder: d (Follow-up reminder)"),
        (["boss@example.com"], "已到期：d（跟进）"),
    ]
