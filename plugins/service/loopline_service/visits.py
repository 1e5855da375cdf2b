"""Return visits: planned by rules once a record enters a status, recorded, followed by more."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from loopline.sdk import Action, Context, Record, Result, quoted
from loopline_service.actions import open_again
from loopline_service.conversation import say
from loopline_service.deadlines import calendar_of
from loopline_service.found import TICKET, known, link, only, plain, refusal, text
from loopline_service.rules import VisitRule, visit_rules
from loopline_service.texts import texts

VISIT: Final = "visit"
SOURCES: Final = (TICKET, "order")
"""The entities whose records rules plan visits after."""
_LEAD: Final = "lead"
RESULTS: Final = ("satisfied", "neutral", "dissatisfied", "interested", "unreachable")


def actions(*, with_leads: bool) -> Iterable[Action]:
    """Yield what is done with visits, and where leads are, what makes one."""
    yield Action(
        id="record",
        label=texts("action.record"),
        entity=VISIT,
        run=record,
        settings=_RECORDING,
        shown_if='status == "planned"',
        tone="accent",
    )
    if with_leads:
        yield Action(
            id="repurchase",
            label=texts("action.repurchase"),
            entity=VISIT,
            run=repurchase,
            settings=_NEED,
            shown_if='status == "done"',
        )


_RECORDING: Final = {
    "type": "object",
    "properties": {
        "result": {
            "type": "string",
            "enum": list(RESULTS),
            "x-label": {"zh": "结果", "en": "Result"},
            "x-labels": {
                "satisfied": {"zh": "满意", "en": "Satisfied"},
                "neutral": {"zh": "一般", "en": "Neutral"},
                "dissatisfied": {"zh": "不满意", "en": "Dissatisfied"},
                "interested": {"zh": "有新需求", "en": "Wants more"},
                "unreachable": {"zh": "未联系上", "en": "Not reached"},
            },
        },
        "outcome": {
            "type": "string",
            "maxLength": 5000,
            "x-label": {"zh": "回访记录", "en": "What was said"},
            "x-widget": "textarea",
        },
        "follow_up": {
            "type": "string",
            "format": "date",
            "x-label": {"zh": "下次回访", "en": "Visit again on"},
        },
        "reopen": {
            "type": "boolean",
            "x-label": {"zh": "重新打开工单", "en": "Open the ticket again"},
        },
    },
    "required": ["result"],
    "additionalProperties": False,
}
_NEED: Final = {
    "type": "object",
    "properties": {
        "need": {
            "type": "string",
            "maxLength": 2000,
            "x-label": {"zh": "新需求", "en": "What they need"},
            "x-widget": "textarea",
        }
    },
    "additionalProperties": False,
}


def plan(ctx: Context, source: Record) -> None:
    """Plan what the rules want after a record that has entered a status; each rule once a record.

    A customer who is visited often enough is left alone.
    """
    for rule in visit_rules(ctx, source.entity):
        row = {**source.values, "created_at": source.created_at}
        fits = text(source, "status") == rule.enters
        if fits and ctx.matches(source.entity, rule.when, [row])[0]:
            _plan(ctx, rule, source)


def _plan(ctx: Context, rule: VisitRule, source: Record) -> None:
    key = f"{rule.id}:{source.entity}:{source.id}"
    customer = link(source, "customer")
    due = _due(ctx, rule)
    ctx.hold(f"visits:{customer}")  # two that end at once would both find that nothing is planned
    if not customer or ctx.count(VISIT, f"key == {quoted(key)}"):
        return
    if rule.at_most_every and _is_visited(ctx, customer, due, rule.at_most_every):
        return
    title = ctx.title(source.entity, source.id)
    values = {
        "name": f"{rule.subject.to(ctx.language)}：{title}"[:200],
        "customer": customer,
        "contact": link(source, "contact") if source.entity == TICKET else None,
        source.entity: source.id,
        "owner": source.value("owner"),
        "due": due,
        "reason": rule.reason,
        "channel": rule.channel,
        "rule": rule.id,
        "key": key,
    }
    ctx.create(VISIT, {name: one for name, one in plain(values).items() if one != 0})


def _due(ctx: Context, rule: VisitRule) -> date:
    calendar = calendar_of(ctx, rule.calendar)
    return calendar.local(calendar.add_days(ctx.now, rule.after_days)).date()


def _is_visited(ctx: Context, customer: int, due: date, days: int) -> bool:
    first, last = due - timedelta(days=days), due + timedelta(days=days)
    near = f'due > "{first}" && due < "{last}" && status != "cancelled"'
    return bool(ctx.count(VISIT, f"customer == {customer} && {near}"))


def record(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Note how a visit went; plan another, and open the ticket again, where that is asked for."""
    visit = only(records)
    changes: dict[str, object] = {
        "status": "done",
        "result": settings["result"],
        "outcome": settings.get("outcome") or None,
    }
    if settings.get("follow_up"):
        changes["follow_up"] = _again(ctx, visit, str(settings["follow_up"]))
    ctx.update(VISIT, visit.id, changes)
    ticket = known(ctx, TICKET, link(visit, "ticket")) if settings.get("reopen") else None
    if ticket is not None:
        why = texts("visit.reopened", title=text(visit, "name"), said=changes["outcome"] or "–")
        open_again(ctx, ticket)
        say(ctx, ticket.id, "internal", why.to(ctx.language))
    return Result(texts("done.recorded"))


def _again(ctx: Context, visit: Record, day: str) -> int:
    """Plan a further visit for the same reason to talk. Raises NotValid for a day that is over."""
    if day < ctx.now.astimezone(ZoneInfo(ctx.site_zone)).date().isoformat():
        raise refusal("visit.past", "settings.follow_up")
    names = ("name", "customer", "contact", "ticket", "order", "owner", "channel")
    carried = {name: visit.values.get(name) for name in names}
    made = ctx.create(VISIT, {**plain(carried), "due": day, "reason": "follow_up"})
    return made.id


def repurchase(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Make a lead of a visit to a customer who wants more; a visit makes one at most."""
    visit = only(records)
    made = ctx.elevated("repurchase").find(_LEAD, f"service__visit == {visit.id}", limit=1)
    if made:
        raise refusal("visit.has_lead", "records")
    whole = ctx.elevated("whom the visit was to")
    customer = whole.get("customer", link(visit, "customer"))
    contact = known(whole, "contact", link(visit, "contact"))
    company = text(customer, "name")
    values = {
        "name": text(contact, "name") if contact else company,
        "company": company,
        "phone": (text(contact, "phone") if contact else "") or text(customer, "phone"),
        "email": (text(contact, "email") if contact else "") or text(customer, "email"),
        "source": "service",
        "need": settings.get("need") or text(visit, "outcome"),
        "owner": visit.value("owner"),
        "service__customer": customer.id,
        "service__visit": visit.id,
    }
    lead = ctx.create(_LEAD, plain(values))
    return Result(texts("done.repurchase"), record=(_LEAD, lead.id))
