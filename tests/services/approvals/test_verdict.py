from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from loopline.services.approvals.verdict import verdict
from loopline.store.approvals import Seat, Step

AT = datetime(2026, 1, 5, tzinfo=UTC)
STATES = st.sampled_from(["waiting", "queued", "approved", "rejected", "handed_on", "returned"])


def step(mode: str, needed: int) -> Step:
    return Step(
        id=1,
        approval=1,
        step="a",
        mode=mode,
        needed=needed,
        state="open",
        reason=None,
        opened_at=AT,
        closed_at=None,
    )


def seat(origin: str, state: str) -> Seat:
    return Seat(
        id=1,
        approval=1,
        step=1,
        user_id=1,
        for_user=None,
        origin=origin,
        after=None,
        state=state,
        decided_by=None,
        decided_at=None,
        comment=None,
    )


SEATS = st.lists(st.builds(seat, st.sampled_from(["asked", "asked", "signer"]), STATES), max_size=6)
STEPS = st.builds(step, st.sampled_from(["any", "all", "sequence", "count"]), st.integers(1, 4))


@given(STEPS, SEATS)
def test_nothing_passes_unless_somebody_agreed(one: Step, seats: list[Seat]) -> None:
    states = [each.state for each in seats if each.origin == "asked"]
    if verdict(one, seats) == "passed":
        assert "approved" in states


@given(STEPS, SEATS)
def test_nothing_passes_while_a_signer_has_not_agreed(one: Step, seats: list[Seat]) -> None:
    asked = {each.state for each in seats if each.origin == "signer"}
    if asked & {"waiting", "queued", "rejected"}:
        assert verdict(one, seats) != "passed"


@given(STEPS, SEATS)
def test_a_yes_more_never_turns_a_pass_into_a_refusal(one: Step, seats: list[Seat]) -> None:
    if verdict(one, seats) == "passed":
        assert verdict(one, [*seats, seat("asked", "approved")]) == "passed"
