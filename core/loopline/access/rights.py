"""What an actor may do, before grants: everybody works, administrators also manage people."""

from typing import Final

from loopline.access.context import Actor
from loopline.meta.entities import EntityDef

_MANAGED: Final = frozenset({"user", "department", "team"})
"""Kernel entities that decide who sees what; only administrators write them."""


def may_write(actor: Actor, entity: EntityDef) -> bool:
    """Whether the actor may create, change or delete records of the entity."""
    if "write" not in actor.scopes:
        return False
    return actor.administrator or entity.id not in _MANAGED


def may_configure(actor: Actor) -> bool:
    """Whether the actor may read and publish metadata."""
    return actor.administrator and "metadata" in actor.scopes
