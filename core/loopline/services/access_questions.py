"""Questions about access: who asks about whom, and what the rights that decide answer."""

from dataclasses import dataclass, replace
from typing import Final

from loopline.access.accounts import load_actor, obstacle
from loopline.access.context import Actor, Context
from loopline.access.organisation import StoredOrganisation
from loopline.access.restrictions import NOTHING
from loopline.access.rights import Rights
from loopline.errors import Forbidden, NotFound
from loopline.meta.entities import EntityDef
from loopline.meta.roles import Grant
from loopline.services.permits import NOT_THERE, permitted, within
from loopline.store.rows import Record, fetch

USER: Final = "user"
CHANGING: Final = frozenset({"update", "delete", "restore", "assign"})
"""What nobody does to records that are written once and kept."""
_ALONE: Final = frozenset({"read", "create", "import"})
"""Actions that do not need the record to be readable besides."""


@dataclass(frozen=True, slots=True)
class Question:
    """May the actor of ``ctx`` do the action to the record, or to any of the entity at all?"""

    ctx: Context
    entity: EntityDef
    action: str
    record: Record | None

    def allowed(self, rights: Rights, record: Record | None = None) -> bool:
        """Answer it under given rights, and for the record in another state."""
        fixed = self.entity.traits.append_only and self.action in CHANGING
        needs = (self.action,) if self.action in _ALONE else (self.action, "read")
        if fixed or not all(rights.allows(self.entity, one) for one in needs):
            return False
        one = record or self.record
        if one is None:
            return not any(_failed(rights, self.entity, need) for need in needs)
        scopes = dict.fromkeys(rights.scope(self.entity, need) for need in needs)
        return all(within(self.ctx, self.entity.id, scope, [one])[0] for scope in scopes)

    def granting(self, rights: Rights, action: str = "") -> list[Grant]:
        """Answer the grants that allow the action on the record, or on any."""
        found = rights.of(self.entity, action or self.action)
        return [one for one in found if self.holds(one.scope) is not False]

    def holds(self, scope: str) -> bool | None:
        """Whether the record lies within a scope; None where there is no record."""
        if self.record is None:
            return None
        return within(self.ctx, self.entity.id, scope, [self.record])[0]


def _failed(rights: Rights, entity: EntityDef, action: str) -> bool:
    """Whether a plugin that failed lets nobody by, whatever the record."""
    demands = () if rights.unrestricted else rights.restrict(entity.id, action)
    return any(text == NOTHING for _, text in demands)


def subject(ctx: Context, user: int) -> Context | None:
    """Answer the context of a user; None where nothing lets them act at all.

    Raises Forbidden where somebody but an administrator asks about another.
    """
    if user == ctx.actor.id:
        return ctx
    if not ctx.actor.administrator:
        raise Forbidden(code="access.others")
    actor = load_actor(ctx.connection, ctx.snapshot.table(USER), user, ctx.site_zone)
    return None if actor is None else _as(ctx, actor)


def _as(ctx: Context, actor: Actor) -> Context:
    locale = replace(ctx.locale, zone=actor.zone)
    organisation = StoredOrganisation(ctx.connection, ctx.snapshot)
    return replace(ctx, actor=actor, locale=locale, organisation=organisation)


def known_entity(ctx: Context, entity: str) -> EntityDef:
    """Answer the whole of an entity; who may not read any of it may ask about it all the same.

    Raises NotFound.
    """
    if not ctx.snapshot.catalog.has("entity", entity):
        raise NotFound(code="entity.not_found", entity=entity)
    return ctx.snapshot.catalog.entity(entity)


def asked_record(ctx: Context, entity: str, record: int | None) -> Record | None:
    """Answer the record in question. Raises NotFound where it does not exist for who asks."""
    if record is None:
        return None
    one = ctx.snapshot.table(entity)
    found = fetch(ctx.connection, one, [record]).get(record)
    if found is None or not permitted(ctx, entity, "read", [found])[0]:
        raise NotFound(code=NOT_THERE, entity=one.entity.label, id=record)
    return found


def obstructed(ctx: Context, user: int) -> str:
    """Answer the key of what keeps a user from acting at all, empty if nothing does.

    Raises NotFound where there is no such user.
    """
    found = obstacle(ctx.connection, ctx.snapshot.table(USER), user)
    if found is None:
        raise NotFound(code="record.not_found", entity=ctx.catalog.entity(USER).label, id=user)
    return found
