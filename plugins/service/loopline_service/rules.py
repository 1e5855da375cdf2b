"""Documents of the plugin's kinds, read into what the code works with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from loopline.sdk import Context, Document, Label
from loopline_service.deadlines import Limit, read_limit
from loopline_service.kinds import SLA_POLICY, TICKET_RULE, VISIT_RULE


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How soon tickets of one priority are answered and solved; None is never."""

    first_response: Limit | None
    resolve: Limit | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SlaPolicy:
    """What is promised for which tickets, by the code of their priority.

    ``reopen`` is how long after it was solved a closed one is opened again; None is always.
    """

    id: str
    label: Label
    when: str
    calendar: str
    warn: Limit | None
    reopen: Limit | None
    limits: Mapping[str, Limits]


@dataclass(frozen=True, kw_only=True, slots=True)
class Receiver:
    """Who a rule gives to: users by e-mail, holders of a role, a department, the skilled."""

    users: tuple[str, ...] = ()
    role: str = ""
    department: str = ""
    skill: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class TicketRule:
    """What tickets are and who gets them."""

    id: str
    label: Label
    when: str
    set: Mapping[str, str]
    assign: tuple[Receiver, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitRule:
    """When customers are visited after a record enters a status; 0 for no cap."""

    id: str
    label: Label
    entity: str
    enters: str
    when: str
    after_days: int
    calendar: str
    reason: str
    channel: str
    subject: Label
    at_most_every: int


def sla_policies(ctx: Context) -> tuple[SlaPolicy, ...]:
    """Answer the active policies in the order in which they are asked."""
    return tuple(map(read_policy, _ordered(ctx, SLA_POLICY)))


def ticket_rules(ctx: Context) -> tuple[TicketRule, ...]:
    """Answer the active rules of tickets in the order in which they are asked."""
    return tuple(map(read_ticket_rule, _ordered(ctx, TICKET_RULE)))


def visit_rules(ctx: Context, entity: str) -> tuple[VisitRule, ...]:
    """Answer the active rules that plan visits after records of an entity."""
    found = map(read_visit_rule, _ordered(ctx, VISIT_RULE))
    return tuple(one for one in found if one.entity == entity)


def read_policy(document: Document) -> SlaPolicy:
    """Answer an SLA policy as its document says it."""
    body = document.body
    limits = {
        name: Limits(
            first_response=_limit(one.get("first_response")), resolve=_limit(one.get("resolve"))
        )
        for name, one in elements(body.get("limits"))
    }
    return SlaPolicy(
        id=document.id,
        label=_label(body["label"]),
        when=str(body.get("when") or ""),
        calendar=str(body.get("calendar") or ""),
        warn=_limit(body.get("warn")),
        reopen=_limit(body.get("reopen")),
        limits=limits,
    )


def read_ticket_rule(document: Document) -> TicketRule:
    """Answer a rule of tickets as its document says it."""
    body = document.body
    return TicketRule(
        id=document.id,
        label=_label(body["label"]),
        when=str(body.get("when") or ""),
        set={name: str(one) for name, one in (body.get("set") or {}).items()},
        assign=tuple(_receiver(one) for _, one in elements(body.get("assign"))),
    )


def read_visit_rule(document: Document) -> VisitRule:
    """Answer a rule of visits as its document says it."""
    body = document.body
    return VisitRule(
        id=document.id,
        label=_label(body["label"]),
        entity=str(body["entity"]),
        enters=str(body["enters"]),
        when=str(body.get("when") or ""),
        after_days=read_limit(str(body["after"])).days,
        calendar=str(body.get("calendar") or ""),
        reason=str(body.get("reason") or ""),
        channel=str(body.get("channel") or ""),
        subject=_label(body["subject"]),
        at_most_every=int(body.get("at_most_every") or 0),
    )


def elements(found: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the elements of a collection in order, those that were retired left out."""
    kept = [(name, one) for name, one in (found or {}).items() if not one.get("retired")]
    return iter(sorted(kept, key=lambda element: _pos(element[1])))


def _ordered(ctx: Context, kind: str) -> list[Document]:
    """Answer the active documents of a kind by ``pos``; those without one come last."""
    found = [one for one in ctx.documents(kind) if _is_active(one.body)]
    return sorted(found, key=lambda one: (_pos(one.body), one.id))


def _is_active(body: Mapping[str, Any]) -> bool:
    return not body.get("retired") and body.get("active") is not False


def _pos(body: Mapping[str, Any]) -> float:
    pos = body.get("pos")
    return float("inf") if pos is None else float(pos)


def _receiver(body: Mapping[str, Any]) -> Receiver:
    return Receiver(
        users=tuple(body.get("users", ())),
        role=str(body.get("role") or ""),
        department=str(body.get("department") or ""),
        skill=bool(body.get("skill")),
    )


def _limit(said: object) -> Limit | None:
    return read_limit(str(said)) if said else None


def _label(found: object) -> Label:
    return Label(found) if isinstance(found, Mapping) else Label({"zh": str(found)})
