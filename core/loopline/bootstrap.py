"""The one composition root: settings in, a platform out. No globals, no work at import."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

from loopline.access.accounts import find_user, load_actor
from loopline.access.context import SYSTEM, Actor, Context
from loopline.access.organisation import StoredOrganisation
from loopline.access.passwords import Passwords
from loopline.access.tokens import find_bearer
from loopline.clock import Clock, SystemClock
from loopline.errors import Forbidden, NotFound
from loopline.fields.base import Locale
from loopline.fields.registry import FieldTypes, kernel_field_types
from loopline.hooks.calls import Calls
from loopline.hooks.declarations import Action
from loopline.hooks.manager import Plugins
from loopline.hooks.manifest import discover
from loopline.jobs.dead import tidying_handlers
from loopline.jobs.deliveries import webhook_handler
from loopline.jobs.mail import mail_handler
from loopline.jobs.schedule import Recurring, Schedule
from loopline.jobs.worker import Handler, Worker
from loopline.language import Messages
from loopline.meta.catalog import Catalog
from loopline.meta.release import Release
from loopline.meta.schemas import Schemas
from loopline.services.approvals.actions import approval_actions
from loopline.services.approvals.mails import telling_handlers
from loopline.services.approvals.review import review_handlers
from loopline.services.bulk import bulk_handler
from loopline.services.capture.mail_in import mail_in_handlers, mail_in_recurring
from loopline.services.clock_actions import find_performer
from loopline.services.clock_jobs import clock_handlers
from loopline.services.conversion import conversion_actions
from loopline.services.deferred import deferred_handlers
from loopline.services.duplicates.filling import filling_handlers
from loopline.services.editing import update
from loopline.services.files.waiting import tidying_files
from loopline.services.imports.job import import_handler
from loopline.services.notification_mails import notification_handlers
from loopline.services.observing import announce_failure, observing_handlers
from loopline.services.pipelines.opening import opening_handlers
from loopline.services.plugin_context import PluginContext, plugin_context
from loopline.services.plugin_jobs import plugin_handlers
from loopline.services.plugin_states import Shelf
from loopline.services.recurring import kernel_recurring, plugin_recurring
from loopline.services.revealing import reveal_action
from loopline.services.rollups import rollup_handlers
from loopline.services.tagging import tag_actions, tagging_handlers
from loopline.settings import Settings, load_settings
from loopline.store.engine import Connection, Database
from loopline.store.migrations.run import migrate
from loopline.store.releases import head_revision, load_release
from loopline.store.snapshot import Snapshot


class Platform:
    """One site in one process: it holds the parts and opens transactions; it does nothing else."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock: Clock = clock or SystemClock()
        self.messages = Messages()
        self._kernel_schemas = Schemas()
        self.types: FieldTypes = kernel_field_types()
        self.database = Database(settings.database_url)
        self.passwords = Passwords()
        self._snapshot: Snapshot | None = None
        self._snapshot_lock = threading.Lock()

    @cached_property
    def plugins(self) -> Plugins:
        """The usable plugins, imported when first needed."""
        folder = self.settings.folder / "plugins"
        found = discover(self._kernel_schemas, self.settings.blocked_plugins, folder)
        return Plugins(found, self.settings.language)

    @cached_property
    def schemas(self) -> Schemas:
        """The schemas of the kernel's kinds and of those that plugins declare."""
        return self.plugins.schemas(self._kernel_schemas)

    @property
    def shelf(self) -> Shelf:
        """What is installed, for enabling and disabling."""
        language = self.settings.language
        return Shelf(self.plugins, self.schemas, self.related_plugins, language)

    @property
    def related_plugins(self) -> frozenset[tuple[str, str]]:
        """Pairs (plugin, plugin it depends on)."""
        manifests = self.plugins.manifests.values()
        return frozenset((one.id, other) for one in manifests for other in one.depends_on)

    def migrate(self) -> None:
        """Bring the kernel's own tables up to date."""
        with self.database.write() as connection:
            migrate(connection)

    @contextmanager
    def read(self, actor: Actor = SYSTEM, *, via: str = "page") -> Iterator[Context]:
        """Open a context that only reads."""
        with self.database.read() as connection:
            yield self._context(self._settle(connection), actor, via)

    @contextmanager
    def write(
        self, actor: Actor = SYSTEM, *, via: str = "page", source: str | None = None
    ) -> Iterator[Context]:
        """Open a context that may write; it commits on leaving and rolls back on an error."""
        with self.database.write() as connection:
            yield self._context(self._settle(connection), actor, via, source)

    @contextmanager
    def enter(
        self, identify: Callable[[Connection], Actor], *, write: bool, via: str
    ) -> Iterator[Context]:
        """Open a context for whoever ``identify`` finds within the same transaction."""
        opened = self.database.write() if write else self.database.read()
        with opened as opened_connection:
            connection = self._settle(opened_connection)
            yield self._context(connection, identify(connection), via)

    def bearer(self, connection: Connection, secret: str) -> Actor | None:
        """Answer whom an API token stands for, with its scopes; None when it is not good."""
        users = self.snapshot(connection).table("user")
        return find_bearer(connection, users, secret, self.settings.zone)

    def actor(self, connection: Connection, user_id: int) -> Actor | None:
        """Answer a user as an actor, read within an open transaction."""
        users = self.snapshot(connection).table("user")
        return load_actor(connection, users, user_id, self.settings.zone)

    def _settle(self, connection: Connection) -> Connection:
        """Read the head once: the snapshot and its compiled statements go with the connection."""
        snapshot = self.snapshot(connection)
        return connection.execution_options(
            compiled_cache=snapshot.statements, ll_snapshot=snapshot
        )

    def _context(
        self, connection: Connection, actor: Actor, via: str, source: str | None = None
    ) -> Context:
        snapshot = self.snapshot(connection)
        return Context(
            connection=connection,
            snapshot=snapshot,
            actor=actor,
            now=self.clock.now(),
            locale=self.locale(actor),
            site_zone=self.settings.zone,
            via=via,
            source=source,
            calls=self.calls(snapshot),
            plugin_context=plugin_context,
            organisation=StoredOrganisation(connection, snapshot),
            settings=self.settings,
            messages=self.messages,
            kernel_actions=partial(self._kernel_actions, snapshot),
            amend=update,
        )

    def _kernel_actions(self, snapshot: Snapshot, entity: str) -> Sequence[Action]:
        """Answer the kernel's own actions of one entity, made when they are first asked for."""

        def make() -> Sequence[Action]:
            catalog = snapshot.catalog
            found = (
                reveal_action(self.messages),
                *approval_actions(catalog, self.messages),
                *conversion_actions(catalog, self.messages),
                *tag_actions(catalog.entity(entity), self.messages),
            )
            return tuple(one for one in found if one.entity in {None, entity})

        return snapshot.memo(("kernel actions", entity), make)

    def calls(self, snapshot: Snapshot) -> Calls:
        """Answer the hooks of the plugins that are enabled in a release."""
        enabled = snapshot.catalog.release.plugins
        return snapshot.memo("calls", lambda: Calls(self.plugins, enabled))

    def locale(self, actor: Actor) -> Locale:
        """Answer how texts are read and written for an actor."""
        person = actor.id is not None
        return Locale(
            language=actor.language if person else self.settings.language,
            zone=actor.zone if person else self.settings.zone,
            currency=self.settings.currency,
            region=self.settings.region,
        )

    def snapshot(self, connection: Connection) -> Snapshot:
        """Answer the snapshot of the head that was served when the transaction began."""
        settled: Snapshot | None = connection.get_execution_options().get("ll_snapshot")
        if settled is not None:
            return settled
        revision = head_revision(connection)
        held = self._snapshot
        if held is not None and held.revision == revision:
            return held
        with self._snapshot_lock:
            if self._snapshot is None or self._snapshot.revision != revision:
                self._snapshot = self._build(connection, revision, self._snapshot)
            return self._snapshot

    def adopt(self, snapshot: Snapshot) -> None:
        """Begin with a snapshot read elsewhere, served as long as the head is that release."""
        self._snapshot = snapshot

    def _build(self, connection: Connection, revision: int, before: Snapshot | None) -> Snapshot:
        if revision == 0:
            return Snapshot(Catalog(Release(revision=0, layers=())), self.types)
        layers = before.catalog.release.layers if before else ()
        known = {s.hash: s for layer in layers for s in layer.documents.values()}
        release = load_release(connection, revision, known)
        previous = before if before is not None and before.revision < revision else None
        catalog = Catalog(release, previous.catalog if previous else None)
        return Snapshot(catalog, self.types, previous)

    @cached_property
    def handlers(self) -> Mapping[str, Handler]:
        """What runs each kind of job."""
        opener = self.write
        return {
            **rollup_handlers(opener),
            **deferred_handlers(opener),
            **filling_handlers(opener),
            **opening_handlers(opener),
            **mail_in_handlers(opener, self.settings),
            **import_handler(self.open_as, self.settings.files),
            **observing_handlers(opener),
            **bulk_handler(self.open_as),
            **plugin_handlers(opener, self.plugins.jobs),
            **clock_handlers(opener, find_performer),
            **telling_handlers(opener, self.settings),
            **review_handlers(opener),
            **notification_handlers(opener, self.settings),
            **tagging_handlers(opener),
            **mail_handler(self.database, self.clock, self.settings.mail),
            **webhook_handler(self.database, self.clock, self.settings.webhook_networks),
            **tidying_handlers(self.database, self.clock),
            **tidying_files(opener, self.settings),
        }

    @property
    def recurring(self) -> tuple[Recurring, ...]:
        """The jobs that recur: the kernel's, and those of plugins that say how often."""
        zone = self.settings.zone
        return (
            *kernel_recurring(zone),
            *mail_in_recurring(self.settings),
            *plugin_recurring(self.plugins, zone),
        )

    @contextmanager
    def open_as(self, user_id: int | None, *, via: str, source: str | None) -> Iterator[Context]:
        """Open a writing context for a user by id, in their language; the system for None.

        Raises Forbidden when the user may not sign in any more: nobody stands in for them.
        """
        with self.write(SYSTEM, via=via, source=source) as ctx:
            actor = SYSTEM if user_id is None else self.actor(ctx.connection, user_id)
            if actor is None:
                raise Forbidden(code="user.gone", user=user_id)
            yield replace(ctx, actor=actor, locale=self.locale(actor))

    def worker(self) -> Worker:
        """Answer a worker for this site's jobs."""
        schedule = Schedule(self.database, self.recurring)
        return Worker(
            self.database,
            self.clock,
            self.handlers,
            schedule=schedule,
            given_up=lambda job, error: announce_failure(self.write, job, error),
        )

    def close(self) -> None:
        """Close the database."""
        self.database.close()


@contextmanager
def site_context(folder: Path, plugin: str, email: str = "") -> Iterator[PluginContext]:
    """Open a site to read, for a command of a plugin: as a user by e-mail, or as the system.

    Raises NotFound for somebody who is not there, NotValid where the folder is no site.
    """
    platform = build_platform(load_settings(folder))
    try:
        with platform.read(via="cli") as ctx:
            actor = SYSTEM
            if email:
                user = find_user(ctx.connection, ctx.snapshot.table("user"), email)
                found = None if user is None else platform.actor(ctx.connection, user)
                if found is None:
                    raise NotFound(code="user.not_found", email=email)
                actor = found
        with platform.read(actor, via="cli") as ctx:
            yield plugin_context(ctx, plugin)
    finally:
        platform.close()


def build_platform(settings: Settings, clock: Clock | None = None) -> Platform:
    """Build the platform of a site."""
    return Platform(settings, clock)
