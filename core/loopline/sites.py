"""Creating, filling and upgrading sites: what stands above the platform and below the doors."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Final

from loopline.access.accounts import set_credentials
from loopline.access.context import Past
from loopline.bootstrap import Platform, build_platform
from loopline.clock import Clock, FixedClock
from loopline.errors import Conflict, refuse_if
from loopline.fields.registry import kernel_field_types
from loopline.hooks.calls import Calls
from loopline.hooks.chronicle import FRESH, ChronicleContext
from loopline.hooks.declare import DocumentFolder, SeedContext
from loopline.hooks.manager import Plugins
from loopline.hooks.manifest import discover, pack_names
from loopline.meta.catalog import Catalog
from loopline.meta.comparison import Drift, drift
from loopline.meta.findings import Findings
from loopline.meta.ownership import check_ownership
from loopline.meta.release import SITE, Layer, Release, folded
from loopline.meta.schemas import Schemas
from loopline.meta.settle import merge_documents, settle
from loopline.meta.validate import check_documents
from loopline.services.approvals.plugin_steps import step_kinds
from loopline.services.chronicles.order import spans
from loopline.services.chronicles.telling import Chronicler
from loopline.services.clock_filling import begin_all
from loopline.services.clock_jobs import pass_quietly
from loopline.services.document_notices import document_notices
from loopline.services.observing import announce_past
from loopline.services.people import STAFF, give_roles
from loopline.services.planning import Plan, make_plan
from loopline.services.plugin_places import Places
from loopline.services.plugin_rehearsal import may_rehearse, rehearsing, sound
from loopline.services.publishing import publish, refusals, told_refusals
from loopline.services.records import create
from loopline.services.requirements import unmet
from loopline.services.seeding import batches, load_batch, seed_rows
from loopline.services.sources import (
    Pack,
    kernel_layer,
    pack_layer,
    plugin_layers,
    read_pack,
)
from loopline.settings import FILE, load_settings, write_settings
from loopline.store.statistics import renew_statistics

Progress = Callable[[str, int], None]
SEED: Final = 7
"""What the random streams of demos begin with: every demo is the same one."""
_SEED: Final = "seed"
_LATELY: Final = timedelta(days=2)
"""How far back clocks remind of what they passed, once a chronicle is told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewSite:
    """What a new site is made of. ``packs`` are names or folders."""

    folder: Path
    database_url: str = ""
    name: str = "Loopline"
    language: str = "zh"
    packs: tuple[str, ...] = ()


def create_site(new: NewSite, clock: Clock | None = None) -> Platform:
    """Make the folder, the tables and the first release. Raises Conflict if there is a site."""
    if (new.folder / FILE).exists():
        raise Conflict(code="site.exists", folder=str(new.folder))
    new.folder.mkdir(parents=True, exist_ok=True)
    for below in ("files", "backups", "plugins"):
        (new.folder / below).mkdir(exist_ok=True)
    database = {"url": new.database_url} if new.database_url else {}
    write_settings(
        new.folder, {"site": {"name": new.name, "language": new.language}, "database": database}
    )
    with ExitStack() as undo:  # what could not be made whole can be tried again
        undo.callback((new.folder / FILE).unlink)
        platform = build_platform(load_settings(new.folder), clock)
        undo.callback(platform.close)
        prepare(platform, new.packs)
        undo.pop_all()
    return platform


def prepare(platform: Platform, packs: Sequence[str] = ()) -> Release:
    """Make the tables and publish the first release. Raises NotValid naming every problem."""
    platform.migrate()
    language = platform.settings.language
    read = [read_pack(name, platform.schemas, language) for name in packs]
    enabled = tuple(platform.plugins.manifests)
    layers = [*disk_layers(platform, enabled), Layer(name=SITE, kind="site")]
    with platform.write(via="cli") as ctx:
        for pack in read:
            layers = with_pack(layers, pack)
        plan = make_plan(ctx, layers, platform.schemas, platform.related_plugins)
        return publish(ctx, plan, "; ".join(["init", *map(_applied, read)]))


def disk_layers(platform: Platform, enabled: Iterable[str]) -> list[Layer]:
    """Answer the kernel's and the enabled plugins' layers as they stand on disk."""
    language = platform.settings.language
    kernel = kernel_layer(platform.schemas, language)
    return [kernel, *plugin_layers(platform.plugins, enabled, platform.schemas, language)]


