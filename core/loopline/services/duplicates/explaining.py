"""Explaining: what a reader is told about records that are taken for the same."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.language import Label
from loopline.query.titles import titles
from loopline.services.duplicates.sides import Side
from loopline.store.keys import field_of_records

_OWNER: Final = "owner"


@dataclass(frozen=True, slots=True)
class Found:
    """A record that a rule, asked for one of its own entity, found; 100 is the same."""

    side: Side
    entity: str
    record: int
    likeness: float = 100.0


@dataclass(frozen=True, slots=True)
class Told:
    """What may be said of a record: its title where it may be read, its owner's name if known."""

    readable: bool
    title: str = ""
    owner: str = ""


def tell(ctx: Context, found: Sequence[Found]) -> list[Told]:
    """Answer what the actor may be told of each record, a query or two an entity."""
    ids: dict[str, set[int]] = defaultdict(set)
    for one in found:
        ids[one.entity].add(one.record)
    called = {entity: titles(ctx, entity, some) for entity, some in ids.items()}
    owners = {entity: _owners(ctx, entity, some) for entity, some in ids.items()}
    people = {owner for some in owners.values() for owner in some.values()}
    names = titles(ctx.elevated("duplicates"), "user", people)
    answers: list[Told] = []
    for one in found:
        readable = one.record in called[one.entity]
        owner = names.get(owners[one.entity].get(one.record, 0), "")
        known = _may_see(ctx, one.entity, _OWNER) if readable else one.side.rule.tell_owner
        title = called[one.entity].get(one.record, "")
        answers.append(Told(readable, title, owner if known else ""))
    return answers


def refusals(ctx: Context, found: Sequence[Found]) -> list[Problem]:
    """Answer for each record that was found the problem of the one that may not be beside it."""
    return [
        Problem(f"fields.{one.side.fields[0]}", _code("refused", told), _params(ctx, one, told))
        for one, told in zip(found, tell(ctx, found), strict=True)
    ]


def warnings(ctx: Context, found: Sequence[Found]) -> list[Problem]:
    """Answer for each record that was found what a person is warned of."""
    return [
        Problem(f"fields.{one.side.fields[0]}", _code("known", told), _params(ctx, one, told))
        for one, told in zip(found, tell(ctx, found), strict=True)
    ]


def reason(ctx: Context, side: Side) -> tuple[str, ...]:
    """Answer the compared fields that the actor may see."""
    return tuple(name for name in side.fields if _may_see(ctx, side.rule.entity, name))


def _code(kind: str, told: Told) -> str:
    seen = "" if told.readable else "_hidden"
    return f"duplicate.{kind}{seen}{'_owned' if told.owner else ''}"


def _params(ctx: Context, found: Found, told: Told) -> Mapping[str, object]:
    entity = ctx.snapshot.catalog.entity(found.entity)
    params: dict[str, object] = {"fields": _fields(ctx, found.side), "rule": found.side.rule.label}
    if told.readable:
        params |= {"entity": entity.label, "title": told.title, "record": found.record}
    if told.owner:
        params["owner"] = told.owner
    return params


def _fields(ctx: Context, side: Side) -> Label:
    """Answer the names of the fields that agree, or the rule's where none may be named."""
    shown = reason(ctx, side)
    if not shown:
        return side.rule.label
    labels = [side.one.fields[name].definition.label for name in shown]
    return Label.join(labels)


def _may_see(ctx: Context, entity: str, field: str) -> bool:
    return ctx.catalog.has("entity", entity) and field in ctx.catalog.entity(entity).fields


def _owners(ctx: Context, entity: str, ids: set[int]) -> Mapping[int, int]:
    one = ctx.snapshot.table(entity)
    if not one.entity.traits.owned:
        return {}
    found = field_of_records(ctx.connection, one, _OWNER, sorted(ids))
    return {record: owner for record, owner in found.items() if isinstance(owner, int)}
