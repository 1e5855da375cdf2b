import json
from importlib.metadata import entry_points
from textwrap import dedent

import pytest

import loopline.store.approvals as store
from loopline.services.plugin_states import disable, enable
from loopline.services.timeline import timeline

STEP = "steps: {clause: {kind: acme.clause_check, settings: {strict: true}}}"


@pytest.fixture
def approval() -> str:
    return STEP


@pytest.fixture
def blocked_plugins() -> frozenset[str]:
    return frozenset(one.name for one in entry_points(group="loopline.plugins"))


@pytest.fixture
def answer() -> str:
    """Answer what the step says; override it."""
    return "Approved()"


@pytest.fixture
def site(site, answer):
    """Answer the site with a plugin of one file in it."""
    words = {"id": "acme", "title": "acme", "version": "1"}
    (site / "plugins" / "acme.json").write_text(json.dumps(words), encoding="utf-8")
    code = f"""
        from loopline.sdk import *

        def decide(ctx, approval, record):
            assert approval.settings == {{"strict": True}}
            return {answer}

        @hookimpl
        def register_approval_steps(ctx):
            label = Label({{"zh": "条款", "en": "Clauses"}})
            yield ApprovalStep(id="acme.clause_check", label=label, decide=decide)
    """
    (site / "plugins" / "acme.py").write_text(dedent(code), encoding="utf-8")
    return site


@pytest.fixture
def asked(desk):
    desk.seat("Ann")
    with desk.platform.write() as ctx:
        enable(ctx, desk.platform.shelf, "acme")
    desk.act("Sam", "submit")
    return desk


def test_it_may_approve_at_once(asked) -> None:
    assert asked.state == "approved"


class TestByItself:
    @pytest.fixture
    def approval(self) -> str:
        sets = '{status: approved, approved_on: "= today()", approved_by: "= me"}'
        return f"on_approved: {{set: {sets}}}\n{STEP}"

    def test_what_nobody_decided_is_told_of_the_approval_and_not_of_who_asked(self, asked) -> None:
        with asked.platform.read() as ctx:
            entries = timeline(ctx, "x_offer", asked.offer).entries
        told = {one.action: (one.actor, one.actor_name) for one in entries}
        assert told["approval_submitted"] == (asked.id("Sam"), "Sam")
        assert told["approval_approved"] == told["update"] == (None, "审批“折扣审批”")
        assert [asked.value(one) for one in ("status", "approved_by")] == ["approved", None]


class TestRejecting:
    @pytest.fixture
    def answer(self) -> str:
        return 'Rejected("clause 4 is missing")'

    def test_it_may_reject(self, asked) -> None:
        assert (asked.state, "step_rejected" in asked.acts()) == ("rejected", True)


class TestWaiting:
    @pytest.fixture
    def answer(self) -> str:
        return 'Waiting(tuple(one.id for one in ctx.elevated("x").find("user", "name == \'Ann\'")))'

    def test_it_may_name_who_decides(self, asked) -> None:
        assert asked.waiting() == ["Ann"]
        asked.act("Ann", "approve")
        assert asked.state == "approved"


class TestBroken:
    @pytest.fixture
    def answer(self) -> str:
        return "1 / 0"

    def test_a_step_that_breaks_is_stuck_and_names_its_plugin(self, asked) -> None:
        with asked.platform.read() as ctx:
            step = store.steps_of(ctx.connection, [asked.requests()[0].id])[0]
        assert (asked.state, step.state) == ("pending", "stuck")
        assert (step.reason[0], step.reason[1]["plugin"]) == ("approval.stuck_plugin", "acme")

    def test_a_disabled_plugin_is_told_and_does_not_pass(self, asked) -> None:
        with asked.platform.write() as ctx:
            disable(ctx, asked.platform.shelf, "acme")
        asked.act("Sam", "retry")
        assert (asked.state, asked.acts()[-1]) == ("pending", "stuck")


class TestComingBack:
    @pytest.fixture
    def asked(self, desk):
        desk.seat("Ann")
        desk.act("Sam", "submit")
        return desk

    def test_what_was_asked_while_the_code_was_missing_is_asked_once_it_is_there(
        self, asked
    ) -> None:
        assert (asked.state, asked.acts()[-1]) == ("pending", "stuck")
        asked.work()
        assert (asked.state, asked.acts()[-1]) == ("pending", "stuck")
        with asked.platform.write() as ctx:
            enable(ctx, asked.platform.shelf, "acme")
        asked.work()
        assert (asked.state, asked.acts()[-3:]) == ("approved", ["retry", "passed", "approved"])
