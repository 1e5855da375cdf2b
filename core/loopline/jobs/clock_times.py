"""When a clock ends, when something happens to it next, and how that was computed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from loopline.calendars.calendar import WorkingCalendar
from loopline.calendars.explain import compute
from loopline.calendars.limits import Limit
from loopline.jobs.clock_rows import RunningClock
from loopline.language import LANGUAGES, Label, Messages
from loopline.meta.approval_deadlines import deadline_clock
from loopline.meta.catalog import Catalog
from loopline.meta.clocks import ClockDef

DUE: Final = "due"
"""What stands for the end itself where marks are named."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockPlan:
    """A clock's document with the calendar it counts on, and what its due field is called."""

    definition: ClockDef
    calendar: WorkingCalendar
    messages: Messages
    due_label: Label = field(default_factory=lambda: Label({}))


PlanOf = Callable[[str], ClockPlan | None]


def clock_plan(catalog: Catalog, name: str, zone: str, messages: Messages) -> ClockPlan | None:
    """Answer the plan of a clock, of a document or of a step of an approval, by id.

    None for one that the release does not have.
    """
    known = catalog.has("clock", name)
    definition = catalog.clock(name) if known else deadline_clock(catalog, name)
    if definition is None:
        return None
    counted = definition.calendar and catalog.has("calendar", definition.calendar)
    calendar = (
        catalog.calendar(definition.calendar).in_zone(zone)
        if counted
        else WorkingCalendar.always(zone)
    )
    return ClockPlan(
        definition=definition,
        calendar=calendar,
        messages=messages,
        due_label=_due_label(catalog, definition),
    )


def _due_label(catalog: Catalog, definition: ClockDef) -> Label:
    if not catalog.has("entity", definition.entity):
        return Label({})
    found = catalog.entity(definition.entity).field(definition.due_field)
    return Label({}) if found is None else found.label


def settled(plan: ClockPlan, one: RunningClock) -> RunningClock:
    """Answer the clock with its end, its next moment and its explanation computed."""
    definition = plan.definition
    if definition.due is None:
        told, end, known = _told_day(plan, one.due_at), one.due_at, True
    else:
        computed = compute(plan.calendar, one.started_at, definition.due, one.paused)
        told, end, known = computed.explain(plan.messages), computed.due, computed.is_known
    moved = replace(one, due_at=end, known=known, told=dict(told))
    return replace(moved, next_at=next_moment(plan, moved))


def _told_day(plan: ClockPlan, end: datetime) -> Label:
    params = {
        "due": f"{plan.calendar.local(end):%Y-%m-%d %H:%M}",
        "field": plan.due_label or plan.definition.due_field,
        "zone": plan.calendar.zone,
    }
    return Label({one: _say_day(plan, one, params) for one in LANGUAGES})


def _say_day(plan: ClockPlan, language: str, params: Mapping[str, object]) -> str:
    say = plan.messages.say
    named = plan.calendar.label.to(language) or say("calendar.told.always", language)
    return say("clock.due_day", language, calendar=named, **params)


def next_moment(plan: ClockPlan, one: RunningClock) -> datetime | None:
    """Answer when something happens to a clock next; None when nothing can any more."""
    return min((at for _, at in ahead(plan, one)), default=None)


def ahead(plan: ClockPlan, one: RunningClock) -> Iterator[tuple[str, datetime]]:
    """Yield each mark that has not been passed, and the end, with their moments.

    A mark that would lie before the start is passed at once.
    """
    for mark in plan.definition.marks:
        if mark.id not in one.passed:
            if mark.after is not None:
                at = compute(plan.calendar, one.started_at, mark.after, one.paused).due
            else:
                at = _before(plan.calendar, one.due_at, mark.before or Limit())
            yield mark.id, max(at, one.started_at)
    if one.breached_at is None:
        yield DUE, one.due_at


def _before(calendar: WorkingCalendar, end: datetime, limit: Limit) -> datetime:
    return calendar.add_days(calendar.add_working(end, -limit.time), -limit.days)


def to_second(moment: datetime) -> datetime:
    """Answer the second that a moment lies in; clocks count no smaller parts."""
    return moment.replace(microsecond=0)
