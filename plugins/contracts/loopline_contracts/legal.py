"""The step of approvals in which lawyers are asked only about clauses that deviate."""

from collections.abc import Iterable
from typing import Any, Final

from loopline.sdk import ApprovalStep, Approved, Context, Record, Waiting
from loopline_contracts.found import link, value
from loopline_contracts.texts import texts

STEP: Final = "contracts.deviation"
_SETTINGS: Final = {
    "type": "object",
    "properties": {
        "role": {"type": "string", "x-label": {"zh": "法务角色", "en": "Role of lawyers"}}
    },
    "additionalProperties": False,
}


def steps() -> Iterable[ApprovalStep]:
    """Yield the step ``contracts.deviation``."""
    yield ApprovalStep(
        id=STEP, label=texts("approval.deviation"), decide=decide, settings=_SETTINGS
    )


def decide(ctx: Context, approval: Any, record: Record) -> Approved | Waiting:
    """Pass a contract of standard clauses; ask lawyers, or the owner's head, about another."""
    if not value(record, "deviations"):
        return Approved()
    role = str(approval.settings.get("role") or "")
    seats = ctx.holders(role) if role else _head(ctx, link(record, "owner"))
    return Waiting(seats, needed=1 if seats else None)


def _head(ctx: Context, owner: int) -> tuple[int, ...]:
    """Answer the manager of the owner's department, nobody where there is none."""
    whole = ctx.elevated("who is asked")
    person = whole.get("user", owner) if owner else None
    department = link(person, "department") if person else 0
    manager = link(whole.get("department", department), "manager") if department else 0
    return (manager,) if manager else ()
