"""What is done with tickets: replied to, noted, waited with, solved, closed, opened, escalated."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from loopline.sdk import Action, Context, Record, Result
from loopline_service.conversation import mail, say, share, tell_owner
from loopline_service.found import ENDED, TICKET, link, moment, only, refusal, text
from loopline_service.people import EXPERT, Roster
from loopline_service.rules import Receiver
from loopline_service.texts import texts

_TEXT: Final = {
    "type": "string",
    "minLength": 1,
    "maxLength": 10000,
    "x-label": {"zh": "内容", "en": "Text"},
    "x-widget": "textarea",
}
_FILES: Final = {
    "type": "array",
    "items": {"type": "integer"},
    "x-label": {"zh": "附件", "en": "Files"},
    "x-hidden": True,
}
_REASON: Final = {
    "type": "string",
    "minLength": 1,
    "maxLength": 500,
    "x-label": {"zh": "原因", "en": "Reason"},
}


def actions() -> Iterable[Action]:
    """Yield the actions of tickets."""
    open_now = '!(status in ["solved", "closed"])'
    waits = {
        "type": "boolean",
        "x-label": {"zh": "然后等客户答复", "en": "Then wait for the customer"},
    }
    replying = _asked({"text": _TEXT, "wait": waits, "files": _FILES}, "text")
    yield _action("take", take, f"is_blank(owner) && {open_now}", tone="accent")
    yield _action("reply", reply, '!(status == "closed")', replying, tone="accent")
    yield _action("note", note, "", _asked({"text": _TEXT, "files": _FILES}, "text"))
    yield _action("wait", wait, open_now, _asked({"for": _WHOM, "reason": _REASON}, "for"))
    yield _action("solve", solve, open_now, _asked(_SOLVING, "solution"), tone="accent")
    yield _action("close", close, 'status == "solved"')
    yield _action("reopen", reopen, 'status in ["solved", "closed"]', _asked({"reason": _REASON}))
    yield _action("escalate", escalate, f'{open_now} && level != "expert"')
    yield _action("share", share_link, "")


_WHOM: Final = {
    "type": "string",
    "enum": ["customer", "third"],
    "x-label": {"zh": "等谁", "en": "For whom"},
    "x-labels": {
        "customer": {"zh": "客户", "en": "The customer"},
        "third": {"zh": "第三方", "en": "A third party"},
    },
}
_SOLVING: Final = {
    "solution": {
        **_TEXT,
        "x-label": {"zh": "解决办法（客户会看到）", "en": "Solution, for the customer"},
    },
    "root_cause": {
        "type": "string",
        "maxLength": 200,
        "x-label": {"zh": "根本原因（投诉必填）", "en": "Root cause, for complaints"},
    },
}


def take(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Take tickets that nobody owns. Raises NotValid for one that somebody has taken meanwhile."""
    if ctx.actor.id is None:
        raise refusal("take.nobody", "records")
    for one in records:
        ctx.hold(f"take:{one.id}")  # two who take at once would both find it free
        ticket = ctx.get(TICKET, one.id)
        if link(ticket, "owner"):
            who = ctx.title("user", link(ticket, "owner"))
            raise refusal("take.taken", "records", code=text(ticket, "code"), who=who)
        ctx.update(TICKET, one.id, {"owner": ctx.actor.id})
    return Result(texts("done.taken", count=len(records)))


