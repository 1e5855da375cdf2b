"""What a new ticket is and whose: who asks, what rules say of it, who gets it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from loopline.sdk import Change, Context, RecordsChanging, Set, quoted
from loopline_service.found import HISTORIC, TICKET, link, plain, text
from loopline_service.people import Roster
from loopline_service.rules import TicketRule, ticket_rules

_CATEGORY: Final = "category"
Values = Mapping[str, object]


def guard(ctx: Context, event: RecordsChanging) -> Iterator[Set]:
    """Yield what is said of new tickets besides what their writer named; not of the past."""
    if event.action != "create" or event.via in HISTORIC:
        return
    whole, rules, roster = ctx.elevated("new tickets"), ticket_rules(ctx), Roster(ctx)
    for change in event.changes:
        named = set(plain({name: change.new.get(name) for name in change.given}))
        values = dict(change.new) | _asking(whole, change.new)
        owner = change.new.get("owner")
        for rule in rules:
            if ctx.matches(TICKET, rule.when, [{**values, "created_at": ctx.now}])[0]:
                values |= _said(whole, rule, named)
                named |= rule.set.keys()
                if rule.assign and "owner" not in named:
                    owner = roster.choose(rule.assign, values) or owner
                    named |= {"owner"} if owner != change.new.get("owner") else set()
        values["owner"] = owner
        yield from _differing(change, values)


def _asking(ctx: Context, values: Values) -> dict[str, object]:
    """Answer contact and customer by the address of whoever asks, where just one has it."""
    contact = link(values, "contact")
    address = text(values, "requester_email")
    if not contact and not link(values, "customer") and address:
        found = ctx.find("contact", f"email == {quoted(address.lower())}", limit=2)
        contact = found[0].id if len(found) == 1 else 0
        if not contact:
            firms = ctx.find("customer", f"email == {quoted(address.lower())}", limit=2)
            return {"customer": firms[0].id} if len(firms) == 1 else {}
    if not contact or link(values, "customer"):
        return {}
    return {"contact": contact, "customer": ctx.get("contact", contact).value("customer")}


def _said(ctx: Context, rule: TicketRule, named: set[str]) -> dict[str, object]:
    """Answer what a rule says of a ticket that nobody said before."""
    said: dict[str, object] = {
        name: one for name, one in rule.set.items() if name not in named and name != _CATEGORY
    }
    if _CATEGORY in rule.set and _CATEGORY not in named:
        found = ctx.find("ticket_category", f"code == {quoted(rule.set[_CATEGORY])}", limit=1)
        said |= {_CATEGORY: found[0].id} if found else {}
    return said


def _differing(change: Change, values: Values) -> Iterator[Set]:
    for name, one in values.items():
        if change.new.get(name) != one:
            yield Set(change, name, one)


def arrived(event: RecordsChanging, answers: Iterable[Set]) -> RecordsChanging:
    """Answer the event with what was said of its tickets, for what is promised to them."""
    said: dict[int, dict[str, object]] = {}
    for one in answers:
        said.setdefault(one.change.index, {})[one.field] = one.value
    changes = (replace(one, new={**one.new, **said.get(one.index, {})}) for one in event.changes)
    return replace(event, changes=tuple(changes))
