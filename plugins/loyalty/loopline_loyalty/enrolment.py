"""Becoming a member: one member a customer, who earns from that day on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from loopline.sdk import Action, Context, Record, RecordsChanging, Refuse, Result, Set
from loopline_loyalty.earning import CATCH_UP
from loopline_loyalty.entries import MEMBER
from loopline_loyalty.found import made_of, refused, whole
from loopline_loyalty.texts import texts

CUSTOMER: Final = "customer"


def actions() -> Iterable[Action]:
    """Yield the action that makes customers members."""
    yield Action(id="enrol", label=texts("action.enrol"), entity=CUSTOMER, run=enrol)


def enrol(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Make a member of each customer who is none yet; what they pay today counts already."""
    whole_ctx = ctx.elevated("enrol")
    for customer in sorted(one.id for one in records):
        ctx.hold(f"customer:{customer}")
    there = whole_ctx.among(MEMBER, CUSTOMER, [one.id for one in records])
    members = {whole(one, CUSTOMER): one.id for one in there if one.value("left_at") is None}
    new = [one for one in records if one.id not in members]
    made = made_of(whole_ctx.create_many(MEMBER, [_member(ctx, one) for one in new]))
    for one in new:
        ctx.enqueue(CATCH_UP, {CUSTOMER: one.id}, unique_key=f"catch_up:{one.id}")
    first = made[0] if made else next(iter(members.values()), 0)
    record = (MEMBER, first) if len(records) == 1 and first else None
    return Result(texts("enrol.done", count=len(made)), record=record)


def _member(ctx: Context, customer: Record) -> Mapping[str, object]:
    named = {"name": customer.value("name"), "owner": customer.value("owner")}
    return {**named, CUSTOMER: customer.id, "joined": ctx.today}


def guard(ctx: Context, event: RecordsChanging) -> Iterator[Set | Refuse]:
    """Say when new members joined, and refuse a second member of the customer itself."""
    if event.action != "create":
        return
    customers = {whole(one.new, CUSTOMER) for one in event.changes} - {0}
    taken = {
        whole(one, CUSTOMER)
        for one in ctx.elevated("enrol").among(MEMBER, CUSTOMER, customers)
        if one.value("left_at") is None and one.value("contact") is None
    }
    for change in event.changes:
        customer = whole(change.new, CUSTOMER)
        own = customer and change.new.get("contact") is None and change.new.get("left_at") is None
        if change.new.get("joined") is None:
            yield Set(change, "joined", ctx.today)
        if own and customer in taken:
            yield refused(change, "enrol.twice", CUSTOMER)
        if own:
            taken.add(customer)
