"""The filters behind single cells: of records, and of facts by way of their records."""

from dataclasses import fields, replace
from typing import Any

from loopline.expr.parse import MAX_HOPS, parse
from loopline.expr.tree import Name, Node
from loopline.expr.written import written
from loopline.query.document import Fact


def cell_filter(row: str, where: str, fact: Fact | None) -> tuple[str, str] | None:
    """Answer the entity of a fact (blank for the records) and the filter of what a cell counts.

    ``row`` is the filter of the row (of facts with dimensions of their own, that of their group),
    ``where`` what the measure asks. None where the records of
    facts lie too far for a filter, and for the history of stages, which is no list of records.
    """
    if fact is None:
        return "", both(row, where)
    if fact.history:
        return None
    if fact.by:
        return fact.entity, both(row, where)
    there = f"!is_blank({fact.via}.id) && is_blank({fact.via}.deleted_at)"
    if not row:
        return fact.entity, both(there, where)
    moved = _moved(parse(row), fact.via)
    if moved is None:
        return None
    return fact.entity, both(both(there, written(moved)), where)


def both(one: str, other: str) -> str:
    """Answer the filter of two conditions, either of which may be blank."""
    if one.strip() and other.strip():
        return f"({one}) && ({other})"
    return one.strip() or other.strip()


def _moved(node: Node, via: str) -> Node | None:
    """Answer a tree whose names are followed from a link; None where one gets too long."""
    if isinstance(node, Name):
        if node.path[0] == "me":
            return node
        return replace(node, path=(via, *node.path)) if len(node.path) <= MAX_HOPS else None
    changed: dict[str, Any] = {}
    for one in fields(node):
        value = getattr(node, one.name)
        if isinstance(value, Node):
            changed[one.name] = _moved(value, via)
        elif isinstance(value, tuple) and any(isinstance(each, Node) for each in value):
            moved = tuple(_moved(each, via) for each in value)
            changed[one.name] = None if None in moved else moved
    if None in changed.values():
        return None
    return replace(node, **changed) if changed else node
