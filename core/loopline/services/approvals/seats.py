"""Seats: whom a step asks, and whether that is anybody at all."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from loopline.access.context import Context
from loopline.meta.approvals import ApproverDef, StepDef
from loopline.services.approvals.case import Case
from loopline.services.approvals.people import can_decide, manager_of, people_of

_HIGHEST: Final = 20
"""Managers above each other that are tried; a circle ends there."""


@dataclass(slots=True)
class Found:
    """Whom a step asks. ``empty`` are the approvers that come to nobody who can decide.

    ``unable`` may not sign in or not read the record; ``left_out`` is whether somebody has no seat
    because the request is their own and the document leaves them out.
    """

    people: list[int] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    unable: list[int] = field(default_factory=list)
    left_out: bool = False

    def add(self, people: Iterable[int]) -> None:
        """Give people a seat; nobody has two."""
        self.people += [one for one in people if one not in self.people]


def find_seats(ctx: Context, case: Case, step: StepDef, stand_in: int | None = None) -> Found:
    """Answer whom a step asks; ``stand_in`` takes the place of approvers that come to nobody."""
    found = Found()
    for approver in step.approvers:
        people = _able(ctx, case, approver, found)
        people = people or ([stand_in] if stand_in is not None else [])
        if people:
            found.add(people)
        elif not (found.left_out and case.definition.self_approval == "skip"):
            found.empty.append(approver.told)
    return found


def is_enough(step: StepDef, found: Found) -> bool:
    """Whether those who are asked can pass the step: nobody is left out without being told."""
    if step.mode in {"any", "count"}:
        least = step.count if step.mode == "count" else 1
        return len(found.people) >= least
    return bool(found.people) and not found.empty


def _able(ctx: Context, case: Case, approver: ApproverDef, found: Found) -> list[int]:
    """Answer whom an approver comes to, with one's own request put where the document says."""
    asker, rule = case.request.submitted_by, case.definition.self_approval
    named = people_of(ctx, case.record, approver)
    able = [one for one in named if can_decide(ctx, case.record, one)]
    found.unable += [one for one in named if one not in able and one not in found.unable]
    if asker is None or rule == "allow" or asker not in able:
        return able
    others = [one for one in able if one != asker]
    if rule == "skip":
        found.left_out = True
        return others
    above = None if others else next_above(ctx, case, asker)
    return others if above is None else [above]


def next_above(ctx: Context, case: Case, user: int, seated: Collection[int] = ()) -> int | None:
    """Answer the nearest manager above a user who can decide; None where there is none.

    Who is ``seated`` is passed over, and whoever asked unless they may decide themselves.
    """
    asker = case.request.submitted_by
    barred = {user, *seated} | (set() if case.definition.self_approval == "allow" else {asker})
    above = manager_of(ctx, user)
    for _ in range(_HIGHEST):
        if above is None or (above not in barred and can_decide(ctx, case.record, above)):
            return above
        above = manager_of(ctx, above)
    return None
