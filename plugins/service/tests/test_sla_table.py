"""Promised times against a table that was computed by hand, the arithmetic beside each case."""

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

TABLE = Path(__file__).parent / "sla_table.csv"


@pytest.fixture
def cases() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def counted(api, ticket, at):
    """Answer what plays a case through and answers the promised time, in the site's zone."""

    def play(case: Mapping[str, str]) -> str:
        at(case["opened"])
        number = ticket(kind=case["kind"], priority=case["priority"])
        for moment, status in _waits(case["waits"]):
            at(moment)
            found = api("PATCH", f"/records/ticket/{number}", {"status": status})
        found = api("GET", f"/records/ticket/{number}")
        due = datetime.fromisoformat(found[case["field"]])
        return f"{due.astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M}"

    return play


def _waits(text: str) -> Iterator[tuple[str, str]]:
    for wait in filter(None, text.split(";")):
        begins, _, ends = wait.partition(">")
        yield begins, "waiting_customer"
        yield ends, "open"


def test_promised_times_are_those_of_the_table(cases, counted) -> None:
    assert len(cases) >= 30
    computed = {case["arithmetic"]: counted(case) for case in cases}
    assert computed == {case["arithmetic"]: case["due"] for case in cases}
