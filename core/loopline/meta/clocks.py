"""Documents of kind clock: a deadline on the records of an entity, read and checked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from loopline.calendars.limits import Limit, parse_limit
from loopline.errors import NotValid, Problem
from loopline.language import Label
from loopline.meta.body import Body


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockAction:
    """A reference to an action by its registered name, with its settings."""

    id: str
    do: str
    settings: Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkDef:
    """A moment on the way, counted from the start (``after``) or back from the end (``before``).

    One with ``after`` may lie beyond the end: what is still open then goes further up.
    """

    id: str
    label: Label
    after: Limit | None
    before: Limit | None
    actions: tuple[ClockAction, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PauseDef:
    """A condition under which the clock stands still, and what to call that."""

    id: str
    when: str
    reason: Label


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockDef:
    """A clock: which records it runs on, when it starts, pauses and stops, and how long it gives.

    ``due`` is a limit, or None where the record's own field ``due_field`` says the end. An empty
    ``calendar`` knows no rest.
    """

    id: str
    label: Label
    entity: str
    calendar: str
    start_when: str
    stop_when: str
    restart_on: tuple[str, ...]
    pauses: tuple[PauseDef, ...]
    due: Limit | None
    due_field: str
    marks: tuple[MarkDef, ...]
    actions: tuple[ClockAction, ...]

    def mark(self, name: str) -> MarkDef | None:
        """Answer a mark by id; None for one that is no more."""
        return next((mark for mark in self.marks if mark.id == name), None)


DUE_TYPES: Final = frozenset({"date", "datetime"})
"""The types of fields that can say when a clock ends."""
WARN: Final = "warn"
"""The id of the mark that the short form ``warn: PT4H`` makes."""


def build_clock(name: str, body: Body) -> ClockDef:
    """Build a clock from its resolved document."""
    return ClockDef(
        id=name,
        label=body.label("label"),
        entity=body.text("entity"),
        calendar=body.text("calendar"),
        start_when=body.text("start_when"),
        stop_when=body.text("stop_when"),
        restart_on=body.texts("restart_on"),
        pauses=tuple(body.build("pause_when", _build_pause).values()),
        due=_limit(body, "due"),
        due_field=body.text("due_field"),
        marks=(*_warning(body), *body.build("marks", _build_mark).values()),
        actions=_actions(body),
    )


def clock_problems(body: Body) -> Iterator[Problem]:
    """Yield what is wrong with a clock that its schema cannot tell."""
    if bool(body.text("due")) == bool(body.text("due_field")):
        yield Problem("due", "clock.due_choice")
    yield from _of_limit(body, "due", "due")
    yield from _of_limit(body, "warn", "warn")
    for name, one in body.elements("marks"):
        place = f"marks.{name}"
        if bool(one.text("after")) == bool(one.text("before")):
            yield Problem(place, "clock.mark_choice", {"mark": name})
        yield from _of_limit(one, "after", f"{place}.after")
        yield from _of_limit(one, "before", f"{place}.before")


def _of_limit(body: Body, key: str, place: str) -> Iterator[Problem]:
    try:
        _limit(body, key)
    except NotValid as error:
        for problem in error.problems:
            yield Problem(place, problem.code, problem.params)


def _warning(body: Body) -> Iterator[MarkDef]:
    before = _limit(body, "warn")
    if before is not None:
        yield MarkDef(id=WARN, label=body.label("label"), after=None, before=before, actions=())


def _build_mark(name: str, body: Body) -> MarkDef:
    return MarkDef(
        id=name,
        label=body.label("label"),
        after=_limit(body, "after"),
        before=_limit(body, "before"),
        actions=_actions(body),
    )


def _build_pause(name: str, body: Body) -> PauseDef:
    return PauseDef(id=name, when=body.text("when"), reason=body.label("reason"))


def _actions(body: Body) -> tuple[ClockAction, ...]:
    def build(name: str, one: Body) -> ClockAction:
        return ClockAction(id=name, do=one.text("do"), settings=dict(one.raw("settings")))

    return tuple(body.build("actions", build).values())


def _limit(body: Body, key: str) -> Limit | None:
    text = body.text(key)
    return parse_limit(text) if text else None
