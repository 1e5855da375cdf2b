"""Rights: what a set of roles allows in one release. The merge of grants is all in this file.

A record is allowed an action when some grant's scope holds for it and every restriction does; a
field is as open as the most generous of the grants on its entity. Nothing else is looked at, which
is why a decision can be explained.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from loopline.meta.catalog import Catalog
from loopline.meta.entities import SYSTEM_FIELDS, EntityDef
from loopline.meta.roles import EVERYTHING, Grant

LEVELS: Final = ("none", "mask", "read", "write")
"""How much of a field somebody gets, least first."""
READING: Final = frozenset({"read", "export", "reveal"})
"""Actions that a token without the scope ``write`` may still do."""
_WRITING: Final = frozenset({"create", "update"})


Restrict = Callable[[str, str], Sequence[tuple[str, str]]]


def _nothing(entity: str, action: str) -> Sequence[tuple[str, str]]:
    return ()


@dataclass(frozen=True, slots=True)
class Rights:
    """What the roles of an actor allow; ``unrestricted`` for administrators and the system.

    ``key`` names the same rights within one snapshot. ``restrict`` answers what plugins demand of
    every record besides, as (plugin, expression), for an entity and an action.
    """

    key: tuple[str, ...]
    grants: tuple[Grant, ...] = ()
    unrestricted: bool = False
    reading_only: bool = False
    restrict: Restrict = _nothing

    def of(self, entity: EntityDef, action: str) -> tuple[Grant, ...]:
        """Answer the grants that allow an action on some records of an entity."""
        return tuple(
            one for one in self.grants if one.allows(action) and _concerns(one, entity, action)
        )

    def allows(self, entity: EntityDef, action: str) -> bool:
        """Whether the action is allowed on any record of the entity at all."""
        if (self.reading_only or entity.traits.closed) and action not in READING:
            return False
        return self.unrestricted or bool(self.of(entity, action))

    def scope(self, entity: EntityDef, action: str) -> str | None:
        """Answer which records the action is allowed on, as an expression.

        Blank text is all of them, None is none.
        """
        if not self.allows(entity, action):
            return None
        if self.unrestricted:
            return ""
        demanded = [text for _, text in self.restrict(entity.id, action)]
        granted = dict.fromkeys(one.scope for one in self.of(entity, action))
        united = "" if "" in granted else " || ".join(f"({text})" for text in granted)
        parts = [text for text in (united, *demanded) if text]
        return parts[0] if len(parts) == 1 else " && ".join(f"({text})" for text in parts)

    def level(self, entity: EntityDef, field: str) -> str:
        """Answer how much of a field the actor gets: one of :data:`LEVELS`."""
        definition = entity.field(field)
        fixed = self.reading_only or (definition is not None and definition.inert)
        if self.unrestricted:
            return "read" if fixed else "write"
        group = definition.group if definition else ""
        found = [
            _level(one, entity, field, group)
            for one in self.grants
            if one.entity in {entity.id, EVERYTHING} and _concerns(one, entity, "read")
        ]
        best = max(found, key=LEVELS.index, default="none")
        if field in SYSTEM_FIELDS and found:
            return "read"
        return "read" if best == "write" and fixed else best

    def line_level(self, entity: EntityDef, group: str) -> str:
        """Answer how much of the fields of a group the actor gets in lines of the entity."""
        if self.unrestricted or not group:
            return "read"
        found = [
            one.fields.get(group, "read")
            for one in self.grants
            if one.entity in {entity.id, EVERYTHING} and _concerns(one, entity, "read")
        ]
        return max(found, key=LEVELS.index, default="none")


def _concerns(grant: Grant, entity: EntityDef, action: str) -> bool:
    """Whether a grant is about the entity; one for all of them only reads the organisation."""
    if grant.entity == EVERYTHING:
        if grant.scope and not entity.traits.owned:
            return False  # nobody owns these records, so that none of them is one's own
        return not entity.traits.managed or action in READING
    return grant.entity == entity.id


def _level(grant: Grant, entity: EntityDef, field: str, group: str) -> str:
    said = grant.fields.get(field) or (grant.fields.get(group) if group else None)
    if said:
        return said
    if any(grant.allows(action) and _concerns(grant, entity, action) for action in _WRITING):
        return "write"
    return "read" if grant.allows("read") else "none"


def rights_of(catalog: Catalog, roles: Iterable[str], *, reading_only: bool) -> Rights:
    """Answer the rights of somebody with these roles, those of everyone included.

    A role that the release does not have (any more) grants nothing.
    """
    given = frozenset(roles)
    held = [one for one in catalog.roles() if one.everyone or one.id in given]
    return Rights(
        key=(*sorted(one.id for one in held), "reading" if reading_only else ""),
        grants=tuple(grant for one in held for grant in one.grants),
        reading_only=reading_only,
    )


def unrestricted(*, reading_only: bool = False) -> Rights:
    """Answer the rights of administrators and of the system itself."""
    return Rights(
        key=("*", "reading" if reading_only else ""), unrestricted=True, reading_only=reading_only
    )