def reply(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Reply to whoever asked: on the page of the ticket, and by mail where there is an address."""
    ticket = only(records)
    changes: dict[str, object] = {}
    if moment(ticket, "first_responded_at") is None:
        changes["first_responded_at"] = ctx.now
    status = text(ticket, "status")
    if settings.get("wait") and status not in ENDED:
        changes["status"] = "waiting_customer"
    elif status in {"new", "reopened"}:
        changes["status"] = "open"
    if changes:
        ticket = ctx.update(TICKET, ticket.id, changes)
    files = tuple(settings.get("files") or ())
    made = say(ctx, ticket.id, "public", str(settings["text"]), files=files)
    to = mail(ctx, ticket, "reply", f"message:{made.id}", text=str(settings["text"]))
    return Result(texts("done.replied_to", to=to) if to else texts("done.replied"))


def note(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Note something that colleagues alone read."""
    files = tuple(settings.get("files") or ())
    say(ctx, only(records).id, "internal", str(settings["text"]), files=files)
    return Result(texts("done.noted"))


def wait(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Let the promised times stand still until the customer or a third party has answered."""
    ticket = only(records)
    ctx.update(TICKET, ticket.id, {"status": f"waiting_{settings['for']}"})
    if settings.get("reason"):
        say(ctx, ticket.id, "internal", str(settings["reason"]))
    return Result(texts("done.waiting"))


def solve(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Note a ticket as solved and tell whoever asked how. Its stages say what that needs."""
    ticket = only(records)
    solution = str(settings["solution"])
    changes = {"status": "solved", "solution": solution}
    if settings.get("root_cause"):
        changes["root_cause"] = str(settings["root_cause"])
    ticket = ctx.update(TICKET, ticket.id, changes)
    made = say(ctx, ticket.id, "public", solution)
    to = mail(ctx, ticket, "solved", f"message:{made.id}", text=solution)
    return Result(texts("done.solved_told", to=to) if to else texts("done.solved"))


def close(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Close solved tickets; those who asked are invited to say how it was."""
    for one in records:
        ctx.update(TICKET, one.id, {"status": "closed"})
    return Result(texts("done.closed", count=len(records)))


def reopen(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Open tickets again; their promised times count anew."""
    for one in records:
        open_again(ctx, one)
        if settings.get("reason"):
            say(ctx, one.id, "internal", str(settings["reason"]))
    return Result(texts("done.reopened", count=len(records)))


def open_again(ctx: Context, ticket: Record) -> Record:
    """Open a solved or closed ticket again; one that is open stays as it is."""
    if text(ticket, "status") not in ENDED:
        return ticket
    return ctx.update(TICKET, ticket.id, {"status": "reopened"})


def escalate(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Hand tickets to the experts: to whoever knows the category and has the fewest open ones.

    One that experts have already stays theirs; where no expert is found only the level is raised.
    """
    roster, moved = Roster(ctx), 0
    for one in records:
        if text(one, "level") != EXPERT:
            _raise(ctx, roster, one)
            moved += 1
    return Result(texts("done.escalated", count=moved))


def _raise(ctx: Context, roster: Roster, ticket: Record) -> None:
    whole = ctx.elevated("escalation")
    before = ticket.value("owner")
    values = {**ticket.values, "level": EXPERT}
    chosen = roster.choose([Receiver(skill=True)], values)
    changes: dict[str, object] = {"level": EXPERT}
    if chosen is not None and chosen != before:
        changes["owner"] = chosen
    changed = whole.update(TICKET, ticket.id, changes)
    who = ctx.title("user", chosen) if chosen else "–"
    say(ctx, ticket.id, "internal", texts("escalated.note", who=who).to(ctx.language))
    tell_owner(whole, changed, "escalated.told", f"escalated:{changed.version}")


def share_link(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Make a link to the progress of a ticket, for customers who have no mail."""
    made = share(ctx, only(records))
    return Result(texts("done.shared", link=made), data={"link": made})


def _asked(properties: Mapping[str, object], *required: str) -> Mapping[str, object]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


def _action(
    name: str,
    run: Any,
    shown_if: str,
    settings: Mapping[str, object] | None = None,
    *,
    tone: Any = "",
) -> Action:
    return Action(
        id=name,
        label=texts(f"action.{name}"),
        entity=TICKET,
        run=run,
        settings=settings or {},
        shown_if=shown_if,
        tone=tone,
    )
