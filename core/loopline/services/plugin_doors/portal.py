"""The door to links for people without an account."""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import loopline.store.portal as store
from loopline.access.context import Context
from loopline.access.secrets import digest
from loopline.errors import NotFound
from loopline.services import records
from loopline.store.capture import FORMS, read_secret
from loopline.store.portal import PortalLink
from loopline.store.rows import Record


@dataclass(frozen=True, slots=True)
class Portal:
    """Links of one plugin: each opens one record for one purpose until it ends."""

    _ctx: Context = field(repr=False)
    plugin: str

    @property
    def address(self) -> str:
        """Where people reach the site, such as ``https://crm.example.com``; blank if unknown."""
        return self._ctx.settings.url

    @property
    def site(self) -> str:
        """What the site is called."""
        return self._ctx.settings.name

    def share(self, purpose: str, entity: str, record_id: int, *, days: int = 90) -> str:
        """Make a link to a record; answer its secret.

        Raises NotFound where the actor may not read the record.
        """
        records.get(self._ctx, entity, record_id)
        secret = self._secret(purpose, entity, record_id, self._ctx.now)
        if store.read_link(self._ctx.connection, digest(secret)) is not None:
            return secret  # shared in this moment before
        one = PortalLink(
            hash=digest(secret),
            plugin=self.plugin,
            purpose=purpose,
            entity=entity,
            record=record_id,
            made_at=self._ctx.now,
            made_by=self._ctx.actor.id,
            expires_at=self._ctx.now + timedelta(days=days),
        )
        store.add_link(self._ctx.connection, one)
        return secret

    def link(self, purpose: str, entity: str, record_id: int) -> str:
        """Answer the secret of the newest link to a record that still opens it, blank for none.

        Raises NotFound where the actor may not read the record.
        """
        records.get(self._ctx, entity, record_id)
        held = store.links_of(self._ctx.connection, self.plugin, purpose, entity, record_id)
        for one in held:
            secret = self._secret(purpose, entity, record_id, one.made_at)
            if one.expires_at > self._ctx.now and digest(secret) == one.hash:
                return secret
        return ""

    def opened(self, purpose: str, secret: str) -> Record:
        """Answer the record behind a link, whole, whoever asks.

        Raises NotFound for a link that is unknown, of another purpose, withdrawn or at its end.
        """
        one = store.read_link(self._ctx.connection, digest(secret))
        if one is None or (one.plugin, one.purpose) != (self.plugin, purpose):
            raise NotFound(code="portal.unknown")
        if one.expires_at <= self._ctx.now:
            raise NotFound(code="portal.ended")
        whole = self._ctx.elevated(f"{self.plugin}: {purpose}")
        return records.get(whole, one.entity, one.record)

    def withdraw(self, purpose: str, entity: str, record_id: int) -> None:
        """Make the links of a purpose to a record open nothing any more."""
        store.remove_links(self._ctx.connection, self.plugin, purpose, entity, record_id)

    def _secret(self, purpose: str, entity: str, record_id: int, made_at: datetime) -> str:
        """Answer the secret of a link: derived from the key of the site, so that it is not kept."""
        parts = ("portal", self.plugin, purpose, entity, str(record_id), made_at.isoformat())
        key = read_secret(self._ctx.connection, FORMS)
        mark = hmac.new(key, "\n".join(parts).encode(), "sha256").digest()
        return urlsafe_b64encode(mark).decode().rstrip("=")
