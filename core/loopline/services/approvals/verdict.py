"""The verdict of a step: what the decisions on its seats come to."""

from collections.abc import Sequence
from typing import Final, Literal

from loopline.store.approvals import Seat, Step

Verdict = Literal["passed", "rejected", ""]
SIGNER: Final = "signer"
_ASKED: Final = frozenset({"waiting", "queued", "approved", "rejected"})


def verdict(step: Step, seats: Sequence[Seat]) -> Verdict:
    """Answer whether a step is passed or rejected; blank while that is open.

    Signers that were added must agree besides, whatever the mode.
    """
    signers = [one.state for one in seats if one.origin == SIGNER and one.state in _ASKED]
    asked = [one.state for one in seats if one.origin != SIGNER and one.state in _ASKED]
    found = _of_asked(step, asked)
    if found == "rejected" or "rejected" in signers:
        return "rejected"
    agreed = all(state == "approved" for state in signers)
    return "passed" if found == "passed" and agreed else ""


def _of_asked(step: Step, states: Sequence[str]) -> Verdict:
    approved, rejected = states.count("approved"), states.count("rejected")
    match step.mode:
        case "any":
            return "passed" if approved else "rejected" if rejected else ""
        case "count":
            if approved >= step.needed:
                return "passed"
            return "rejected" if len(states) - rejected < step.needed else ""
        case _:
            if rejected:
                return "rejected"
            return "passed" if states and approved == len(states) else ""
