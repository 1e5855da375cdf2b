"""Clocks on records: started, paused, late, passed once, computed again when more is known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from kit.working_days import at, office
from loopline.bootstrap import Platform
from loopline.calendars.holidays import BookOfDays
from loopline.calendars.limits import parse_limit
from loopline.jobs import clocks, ticks
from loopline.jobs.clock_rows import clocks_of
from loopline.jobs.clock_times import ClockPlan, clock_plan
from loopline.jobs.queue import job
from loopline.jobs.tables import clock as clock_table
from loopline.language import Label, Messages
from loopline.meta.clocks import ClockAction, ClockDef, MarkDef
from loopline.testing import publish_documents

NOTHING = Label({})
TELL = ClockAction(id="tell", do="notify", settings={"to": "owner"})
TAKE = ClockAction(id="take", do="reassign", settings={})


def _mark(name: str, **when: str) -> MarkDef:
    limits = {"after": None, "before": None} | {k: parse_limit(v) for k, v in when.items()}
    return MarkDef(id=name, label=NOTHING, actions=(TELL,), **limits)


def _plan(due: str | None = "PT8H", *marks: MarkDef, field: str = "") -> ClockPlan:
    definition = ClockDef(
        id="x_clock",
        label=NOTHING,
        entity="x_thing",
        calendar="office",
        start_when="",
        stop_when="",
        restart_on=(),
        pauses=(),
        due=parse_limit(due) if due else None,
        due_field=field,
        marks=marks,
        actions=(TAKE,),
    )
    return ClockPlan(definition=definition, calendar=office(), messages=Messages())


@pytest.fixture
def connection(platform: Platform):
    with platform.database.write() as one:
        one.execute(job.delete())
        yield one


def _enqueued(connection: sa.Connection) -> list[str]:
    query = sa.select(job.c.unique_key).order_by(job.c.id)
    keys = connection.execute(query).scalars()
    return [key.split(":", 2)[2] for key in keys]


def _tick(connection: sa.Connection, plan: ClockPlan, moment: str) -> int:
    return ticks.tick(connection, lambda _: plan, at(moment))


def test_a_clock_starts_once_and_says_how_its_end_was_computed(connection) -> None:
    plan = _plan()
    begun = clocks.start(connection, plan, 7, at("03-06 17:30"))
    assert begun is not None
    assert (begun.due_at, begun.next_at) == (at("03-09 18:00"), at("03-09 18:00"))
    assert clocks.start(connection, plan, 7, at("03-06 18:00")) is None
    found = clocks.find(connection, plan, 7)
    assert found == begun
    assert found.told["zh"].startswith(
        "周五 2026-03-06 17:30 + 工作时间 8 小时 → 周一 2026-03-09 18:00"
    )
    assert found.told["en"].startswith("Fri 2026-03-06 17:30 + 8 h of working time")


def test_a_pause_moves_the_end_by_the_working_time_it_took(connection) -> None:
    plan = _plan()
    clocks.start(connection, plan, 7, at("03-02 09:00"))
    assert clocks.pause(connection, plan, 7, at("03-02 11:00"), "waiting")
    paused = clocks.find(connection, plan, 7)
    assert paused is not None
    assert (paused.state, paused.pause_reason, paused.next_at) == ("paused", "waiting", None)
    assert not clocks.pause(connection, plan, 7, at("03-02 11:30"), "again")
    assert _tick(connection, plan, "03-09 09:00") == 0
    assert clocks.resume(connection, plan, 7, at("03-03 10:00"))
    going = clocks.find(connection, plan, 7)
    assert going is not None
    assert (going.paused, going.due_at) == (timedelta(hours=6.5), at("03-03 17:30"))
    assert "暂停 6 小时 30 分钟" in going.told["zh"]
    assert not clocks.resume(connection, plan, 7, at("03-03 11:00"))


def test_two_pauses_add_up_to_the_same_end_as_no_pause_and_less_time(connection) -> None:
    plan = _plan("P2D")
    clocks.start(connection, plan, 7, at("03-02 10:00"))
    for begin, end in (("03-02 11:00", "03-02 14:00"), ("03-03 17:30", "03-04 09:30")):
        clocks.pause(connection, plan, 7, at(begin), "waiting")
        clocks.resume(connection, plan, 7, at(end))
    found = clocks.find(connection, plan, 7)
    assert found is not None
    assert found.due_at == at("03-04 14:00")


@pytest.mark.parametrize(
    ("moment", "met", "state"),
    [
        ("03-02 12:00", True, "met"),
        ("03-03 10:00", True, "breached"),
        ("03-02 12:00", False, "stopped"),
        ("03-03 10:00", False, "stopped"),
    ],
)
def test_stopping_tells_how_it_ended(connection, moment: str, met: bool, state: str) -> None:
    plan = _plan("PT7H30M")
    clocks.start(connection, plan, 7, at("03-02 09:00"))
    assert clocks.stop(connection, plan, 7, at(moment), met=met) == state
    assert clocks.stop(connection, plan, 7, at(moment)) is None
    assert clocks.find(connection, plan, 7) is None


def test_a_paused_clock_is_judged_at_the_moment_it_was_paused(connection) -> None:
    plan = _plan("PT1H")
    clocks.start(connection, plan, 7, at("03-02 09:00"))
    clocks.pause(connection, plan, 7, at("03-02 09:30"), "waiting")
    assert clocks.stop(connection, plan, 7, at("03-05 09:00")) == "met"


def test_restarting_keeps_the_one_before(connection) -> None:
    plan = _plan()
    clocks.start(connection, plan, 7, at("03-02 09:00"))
    again = clocks.restart(connection, plan, 7, at("03-03 09:00"))
    assert again is not None
    states = [(one.state, one.started_at) for one in clocks_of(connection, "x_thing", 7)]
    assert states == [("running", at("03-03 09:00")), ("stopped", at("03-02 09:00"))]


def test_marks_and_the_end_are_passed_once_each_in_order(connection) -> None:
    plan = _plan(
        "P7D", _mark("third", after="P3D"), _mark("soon", before="PT4H"), _mark("far", after="P9D")
    )
    begun = clocks.start(connection, plan, 7, at("03-02 10:00"))
    assert begun is not None
    assert begun.next_at == at("03-05 10:00")
    assert _tick(connection, plan, "03-05 09:59") == 0
    assert (_tick(connection, plan, "03-05 10:00"), _tick(connection, plan, "03-05 10:00")) == (
        1,
        0,
    )
    assert _enqueued(connection) == ["third:tell"]
    assert _tick(connection, plan, "03-11 10:00") == 1
    assert _enqueued(connection) == ["third:tell", "soon:tell", "due:take"]
    late = clocks.find(connection, plan, 7)
    assert late is not None
    assert (late.state, late.breached_at) == ("breached", at("03-11 10:00"))
    assert late.next_at == at("03-13 10:00")
    assert _tick(connection, plan, "03-20 10:00") == 1
    assert _enqueued(connection)[-1] == "far:tell"
    assert _tick(connection, plan, "03-30 10:00") == 0
    assert clocks.stop(connection, plan, 7, at("03-30 10:00")) == "breached"


def test_a_job_says_which_mark_of_which_record_asks_for_it(connection, platform) -> None:
    plan = _plan("PT1H")
    begun = clocks.start(connection, plan, 7, at("03-02 09:00"))
    _tick(connection, plan, "03-02 10:00")
    payload = connection.execute(sa.select(job.c.payload)).scalar_one()
    assert begun is not None
    for part in (f'"clock":{begun.id}', '"record":7', '"mark":"due"', '"do":"reassign"'):
        assert part in payload


def test_what_time_did_is_undone_with_its_transaction(platform: Platform) -> None:
    plan = _plan("PT1H")

    def killed() -> None:
        with platform.database.write() as connection:
            _tick(connection, plan, "03-02 10:00")
            raise LookupError("on purpose")

    with platform.database.write() as connection:
        connection.execute(job.delete())
        clocks.start(connection, plan, 7, at("03-02 09:00"))
    for _ in range(3):
        with pytest.raises(LookupError):
            killed()
    with platform.database.write() as connection:
        assert _enqueued(connection) == []
        assert (_tick(connection, plan, "03-02 10:00"), _enqueued(connection)) == (1, ["due:take"])


def test_a_field_of_the_record_may_say_the_end(connection) -> None:
    plan = _plan(None, _mark("soon", before="P3D"), field="day")
    end = office().end_of(at("03-12 09:00").date())
    begun = clocks.start(connection, plan, 7, at("03-02 10:00"), end)
    assert begun is not None
    assert (begun.due_at, begun.next_at) == (at("03-12 18:00"), at("03-09 18:00"))
    assert "2026-03-12 18:00" in begun.told["zh"]


def test_a_mark_that_lies_before_the_start_is_passed_at_once(connection) -> None:
    plan = _plan("PT2H", _mark("soon", before="P3D"))
    begun = clocks.start(connection, plan, 7, at("03-02 10:00"))
    assert begun is not None
    assert begun.next_at == at("03-02 10:00")


def test_a_clock_whose_document_is_gone_stops(connection) -> None:
    clocks.start(connection, _plan("PT1H"), 7, at("03-02 09:00"))
    assert ticks.tick(connection, lambda _: None, at("03-03 09:00")) == 1
    assert [one.state for one in clocks_of(connection, "x_thing", 7)] == ["stopped"]


def test_many_are_found_by_index_a_batch_at_a_time(connection) -> None:
    plan = _plan("PT1H")
    for record in range(5):
        clocks.start(connection, plan, record, at("03-02 09:00"))
    moved = [ticks.tick(connection, lambda _: plan, at("03-02 10:00"), 2) for _ in range(4)]
    assert moved == [2, 2, 1, 0]
    query = sa.select(clock_table.c.id).where(clock_table.c.next_at <= at("03-02 10:00"))
    text = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
    explain = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
    connection.execute(sa.text("ANALYZE ll_clock"))
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
    plan_text = str(connection.execute(sa.text(explain + text)).all())
    assert "ix_ll_clock_next" in plan_text


def test_ends_counted_before_holidays_were_announced_are_computed_again(connection) -> None:
    plan = _plan("P5D")
    last = plan.calendar.holidays.last
    start = datetime(last.year + 1, 2, 1, 2, tzinfo=UTC)
    begun = clocks.start(connection, plan, 7, start)
    assert begun is not None
    assert not begun.known
    assert ticks.recompute(connection, lambda _: plan, 0) is None
    told = clocks.find(connection, plan, 7)
    assert told == begun
    book = BookOfDays({}, last.replace(year=last.year - 1), last.replace(year=last.year + 1))
    informed = replace(plan, calendar=replace(plan.calendar, holidays=book))
    assert ticks.recompute(connection, lambda _: informed, 0) is None
    found = clocks.find(connection, plan, 7)
    assert found is not None
    assert found.known
    assert "尚未公布" not in found.told["zh"]


DOCUMENTS = """
kind: calendar
id: x_office
format: 1
label: {zh: 办公, en: Office}
week: {mon: {ranges: ["09:00-18:00"]}}
---
kind: clock
id: x_reply
format: 1
label: {zh: 回复, en: Reply}
entity: x_thing
calendar: x_office
due: PT2H
---
kind: clock
id: x_always
format: 1
label: {zh: 全天, en: Always}
entity: x_thing
due: PT2H
"""


def test_a_plan_is_read_from_the_documents(platform: Platform) -> None:
    publish_documents(platform, DOCUMENTS)
    with platform.read() as ctx:
        reply = clock_plan(ctx.catalog, "x_reply", "Europe/Berlin", ctx.messages)
        always = clock_plan(ctx.catalog, "x_always", "Europe/Berlin", ctx.messages)
        assert clock_plan(ctx.catalog, "x_gone", "Europe/Berlin", ctx.messages) is None
    assert reply is not None
    assert always is not None
    assert (reply.calendar.id, reply.calendar.zone) == ("x_office", "Europe/Berlin")
    assert always.calendar.is_working(datetime(2026, 3, 1, 3, tzinfo=UTC))
