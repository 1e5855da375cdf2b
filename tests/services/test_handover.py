"""Handing over: a preview counts what the act then moves, and nothing else moves."""

import pytest

from loopline.errors import Forbidden, NotValid
from loopline.services import records
from loopline.services.actions import run_action
from loopline.services.handover import hand_over, holdings
from loopline.store.rows import fetch

DOCUMENTS = """
kind: entity
id: x_case
format: 1
label: Case
title_field: name
traits: {owned: true, audited: true}
fields:
  name:  {type: text, label: Name}
  judge: {type: user, label: Judge}
---
kind: approval
id: x_case
format: 1
label: Case
entity: x_case
when: 'name == "asked"'
locks: [name]
steps: {judge: {approvers: {a: {field: judge}}}}
---
kind: role
id: x_reader
format: 1
label: Reader
grants: {cases: {entity: x_case, actions: [read]}}
"""


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


@pytest.fixture
def people(as_user):
    names = ("Ada", "Bo", "Cy")
    found = {name: as_user(name, roles=("x_reader", "staff")) for name in names}
    return found | {"Root": as_user("Root", administrator=True)}


@pytest.fixture
def held(platform, people):
    ada, cy = people["Ada"].id, people["Cy"].id
    with platform.write(people["Root"]) as ctx:
        for name in ("one", "two", "asked"):
            records.create(ctx, "x_case", {"name": name, "owner": ada, "judge": ada})
        records.create(ctx, "x_case", {"name": "other", "owner": cy})
        for state in ("open", "done"):
            values = {"name": state, "state": state, "assignee": ada, "owner": cy}
            records.create(ctx, "task", values)
        run_action(ctx, "x_case", [3], "submit", {})
    return ada


def test_what_is_counted_is_what_moves(platform, people, held) -> None:
    bo = people["Bo"].id
    with platform.write(people["Root"]) as ctx:
        before = holdings(ctx, held)
        assert [(one.entity, one.count) for one in before.records] == [("x_case", 3), ("task", 1)]
        assert before.seats == 1
        done = hand_over(ctx, held, bo)
        assert ([one.total for one in done.runs], done.seats, done.kept) == ([3, 1], 1, ())
        after = holdings(ctx, held)
        assert (after.records, after.seats) == ((), 0)
        cases = fetch(ctx.connection, ctx.snapshot.table("x_case"), [1, 2, 3, 4])
        owners = [cases[number].value("owner") for number in (1, 2, 3, 4)]
        assert owners == [bo, bo, bo, people["Cy"].id]
        tasks = fetch(ctx.connection, ctx.snapshot.table("task"), [1, 2])
        assert [tasks[number].value("assignee") for number in (1, 2)] == [bo, held]


def test_only_administrators_hand_over_and_to_somebody_else(platform, people, held) -> None:
    with platform.write(people["Bo"]) as ctx, pytest.raises(Forbidden):
        hand_over(ctx, held, people["Bo"].id)
    for heir in (held, 999):
        with platform.write(people["Root"]) as ctx, pytest.raises(NotValid):
            hand_over(ctx, held, heir)


def test_a_seat_that_the_successor_cannot_take_stays_and_is_told(platform, people, held) -> None:
    with platform.write(people["Root"]) as ctx:
        done = hand_over(ctx, held, people["Root"].id)
        assert (done.seats, [one.path for one in done.kept]) == (0, ["x_case/3"])
        assert holdings(ctx, held).seats == 1
