"""Compensations: proposed with a reason, approved above a limit, booked where there is a ledger.

From which amount on somebody has to agree stands in the document ``approval/ticket_compensation``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from loopline.sdk import Action, Add, Context, Record, RecordsChanging, Result
from loopline_service.found import TICKET, link, only, refusal, text
from loopline_service.texts import texts

_LEDGER: Final = "ledger_entry"


def actions() -> Iterable[Action]:
    """Yield what proposes a compensation."""
    amount = {
        "type": "number",
        "exclusiveMinimum": 0,
        "x-label": {"zh": "金额", "en": "Amount"},
    }
    reason = {
        "type": "string",
        "minLength": 1,
        "maxLength": 300,
        "x-label": {"zh": "原因", "en": "Reason"},
    }
    yield Action(
        id="compensate",
        label=texts("action.compensate"),
        entity=TICKET,
        run=compensate,
        settings={
            "type": "object",
            "properties": {"amount": amount, "reason": reason},
            "required": ["amount", "reason"],
            "additionalProperties": False,
        },
        shown_if='compensation_state != "granted"',
    )


def compensate(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Propose a compensation; it is granted at once where nobody has to agree to it.

    Raises NotValid for one that was granted already.
    """
    ticket = only(records)
    if text(ticket, "compensation_state") == "granted":
        raise refusal("compensation.granted", "fields.compensation")
    changes = {
        "compensation": Decimal(str(settings["amount"])),
        "compensation_reason": str(settings["reason"]),
        "compensation_state": "proposed",
    }
    ctx.update(TICKET, ticket.id, changes)
    missing = ctx.approvals.missing(TICKET, ticket.id)
    if not missing:
        ctx.update(TICKET, ticket.id, {"compensation_state": "granted"})
        return Result(texts("done.compensated"))
    if not any(one.state == "pending" for one in missing):  # a changed amount asks anew by itself
        ctx.approvals.submit(TICKET, ticket.id, comment=str(settings["reason"]))
    return Result(texts("done.compensation_asked"))


def guard(ctx: Context, event: RecordsChanging) -> Iterator[Add]:
    """Yield the entry in the customer's ledger, where there is one, of what is granted."""
    if event.action != "update" or not ctx.has("entity", _LEDGER):
        return
    for change in event.changes:
        granted = text(change.new, "compensation_state") == "granted"
        amount = change.new.get("compensation")
        customer = link(change.new, "customer")
        fresh = granted and "compensation_state" in change.fields
        if fresh and customer and isinstance(amount, Decimal) and amount:
            entry = {"customer": customer, "kind": "compensation", "amount": -amount}
            yield Add(change, _LEDGER, {**entry, "at": ctx.now}, "source")
