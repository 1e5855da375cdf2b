"""Enabling and disabling plugins: publishes like any other, told to the plugin itself."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from loopline.access.context import Context
from loopline.errors import NotFound, NotValid, PluginFailed, Problem
from loopline.hooks.events import Lifecycle
from loopline.hooks.manager import Plugins
from loopline.language import Label
from loopline.meta.release import Layer, Release
from loopline.meta.schemas import Schemas
from loopline.services.metadata import Related, require_configure
from loopline.services.planning import make_plan
from loopline.services.publishing import publish
from loopline.services.sources import plugin_layers

State = Literal["available", "enabled", "disabled", "failed", "missing"]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class PluginState:
    """A plugin as an administrator sees it.

    ``version`` is what is installed, ``served`` that of its documents in the release; blank where
    it is neither. ``serving`` says whether its metadata works. ``reason`` says why it failed.
    """

    id: str
    title: Label
    version: str = ""
    served: str = ""
    state: State
    serving: bool = False
    depends_on: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is installed: the plugins, the schemas of all kinds, who depends on whom."""

    plugins: Plugins
    schemas: Schemas
    related: Related
    language: str


def plugin_states(ctx: Context, plugins: Plugins) -> list[PluginState]:
    """Answer every plugin that is installed, in the release, or failed to load."""
    release = ctx.snapshot.catalog.release
    served = [layer.name for layer in release.layers if layer.kind == "plugin"]
    names = dict.fromkeys((*plugins.manifests, *plugins.installed, *plugins.failures, *served))
    return [_state_of(name, release, plugins) for name in names]


def _state_of(name: str, release: Release, plugins: Plugins) -> PluginState:
    manifest, layer = plugins.installed.get(name), release.layer(name)
    return PluginState(
        id=name,
        title=manifest.title if manifest else Label({"en": name}),
        version=manifest.version if manifest else "",
        served=layer.version if layer else "",
        state=_state(name, release, plugins),
        serving=name in release.plugins,
        depends_on=manifest.depends_on if manifest else (),
        reason=plugins.failures.get(name, ""),
    )


def _state(name: str, release: Release, plugins: Plugins) -> State:
    if name in plugins.failures:
        return "failed"
    if name not in plugins.installed:
        return "missing"
    if name in release.plugins:
        return "enabled"
    return "disabled" if name in release.disabled else "available"


def enable(ctx: Context, shelf: Shelf, name: str) -> Release:
    """Publish a release with the plugin enabled, and tell the plugin.

    Raises Forbidden, NotFound for a plugin that is not installed, NotValid where it failed or needs
    others first or its documents do not fit, PluginFailed where it refuses its own beginning.
    """
    require_configure(ctx)
    manifest = shelf.plugins.manifests.get(name)
    if manifest is None or name in shelf.plugins.failures:
        raise _missing(shelf, name)
    release = ctx.snapshot.catalog.release
    if name in release.plugins:
        return release
    absent = [one for one in manifest.depends_on if one not in release.plugins]
    if absent:
        params = {"plugin": name, "needs": ", ".join(absent)}
        raise NotValid(Problem(f"plugins.{name}", "plugin.needs", params))
    before = release.layer(name)
    layers = _layers(shelf, (*release.plugins, name), name)
    event = Lifecycle(
        action="install" if before is None else "enable",
        version=manifest.version,
        before=before.version if before else "",
    )
    plan = make_plan(ctx, layers, shelf.schemas, shelf.related)
    with ctx.connection.begin_nested():  # whoever tells of a refusal can still read
        published = publish(ctx, plan, f"enable {name}")
        ctx.calls.on_lifecycle(_on(ctx, published).contexts, name, event)
    return published


def disable(ctx: Context, shelf: Shelf, name: str) -> Release:
    """Publish a release in which the plugin does nothing and its data can be read.

    None of its own hooks is asked; what it raises while it is told is logged. Raises Forbidden,
    NotFound where it is not in the release, NotValid where enabled plugins depend on it.
    """
    require_configure(ctx)
    release = ctx.snapshot.catalog.release
    layer = release.layer(name)
    if layer is None or layer.kind != "plugin":
        raise NotFound(code="plugin.not_found", plugin=name)
    if not layer.enabled:
        return release
    needing = [
        one.id
        for one in shelf.plugins.installed.values()
        if name in one.depends_on and one.id in release.plugins
    ]
    if needing:
        params = {"plugin": name, "needed_by": ", ".join(needing)}
        raise NotValid(Problem(f"plugins.{name}", "plugin.needed", params))
    quiet = replace(ctx, calls=ctx.calls.serving(ctx.calls.enabled - {name}))
    event = Lifecycle(action="disable", version=layer.version, before=layer.version)
    try:
        with ctx.connection.begin_nested():
            ctx.calls.on_lifecycle(quiet.contexts, name, event)
    except (PluginFailed, NotValid):
        _log.exception("plugin %s was disabled although it failed to prepare for it", name)
    plan = make_plan(quiet, [replace(layer, enabled=False)], shelf.schemas, shelf.related)
    return publish(quiet, plan, f"disable {name}")


def _missing(shelf: Shelf, name: str) -> NotFound | NotValid:
    reason = shelf.plugins.failures.get(name)
    if reason is None:
        return NotFound(code="plugin.not_found", plugin=name)
    params = {"plugin": name, "reason": reason}
    return NotValid(Problem(f"plugins.{name}", "plugin.unusable", params))


def _layers(shelf: Shelf, enabled: Sequence[str], name: str) -> list[Layer]:
    """Answer the plugin's layer, and those of plugins that have documents for when it is there."""
    manifests = shelf.plugins.manifests
    waiting = {one for one in enabled if any(manifests[one].folder.glob(f"**/with_{name}"))}
    found = plugin_layers(shelf.plugins, enabled, shelf.schemas, shelf.language)
    layers = [layer for layer in found if layer.name in {name, *waiting}]
    if not any(layer.name == name for layer in layers):
        raise _missing(shelf, name)
    return layers


def _on(ctx: Context, release: Release) -> Context:
    """Answer the context with the hooks of the release that was just published."""
    return replace(ctx, calls=ctx.calls.serving(release.plugins))
