"""A rehearsal: what a publish would ask of plugins, in an empty database that only memory has."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from jsonschema import Draft202012Validator

from loopline.access.context import SYSTEM, Context
from loopline.access.organisation import StoredOrganisation
from loopline.errors import NotValid, PluginFailed, Problem
from loopline.fields.base import Locale
from loopline.fields.registry import kernel_field_types
from loopline.hooks.boundary import boundary
from loopline.hooks.calls import Calls
from loopline.hooks.declarations import ReportWidget
from loopline.hooks.manager import Plugins
from loopline.meta.catalog import Catalog
from loopline.meta.document import DocumentKey
from loopline.meta.findings import Findings
from loopline.services.plugin_context import plugin_context
from loopline.services.query_checks import query_problems
from loopline.settings import Settings
from loopline.store.ddl import apply_changes, physical_changes
from loopline.store.engine import Database
from loopline.store.ledger import read_ledger
from loopline.store.migrations.run import migrate
from loopline.store.snapshot import Snapshot

_MEMORY: Final = "sqlite://"
_ENTITIES: Final = "entity/"


@contextmanager
def rehearsing(catalog: Catalog, plugins: Plugins, language: str) -> Iterator[Context]:
    """Open a context of the system on an empty site of this release; nothing of it stays."""
    settings = Settings(folder=Path(), database_url=_MEMORY, language=language)
    snapshot, database = Snapshot(catalog, kernel_field_types()), Database(_MEMORY)
    names = [one.id for one in catalog.entities()]
    try:
        with database.write() as connection:
            migrate(connection)
            made = physical_changes(snapshot, read_ledger(connection, ()), names)
            tables = (one for one in made if one.kind != "index")  # empty ones need none
            apply_changes(connection, tables, catalog.revision)
            yield Context(
                connection=connection,
                snapshot=snapshot,
                actor=replace(SYSTEM, language=language),
                now=datetime.now(UTC),
                locale=Locale(
                    language=language,
                    zone=settings.zone,
                    currency=settings.currency,
                    region=settings.region,
                ),
                site_zone=settings.zone,
                calls=Calls(plugins, catalog.release.plugins),
                plugin_context=plugin_context,
                organisation=StoredOrganisation(connection, snapshot),
                settings=settings,
                via="cli",
            )
    finally:
        database.close()


def may_rehearse(found: Findings) -> bool:
    """Whether a release with these findings can be rehearsed: its entities have to be right."""
    return not any(one.path.startswith(_ENTITIES) for one in found.errors)


def sound(keys: Iterable[DocumentKey], found: Findings) -> frozenset[DocumentKey]:
    """Answer those of some documents of which nothing wrong is known."""
    broken = {one.path.partition(" ")[0] for one in found.errors}
    return frozenset(key for key in keys if str(key) not in broken)


def widget_problems(ctx: Context, plugin: str, widget: ReportWidget) -> tuple[Problem, ...]:
    """Answer what is wrong with the query of a widget; none where it needs settings to ask one."""
    settings: Mapping[str, object] = {}
    if not Draft202012Validator(widget.settings).is_valid(settings):
        return ()
    try:
        with boundary(plugin, f"widget {widget.id}", log=False):
            asked = dict(widget.query(ctx.contexts(plugin), settings))
    except (NotValid, PluginFailed) as error:
        return error.problems
    return query_problems(ctx, asked)
