"""Documents of the plugin's kinds, read into what the code works with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from loopline.sdk import Context, Document, Label
from loopline_leads.kinds import ASSIGNMENT, POOL_RULE
from loopline_leads.leads import LEAD

Method = Literal["round_robin", "least_busy", "weighted", "fixed"]
Reason = Literal["no_follow_up", "no_opportunity", "not_won"]
NO_LEVEL: Final = "-"
"""Stands in a rule's levels for records without one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Receiver:
    """Who a rule gives to: users by e-mail, holders of a role, a department, or a pool."""

    users: tuple[str, ...] = ()
    role: str = ""
    department: str = ""
    pool: str = ""
    weight: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class AssignmentRule:
    """Which records a rule is for, who gets them, and how many at most; None is no cap."""

    id: str
    label: Label
    entity: str
    active: bool
    when: str
    method: Method
    to: tuple[Receiver, ...]
    most_open: int | None
    most_a_day: int | None
    hours: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RecycleRule:
    """When a record goes back; ``levels`` empty means every level, ``to`` blank the pool itself."""

    id: str
    label: Label
    reason: Reason
    days: int
    levels: frozenset[str]
    when: str
    unless: str
    to: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PoolRule:
    """What may be taken from a pool, how long it is kept, and what goes back; None is no cap."""

    id: str
    label: Label
    entity: str
    pool: str
    when: str
    protect_days: int
    claims_a_day: int | None
    most_held: int | None
    most_kept: int | None
    cool_down_days: int
    recycle: tuple[RecycleRule, ...]
    exempt: str
    warn_days: int


def assignment_rules(ctx: Context) -> tuple[AssignmentRule, ...]:
    """Answer the active assignment rules in the order in which they are asked."""
    return tuple(rule for rule in all_assignment_rules(ctx) if rule.active)


def all_assignment_rules(ctx: Context) -> tuple[AssignmentRule, ...]:
    """Answer the assignment rules, those that are only to be tried included."""
    return ctx.memo(ASSIGNMENT, lambda: tuple(map(read_assignment, _ordered(ctx, ASSIGNMENT))))


def pool_rules(ctx: Context, entity: str = LEAD) -> tuple[PoolRule, ...]:
    """Answer the pool rules of an entity in the order in which they are asked."""
    return tuple(one for one in all_pool_rules(ctx) if one.entity == entity)


def all_pool_rules(ctx: Context) -> tuple[PoolRule, ...]:
    """Answer the pool rules of all entities in the order in which they are asked."""
    return ctx.memo(POOL_RULE, lambda: tuple(map(read_pool_rule, _ordered(ctx, POOL_RULE))))


def read_assignment(document: Document) -> AssignmentRule:
    """Answer an assignment rule as its document says it."""
    body = document.body
    caps = body.get("caps", {})
    return AssignmentRule(
        id=document.id,
        label=_label(body),
        entity=str(body["entity"]),
        active=body.get("active") is not False,
        when=str(body.get("when") or ""),
        method=cast("Method", body["method"]),
        to=tuple(_receiver(one) for _, one in _elements(body.get("to"))),
        most_open=caps.get("open"),
        most_a_day=caps.get("day"),
        hours=str(body.get("hours") or ""),
    )


def read_pool_rule(document: Document) -> PoolRule:
    """Answer a pool rule as its document says it."""
    body = document.body
    claim = body.get("claim", {})
    return PoolRule(
        id=document.id,
        label=_label(body),
        entity=str(body["entity"]),
        pool=str(body["pool"]),
        when=str(body.get("when") or ""),
        protect_days=int(body.get("protect_days") or 0),
        claims_a_day=claim.get("day"),
        most_held=claim.get("holding"),
        most_kept=claim.get("kept"),
        cool_down_days=int(body.get("cool_down_days") or 0),
        recycle=tuple(_recycle(name, one) for name, one in _elements(body.get("recycle"))),
        exempt=str(body.get("exempt") or ""),
        warn_days=int(body.get("warn_days") or 0),
    )


def _ordered(ctx: Context, kind: str) -> list[Document]:
    """Answer the documents of a kind by their ``pos``; those without one come last."""
    found = [one for one in ctx.documents(kind) if not one.body.get("retired")]
    return sorted(found, key=lambda one: (_pos(one.body), one.id))


def _elements(found: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the elements of a collection in order, those that were retired left out."""
    elements = [(name, one) for name, one in (found or {}).items() if not one.get("retired")]
    return iter(sorted(elements, key=lambda element: _pos(element[1])))


def _pos(body: Mapping[str, Any]) -> float:
    pos = body.get("pos")
    return float("inf") if pos is None else float(pos)


def _receiver(body: Mapping[str, Any]) -> Receiver:
    return Receiver(
        users=tuple(body.get("users", ())),
        role=str(body.get("role") or ""),
        department=str(body.get("department") or ""),
        pool=str(body.get("pool") or ""),
        weight=int(body.get("weight") or 1),
    )


def _recycle(name: str, body: Mapping[str, Any]) -> RecycleRule:
    return RecycleRule(
        id=name,
        label=_label(body),
        reason=cast("Reason", body["reason"]),
        days=int(body["days"]),
        levels=frozenset(body.get("levels", ())),
        when=str(body.get("when") or ""),
        unless=str(body.get("unless") or ""),
        to=str(body.get("to") or ""),
    )


def _label(body: Mapping[str, Any]) -> Label:
    found = body["label"]
    return Label(found) if isinstance(found, Mapping) else Label({"zh": str(found)})
