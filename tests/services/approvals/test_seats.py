import pytest

from loopline.errors import Conflict, Forbidden, NotValid

PATHS = """
steps:
  chief: {mode: all, approvers: {a: {field: owner.manager}, b: {department: owner.department}}}
"""


def test_a_role_without_holders_is_stuck_and_told(desk) -> None:
    desk.people["Root"] = desk.make("Root", administrator=True)
    desk.act("Sam", "submit")
    assert (desk.state, desk.waiting()) == ("pending", [])
    assert desk.acts()[-1] == "stuck"
    assert ("Root", "stuck") in desk.told()


def test_a_stuck_step_is_asked_again(desk) -> None:
    desk.act("Sam", "submit")
    desk.seat("Ann")
    desk.act("Sam", "retry")
    assert desk.waiting() == ["Ann"]
    with pytest.raises(Conflict, match=r"approval\.not_stuck"):
        desk.act("Sam", "retry")


def test_an_administrator_names_who_stands_in(desk) -> None:
    desk.people["Root"] = desk.make("Root", administrator=True)
    desk.seat("Eve", role="x_seller")
    desk.act("Sam", "submit")
    with pytest.raises(Forbidden):
        desk.act("Sam", "retry", to=desk.id("Eve"))
    desk.act("Root", "retry", to="eve@example.com")
    assert desk.waiting() == ["Eve"]


def test_who_may_not_read_the_record_or_sign_in_is_not_asked(desk) -> None:
    desk.seat("Ann", "Bob")
    desk.people["Out"] = desk.make("Out", roles=())
    desk.set("user", desk.id("Bob"), active=False)
    desk.act("Sam", "submit")
    assert desk.waiting() == ["Ann"]
    with pytest.raises(NotValid, match=r"approval\.unable"):
        desk.act("Ann", "delegate", to=desk.id("Out"))


class TestPaths:
    @pytest.fixture
    def approval(self) -> str:
        return PATHS

    @pytest.fixture
    def house(self, desk):
        desk.seat("Ann", "Bob")
        department = desk.add("department", name="Sales", code="S", manager=desk.id("Bob"))
        desk.set("user", desk.id("Sam"), manager=desk.id("Ann"), department=department.id)
        return desk

    def test_a_path_and_a_department_name_people(self, house) -> None:
        house.act("Sam", "submit")
        assert house.waiting() == ["Ann", "Bob"]

    def test_no_manager_is_stuck_not_passed(self, house) -> None:
        house.set("user", house.id("Sam"), manager=None)
        house.act("Sam", "submit")
        assert (house.state, house.waiting(), house.acts()[-1]) == ("pending", [], "stuck")


OWN = "self_approval: {rule}\nsteps: {{a: {{approvers: {{a: {{field: owner}}}}}}}}"


@pytest.fixture
def mine(desk):
    desk.seat("Ann")
    desk.set("user", desk.id("Sam"), manager=desk.id("Ann"))
    desk.act("Sam", "submit")
    return desk


class TestOwnRefused:
    @pytest.fixture
    def approval(self) -> str:
        return OWN.format(rule="refuse")

    def test_ones_own_request_goes_to_the_next(self, mine) -> None:
        assert mine.waiting() == ["Ann"]

    def test_it_does_not_come_back_by_delegation(self, mine) -> None:
        with pytest.raises(NotValid, match=r"approval\.own_request"):
            mine.act("Ann", "delegate", to=mine.id("Sam"))


class TestOwnAllowed:
    @pytest.fixture
    def approval(self) -> str:
        return OWN.format(rule="allow")

    def test_one_decides_oneself(self, mine) -> None:
        mine.act("Sam", "approve")
        assert mine.state == "approved"


class TestOwnSkipped:
    @pytest.fixture
    def approval(self) -> str:
        return OWN.format(rule="skip")

    def test_ones_own_seat_is_left_out_and_the_trail_says_so(self, mine) -> None:
        assert (mine.state, "skipped" in mine.acts()) == ("approved", True)
