"""Documents of the kinds calendar and clock: what is refused, and what people are told."""

from datetime import date

import pytest

from loopline.fields.registry import kernel_field_types
from loopline.meta.catalog import Catalog
from loopline.meta.document import DocumentKey
from loopline.meta.findings import Findings
from loopline.meta.load import Loaded, load_text
from loopline.meta.release import Layer, Release
from loopline.meta.schemas import Schemas
from loopline.meta.settle import replace_documents
from loopline.meta.validate import check_documents

SCHEMAS = Schemas()
TYPES = kernel_field_types()
WEEK = "week: {mon: {ranges: ['13:00-18:00', '09:00-12:00']}, tue: {ranges: ['09:00-15:00']}}"
COW = """
kind: entity
id: cow
format: 1
label: Cow
title_field: name
fields: {name: {type: text, label: Name}, born: {type: date, label: Born}}
---
"""


def _load(text: str) -> Loaded:
    loaded = Loaded()
    load_text(text.encode(), "farm.yaml", SCHEMAS, "en", loaded)
    return loaded


def _catalog(text: str) -> Catalog:
    loaded = _load(text)
    layer = replace_documents(Layer(name="farm", kind="plugin"), loaded.documents)
    return Catalog(Release(revision=1, layers=(layer,)))


def _findings(catalog: Catalog, kind: str) -> Findings:
    found = Findings()
    keys = [DocumentKey(kind, name) for name in catalog.ids(kind)]
    check_documents(catalog, keys, SCHEMAS, TYPES, found)
    return found


def _errors(text: str, kind: str) -> list[str]:
    problems = _load(text).problems or _findings(_catalog(text), kind).errors
    return [str(one) for one in problems]


def _calendar(body: str) -> str:
    return f"kind: calendar\nid: x_cal\nformat: 1\nlabel: Cal\n{body}\n"


def _clock(body: str) -> str:
    return f"{COW}kind: clock\nid: x_clock\nformat: 1\nlabel: Clock\nentity: cow\n{body}\n"


def test_a_calendar_is_read_whole() -> None:
    days = "days: {'2026-05-02': {like: mon}, '2026-05-04': {off: true, label: Rest}}"
    body = f"zone: Europe/Berlin\nsettled_years: [2027]\n{WEEK}\n{days}"
    calendar = _catalog(_calendar(body)).calendar("x_cal")
    assert str(calendar.week[0][0]) == "09:00–12:00"
    assert calendar.make_up == calendar.day(date(2026, 5, 2)).ranges == calendar.week[0]
    assert calendar.day(date(2026, 5, 4)).ranges == ()
    assert (calendar.zone, calendar.settled) == ("Europe/Berlin", {2027})


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("week: {mon: {ranges: ['12:00-09:00']}}", "calendar.range"),
        ("week: {mon: {ranges: ['09:60-12:00']}}", "calendar.range"),
        ("week: {mon: {ranges: ['20:00-24:01']}}", "calendar.range"),
        ("week: {mon: {ranges: ['09-12']}}", "metadata.pattern"),
        ("week: {mon: {ranges: ['09:00-12:00', '11:00-13:00']}}", "calendar.overlap"),
        ("week: {someday: {ranges: ['09:00-12:00']}}", "metadata.not_allowed"),
        ("week: {mon: {ranges: []}}", "calendar.no_working_time"),
        (f"zone: Mars/Olympus\n{WEEK}", "calendar.zone"),
        (f"holidays: XX\n{WEEK}", "metadata.not_allowed"),
        (f"make_up: sun\n{WEEK}", "calendar.day_rests"),
        (f"days: {{'2026-02-30': {{off: true}}}}\n{WEEK}", "calendar.day"),
        (f"days: {{'2026-02-20': {{}}}}\n{WEEK}", "calendar.day_choice"),
        (f"days: {{'2026-02-20': {{off: true, like: mon}}}}\n{WEEK}", "calendar.day_choice"),
        (f"days: {{'2026-02-20': {{like: sun}}}}\n{WEEK}", "calendar.day_rests"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused(body: str, code: str) -> None:
    errors = _errors(_calendar(body), "calendar")
    assert len(errors) == 1
    assert code in errors[0]


def test_one_is_told_how_far_public_holidays_are_known() -> None:
    found = _findings(_catalog(_calendar(f"holidays: CN\n{WEEK}")), "calendar")
    assert found.errors == []
    assert [one.code for one in found.warnings] == ["calendar.known_until"]


def test_a_clock_is_read_whole() -> None:
    body = """due: P7D
warn: PT4H
restart_on: [name]
pause_when: {young: {when: "is_blank(name)", reason: Has no name}}
marks:
  third: {label: Third day, after: P3D, actions: {tell: {do: notify, settings: {to: owner}}}}
actions: {take: {do: reassign}}"""
    clock = _catalog(_clock(body)).clock("x_clock")
    assert [mark.id for mark in clock.marks] == ["warn", "third"]
    third = clock.mark("third")
    assert third is not None
    assert (third.actions[0].do, third.actions[0].settings) == ("notify", {"to": "owner"})
    assert (clock.pauses[0].reason.to("en"), clock.actions[0].do) == ("Has no name", "reassign")
    assert _errors(_clock(body), "clock") == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "clock.due_choice"),
        ("due: P1D\ndue_field: born", "clock.due_choice"),
        ("due: PT", "clock.limit"),
        ("due: P1M", "metadata.pattern"),
        ("due: PT0M", "clock.limit"),
        ("due_field: name", "clock.due_kind"),
        ("due_field: gone", "metadata.no_field"),
        ("due: P1D\ncalendar: x_none", "metadata.no_target"),
        ("due: P1D\nstop_when: gone == 1", "expr.unknown_field"),
        ("due: P1D\nmarks: {one: {label: One}}", "clock.mark_choice"),
        ("due: P1D\nmarks: {one: {after: P1D, before: PT1H}}", "clock.mark_choice"),
        ("due: P1D\nmarks: {one: {after: P0D}}", "clock.limit"),
    ],
)
def test_a_clock_that_makes_no_sense_is_refused(body: str, code: str) -> None:
    errors = _errors(_clock(body), "clock")
    assert len(errors) == 1
    assert code in errors[0]


def test_the_clocks_of_an_entity_are_found() -> None:
    catalog = _catalog(_clock("due_field: born"))
    assert [one.id for one in catalog.clocks["cow"]] == ["x_clock"]
