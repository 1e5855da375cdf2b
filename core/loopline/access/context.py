"""The context: one actor, one transaction, one snapshot, one moment. First argument of services."""

from dataclasses import dataclass, field, replace
from datetime import datetime

import sqlalchemy as sa

from loopline.expr.moment import Moment
from loopline.fields.base import Locale
from loopline.language import Messages
from loopline.meta.catalog import Catalog
from loopline.store.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who acts. ``id`` is None for the system itself."""

    id: int | None
    name: str = ""
    language: str = "zh"
    zone: str = "Asia/Shanghai"
    administrator: bool = False
    scopes: frozenset[str] = frozenset({"read", "write", "metadata", "admin"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """Everything a service needs, valid until its transaction ends.

    ``site_zone`` is the time zone of the site, ``locale.zone`` that of the actor. ``via`` names
    the door (page, api, import, cli, seed, job), ``source`` the import or job behind it; both go
    into the audit trail.
    """

    connection: sa.Connection
    snapshot: Snapshot
    actor: Actor
    now: datetime
    locale: Locale
    site_zone: str
    via: str = "page"
    source: str | None = None
    messages: Messages = field(default_factory=Messages, repr=False)

    @property
    def catalog(self) -> Catalog:
        """The metadata this transaction sees."""
        return self.snapshot.catalog

    @property
    def moment(self) -> Moment:
        """What ``now``, ``today()`` and ``me`` mean in expressions."""
        return Moment(now=self.now, zone=self.locale.zone, me=self.actor.id)

    def through(self, via: str, source: str | None = None) -> "Context":
        """Answer the same context entered by another door."""
        return replace(self, via=via, source=source)


SYSTEM = Actor(id=None, name="system", administrator=True)
"""The kernel itself: seeds, upgrades, jobs."""