def with_pack(layers: Sequence[Layer], pack: Pack) -> list[Layer]:
    """Answer the layers with a pack applied: it replaces its layer, or merges into the site.

    Raises NotValid naming each plugin that it requires and that is missing or too old.
    """
    refuse_if(unmet(pack.id, pack.about, layers))
    found = {layer.name: layer for layer in layers}
    if pack.is_site:
        site = found.get(SITE) or Layer(name=SITE, kind="site")
        found[SITE] = merge_documents(site, pack.documents)
    else:
        found[pack.id] = pack_layer(pack)
    return list(found.values())


def plan_pack(platform: Platform, folder: str) -> Plan:
    """Answer what applying a pack would do; changes nothing."""
    pack = read_pack(folder, platform.schemas, platform.settings.language)
    with platform.read(via="cli") as ctx:
        head = ctx.snapshot.catalog.release.layers
        edited = [layer for layer in with_pack(head, pack) if layer not in head]
        plan = make_plan(ctx, edited, platform.schemas, platform.related_plugins)
        return told_refusals(ctx, plan)


def publish_pack(platform: Platform, folder: str, plan_hash: str, note: str) -> Release:
    """Publish a pack as planned; the release tells its name and version before the note.

    Raises Conflict when the head or the files moved since.
    """
    pack = read_pack(folder, platform.schemas, platform.settings.language)
    with platform.write(via="cli") as ctx:
        head = ctx.snapshot.catalog.release.layers
        edited = [layer for layer in with_pack(head, pack) if layer not in head]
        plan = make_plan(ctx, edited, platform.schemas, platform.related_plugins)
        if plan.hash != plan_hash:
            raise Conflict(code="publish.head_moved", base=plan.base)
        return publish(ctx, plan, ": ".join(filter(None, (_applied(pack), note))))


def _applied(pack: Pack) -> str:
    """Answer what the history of releases says of a pack that was applied."""
    return f"pack {pack.id} {pack.version}"


def validate_pack(folder: str, language: str = "zh") -> Findings:
    """Check a pack against the schemas, its own documents and those beneath it; needs no site.

    Where its entities are right, what a publish of it would resolve and refuse is rehearsed too.
    """
    kernel = Schemas()
    plugins = Plugins(discover(kernel))
    schemas = plugins.schemas(kernel)
    pack = read_pack(folder, schemas, language)
    below = [
        kernel_layer(schemas, language),
        *plugin_layers(plugins, plugins.manifests, schemas, language),
    ]
    catalog = Catalog(Release(revision=1, layers=settle(with_pack(below, pack), ())))
    findings = Findings()
    keys = frozenset(document.key for document in pack.documents)
    check_ownership(catalog, keys, schemas, findings)
    check_documents(catalog, keys, schemas, kernel_field_types(), findings)
    kinds = step_kinds(Calls(plugins, catalog.release.plugins))
    findings.warnings += document_notices(catalog, keys, kinds)
    if may_rehearse(findings):
        with rehearsing(catalog, plugins, language) as ctx:
            findings.errors += refusals(ctx, ctx.snapshot, sound(keys, findings))
    places = Places([DocumentFolder(pack.folder)], pack.documents)
    return Findings(
        errors=[places.located(one) for one in findings.errors],
        warnings=[places.located(one) for one in findings.warnings],
    )


def upgrade(platform: Platform) -> tuple[Release, dict[str, Drift]]:
    """Take newer files of kernel, enabled plugins and installed packs into a release; report drift.

    The set of plugins stays: those of :func:`available_plugins` are enabled by a command alone.
    Raises NotValid where a newer pack requires plugins that are missing or too old.
    """
    platform.migrate()
    with platform.read(via="cli") as ctx:
        head = ctx.snapshot.catalog.release
    layers = disk_layers(platform, head.plugins)
    packs = [_newer(platform, layer) for layer in head.layers if layer.kind == "pack"]
    refuse_if(problem for one in packs for problem in unmet(one.name, one.about, layers))
    layers += packs
    with platform.write(via="cli") as ctx:
        plan = make_plan(ctx, layers, platform.schemas, platform.related_plugins)
        release = publish(ctx, plan, "upgrade")
    return release, drift_report(release)


def available_plugins(platform: Platform, release: Release) -> tuple[str, ...]:
    """Answer the installed, sound plugins that are not part of a release, by dependency."""
    return tuple(name for name in platform.plugins.manifests if name not in release.plugins)


