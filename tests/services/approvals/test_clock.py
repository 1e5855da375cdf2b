import pytest

from loopline.jobs.clock_rows import clocks_of

CLOCK = """
steps: {chief: {mode: any, clock: x_answer, approvers: {a: {role: x_chief}}}}
---
kind: clock
id: x_answer
format: 1
label: {zh: 审批时限, en: Answer}
entity: x_offer
due: P1D
"""


@pytest.fixture
def approval() -> str:
    return CLOCK


def test_a_step_runs_its_clock_while_it_is_open(desk) -> None:
    desk.seat("Ann")
    desk.act("Sam", "submit")
    assert states(desk) == ["running"]
    desk.act("Ann", "approve")
    assert states(desk) == ["met"]


def test_a_withdrawn_request_stops_it_without_judging(desk) -> None:
    desk.seat("Ann")
    desk.act("Sam", "submit")
    desk.act("Sam", "withdraw")
    assert states(desk) == ["stopped"]


def states(desk) -> list[str]:
    with desk.platform.read() as ctx:
        return [one.state for one in clocks_of(ctx.connection, "x_offer", desk.offer)]
