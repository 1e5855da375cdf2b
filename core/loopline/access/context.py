"""The context: one actor, one transaction, one snapshot, one moment. First argument of services."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from loopline.access.organisation import Profile, StoredOrganisation
from loopline.access.restrictions import Restrictions
from loopline.access.rights import Rights, rights_of, unrestricted
from loopline.access.seen import SeenCatalog
from loopline.expr.moment import Moment
from loopline.fields.base import Locale
from loopline.hooks.calls import Calls
from loopline.hooks.declarations import Action
from loopline.language import Messages
from loopline.meta.catalog import Catalog
from loopline.settings import Settings
from loopline.store.snapshot import Snapshot

ALL_SCOPES: Final = frozenset({"read", "write", "metadata", "admin"})
"""What a token may be limited to; people who are signed in have all of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who acts. ``id`` is None for the system itself, and for visitors who are nobody.

    ``roles`` are those given to them; what everyone holds is added by the release.
    """

    id: int | None
    name: str = ""
    language: str = "zh"
    zone: str = "Asia/Shanghai"
    administrator: bool = False
    roles: frozenset[str] = frozenset()
    scopes: frozenset[str] = ALL_SCOPES


@dataclass(slots=True)
class Past:
    """What follows from writes of the past only once they are all told.

    ``written`` holds for observers, by entity, action and door, the (record, version) that were
    written so; clocks begin at the end, on what is open then.
    """

    written: dict[tuple[str, str, str], list[tuple[int, int]]] = field(default_factory=dict)


ActionsOf = Callable[[str], Sequence[Action]]
"""Answers the kernel's own actions of an entity."""


Amend = Callable[["Context", str, int, Mapping[str, object]], object]
"""Changes fields of a record, as (context, entity, id, values), by the one way of writing."""


def _no_actions(entity: str) -> Sequence[Action]:
    return ()


def _no_amendment(ctx: "Context", entity: str, record: int, values: Mapping[str, object]) -> object:
    raise TypeError("this context writes nothing")


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """Everything a service needs, valid until its transaction ends.

    ``site_zone`` is the time zone of the site, ``locale.zone`` that of the actor.
    ``via`` names the door (page, api, import, cli, seed, job), ``source`` the import or job behind
    it; both go into the audit trail. ``cause`` is what the program that writes tells guards of why.
    ``calls`` are the hooks of the release's plugins, which get what ``plugin_context`` makes of
    this context; ``guarding`` is off while a guard itself writes. ``amend`` is for services below
    the one that writes records. ``settings`` are those of the site. While one write of several
    parts runs, ``parts`` gathers the (entity, record) that are held against approvals at its end;
    ``past`` is there while the past is told, and keeps what follows from that at its end.
    """

    connection: sa.Connection
    snapshot: Snapshot
    actor: Actor
    now: datetime
    locale: Locale
    site_zone: str
    calls: Calls
    plugin_context: Callable[["Context", str], object] = field(repr=False)
    organisation: StoredOrganisation = field(repr=False)
    settings: Settings = field(repr=False)
    kernel_actions: ActionsOf = field(default=_no_actions, repr=False)
    amend: Amend = field(default=_no_amendment, repr=False)
    via: str = "page"
    source: str | None = None
    cause: Mapping[str, object] = field(default_factory=dict, repr=False)
    guarding: bool = True
    parts: set[tuple[str, int]] | None = field(default=None, repr=False)
    past: Past | None = field(default=None, repr=False)
    messages: Messages = field(default_factory=Messages, repr=False)

    @property
    def rights(self) -> Rights:
        """What the actor may do in this release."""
        actor, snapshot = self.actor, self.snapshot
        reading = "write" not in actor.scopes
        if actor.administrator:
            return unrestricted(reading_only=reading)
        if actor.id is None:
            return Rights(key=("nobody",))
        key = ("rights", actor.roles, reading)
        return snapshot.memo(key, lambda: self._rights(reading_only=reading))

    def _rights(self, *, reading_only: bool) -> Rights:
        found = rights_of(self.snapshot.catalog, self.actor.roles, reading_only=reading_only)
        return replace(found, restrict=Restrictions(self.snapshot, self.calls))

    @property
    def catalog(self) -> Catalog:
        """The metadata as the actor sees it; ``snapshot.catalog`` is the whole of it."""
        rights, snapshot = self.rights, self.snapshot
        if rights.unrestricted and not rights.reading_only:
            return snapshot.catalog
        key = ("seen", rights.key)
        return snapshot.memo(key, lambda: SeenCatalog(snapshot.catalog, snapshot.types, rights))

    @property
    def moment(self) -> Moment:
        """What ``now``, ``today()``, ``me`` and who stands where mean in expressions."""
        return Moment(
            now=self.now,
            zone=self.locale.zone,
            me=self.actor.id,
            profile=Profile(self.connection, self.snapshot, self.actor.id),
            organisation=self.organisation,
        )

    def contexts(self, plugin: str) -> object:
        """Answer what a plugin is called with."""
        return self.plugin_context(self, plugin)

    def unguarded(self) -> "Context":
        """Answer a context whose writes no guard is asked about."""
        return replace(self, guarding=False)

    def in_parts(self) -> "Context":
        """Answer a context whose writes are the parts of one."""
        return replace(self, parts=set())

    def elevated(self, why: str) -> "Context":
        """Answer a context that may do everything, for the named purpose; the trail tells it."""
        actor = replace(self.actor, administrator=True, scopes=ALL_SCOPES)
        return replace(self, actor=actor, source=self.source or f"for {why}")

    def because(self, **cause: object) -> "Context":
        """Answer a context whose writes tell guards also this."""
        return replace(self, cause={**self.cause, **cause})

    def through(self, via: str, source: str | None = None) -> "Context":
        """Answer the same context entered by another door."""
        return replace(self, via=via, source=source)


SYSTEM = Actor(id=None, name="system", administrator=True)
"""The kernel itself: seeds, upgrades, jobs."""