def _newer(platform: Platform, layer: Layer) -> Layer:
    """Answer an installed pack as it stands on disk; one applied from a folder stays as it is."""
    if layer.name not in pack_names():
        return layer
    return pack_layer(read_pack(layer.name, platform.schemas, platform.settings.language))


def drift_report(release: Release) -> dict[str, Drift]:
    """Answer every leaf of packs and site whose lower value moved since it was set."""
    found: dict[str, Drift] = {}
    for depth, layer in enumerate(release.layers):
        if layer.kind not in {"pack", "site"}:
            continue
        for key, stored in layer.documents.items():
            lower = folded(release.layers[:depth], key)
            for path, kind in drift(lower, stored.ops).items():
                found[f"{layer.name}: {key} {'.'.join(path)}"] = kind
    return found


def load_seeds(
    platform: Platform,
    *,
    demo: bool,
    context: SeedContext | None = None,
    progress: Progress | None = None,
) -> int:
    """Load the seeds of the head (demo ones when asked for), in batches; answer how many rows."""
    with platform.read(via="seed") as ctx:
        seeds = [one for one in ctx.snapshot.catalog.seeds() if demo or not one.demo]
        context = context or SeedContext(
            now=ctx.now, seed=SEED, language=platform.settings.language
        )
    total = 0
    for one in seeds:
        for batch in batches(seed_rows(one, context)):
            with platform.write(via="seed", source=f"seed:{one.id}") as ctx:
                created = load_batch(ctx, one, batch)
            total += created
            if progress:
                progress(one.entity, created)
    with platform.write(via="seed") as ctx:
        for entity in dict.fromkeys(one.entity for one in seeds) if total else ():
            renew_statistics(ctx.connection, ctx.snapshot.table(entity))
    return total


def tell_chronicle(
    platform: Platform,
    clock: FixedClock,
    build: str,
    context: SeedContext,
    progress: Progress | None = None,
) -> Mapping[str, int]:
    """Tell what a company went through up to ``context.now``; answer how many records it made.

    ``build`` is module:function; it gets a ChronicleContext and yields steps. The platform's clock
    is moved through it and stands at the end. Every month plugins are told what was written.
    Raises NotValid naming the first step that does not fit.
    """
    with platform.read(via=_SEED) as ctx:
        whole = ctx.snapshot.catalog.entities()
        entities = frozenset(one.id for one in whole if not one.traits.closed)
    module, _, function = build.partition(":")
    asked = ChronicleContext(
        now=context.now,
        seed=context.seed,
        language=context.language,
        scale=context.scale,
        entities=entities,
    )
    steps = getattr(import_module(module), function)(asked)
    teller = Chronicler(lambda ctx, user: platform.actor(ctx.connection, user))
    in_turn = spans(steps, platform.settings.zone, context.now - FRESH)
    past = Past()
    for _, month in groupby(in_turn, key=lambda one: one[0].month):
        with platform.write(via=_SEED, source="chronicle") as ctx:
            for day, some in month:
                clock.at = some[-1].at
                teller.tell(replace(ctx, past=past), some)
                if progress:
                    progress(day.isoformat(), sum(teller.counts.values()))
        with platform.write(via=_SEED) as ctx:
            announce_past(ctx, past)
        platform.worker().run_due()
    clock.at = context.now
    _come_to_now(platform, teller.counts)
    return teller.counts


def _come_to_now(platform: Platform, entities: Iterable[str]) -> None:
    """Begin the clocks and let them pass what lies behind them, the last days aloud."""
    with platform.write(via=_SEED) as ctx:
        begin_all(ctx, entities)
    moved = 1
    while moved:
        with platform.write(via=_SEED) as ctx:
            moved = pass_quietly(ctx, ctx.now - _LATELY)
    platform.worker().run_due()
    with platform.write(via=_SEED) as ctx:
        for entity in entities:
            renew_statistics(ctx.connection, ctx.snapshot.table(entity))


def add_user(
    platform: Platform,
    email: str,
    name: str,
    password: str | None,
    *,
    administrator: bool,
    roles: Collection[str] = (STAFF,),
) -> int:
    """Create a user who may sign in, with these roles.

    Raises NotValid when the address is taken or not readable, or a role is unknown.
    """
    hashed = platform.passwords.hash(password) if password else None
    with platform.write(via="cli") as ctx:
        language = platform.settings.language
        user = create(ctx, "user", {"name": name, "email": email, "language": language})
        set_credentials(ctx.connection, user.id, hashed, ctx.now, administrator=administrator)
        give_roles(ctx, user.id, roles)
        return user.id
