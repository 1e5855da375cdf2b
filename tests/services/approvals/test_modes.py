import pytest

from loopline.errors import Conflict

STEPS = """
steps:
  line:  {{mode: {mode}, {count} approvers: {{a: {{role: x_chief}}}}, pos: 1}}
  money: {{when: "discount > 0.5", approvers: {{a: {{role: x_chief}}}}, pos: 2}}
"""


def steps(mode: str, count: str = "") -> str:
    return STEPS.format(mode=mode, count=count)


@pytest.fixture
def asked(desk):
    desk.seat("Ann", "Bob", "Cho")
    desk.act("Sam", "submit")
    return desk


class TestSequence:
    @pytest.fixture
    def approval(self) -> str:
        return steps("sequence")

    def test_one_after_the_other(self, asked) -> None:
        for name in ("Ann", "Bob", "Cho"):
            assert asked.waiting() == [name]
            asked.act(name, "approve")
        assert asked.state == "approved"

    def test_nobody_jumps_the_queue(self, asked) -> None:
        with pytest.raises(Conflict, match=r"approval\.not_your_turn"):
            asked.act("Cho", "approve")

    def test_who_was_added_behind_comes_before_the_next(self, asked) -> None:
        asked.seat("Dee")
        asked.act("Ann", "add_signer", to=asked.id("Dee"))
        assert asked.waiting() == ["Ann"]
        asked.act("Ann", "approve")
        assert asked.waiting() == ["Dee"]
        asked.act("Dee", "approve")
        assert asked.waiting() == ["Bob"]


class TestAll:
    @pytest.fixture
    def approval(self) -> str:
        return steps("all")

    def test_all_are_needed_at_once(self, asked) -> None:
        asked.act("Cho", "approve")
        asked.act("Ann", "approve")
        assert asked.waiting() == ["Bob"]
        asked.act("Bob", "reject", comment="no")
        assert asked.state == "rejected"


class TestCount:
    @pytest.fixture
    def approval(self) -> str:
        return steps("count", "count: 2,")

    def test_so_many_are_enough(self, asked) -> None:
        asked.act("Cho", "reject", comment="no")
        asked.act("Ann", "approve")
        asked.act("Bob", "approve")
        assert asked.state == "approved"

    def test_it_ends_when_so_many_cannot_be_reached(self, asked) -> None:
        asked.act("Cho", "reject", comment="no")
        asked.act("Ann", "reject", comment="no")
        assert asked.state == "rejected"

    def test_too_few_people_are_stuck(self, desk) -> None:
        desk.seat("Ann")
        desk.act("Sam", "submit")
        assert (desk.waiting(), desk.acts()[-1]) == ([], "stuck")


class TestSteps:
    @pytest.fixture
    def approval(self) -> str:
        return steps("any").replace("0.5", "0.15")

    def test_a_step_follows_the_other(self, asked) -> None:
        asked.act("Ann", "approve")
        assert (asked.state, asked.waiting()) == ("pending", ["Ann", "Bob", "Cho"])
        asked.act("Ann", "approve")
        assert asked.state == "approved"

    def test_a_later_step_returns_to_an_earlier_one(self, asked) -> None:
        asked.act("Ann", "approve")
        asked.act("Bob", "return", comment="count again", to="line")
        assert asked.state == "pending"
        asked.act("Ann", "approve")
        asked.act("Bob", "approve")
        assert asked.state == "approved"

    def test_a_return_to_whoever_asked_ends_it(self, asked) -> None:
        asked.act("Ann", "return", comment="say more")
        assert (asked.state, asked.told()[-1]) == ("returned", ("Sam", "returned"))


def test_a_step_whose_condition_does_not_hold_is_left_out(asked) -> None:
    asked.act("Ann", "approve")
    assert asked.state == "approved"
