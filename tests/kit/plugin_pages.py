"""The reference of the bundled plugins, made from what they declare."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from kit.sources import ROOT
from loopline.hooks.manager import Plugins
from loopline.hooks.manifest import Discovered, Manifest, discover
from loopline.meta.schemas import Schemas
from loopline.services.sources import given_documents

_SHOWN = ("entity", "pipeline", "approval", "conversion", "journey", "clock", "report", "dashboard")


@cache
def bundled() -> Plugins:
    """Answer the plugins of this tree, whatever else is installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    ours = project["entry-points"]["loopline.plugins"]
    manifests = tuple(one for one in discover(Schemas()).manifests if one.id in ours)
    return Plugins(Discovered(manifests=manifests), "en")


@cache
def all_schemas() -> Schemas:
    """Answer the schemas of the kernel's kinds and those of the bundled plugins."""
    return bundled().schemas(Schemas())


def plugin_of(kind: str) -> str:
    """Answer the plugin that declares a kind of documents, blank for the kernel's."""
    declared = bundled().kinds.items()
    return next((name for name, kinds in declared if kind in {one.id for one in kinds}), "")


def plugin_page() -> Iterator[str]:
    """Yield the lines of the page, without its heading."""
    documents = _documents()
    for name, manifest in bundled().manifests.items():
        yield f"## {name}\n"
        yield f"{manifest.title.to('en')} ({manifest.title.to('zh')}).{_needs(manifest)}\n"
        yield from _lists(name, documents.get(name, {}))
        yield from _operations(name)


def _needs(manifest: Manifest) -> str:
    return f" Depends on {', '.join(manifest.depends_on)}." if manifest.depends_on else ""


def _documents() -> Mapping[str, Mapping[str, list[str]]]:
    """Answer the ids of the documents that each plugin brings, by kind, extensions left out."""
    found: dict[str, dict[str, list[str]]] = {}
    for manifest, given in bundled().documents("en", bundled().manifests):
        kinds = found.setdefault(manifest.id, {})
        for one in given_documents(given, all_schemas(), "en").documents:
            if not one.extend:
                kinds.setdefault(one.key.kind, []).append(one.key.id)
    return found


def _lists(name: str, documents: Mapping[str, list[str]]) -> Iterator[str]:
    plugins = bundled()
    kinds = [one.id for one in plugins.kinds.get(name, ())]
    yield from _line("kinds of documents", [f"[{one}](kinds.md#{one})" for one in kinds])
    for kind in dict.fromkeys((*_SHOWN, *kinds)):
        if documents.get(kind):
            yield from _line(kind, _coded(sorted(documents[kind])))
    yield from _line("actions", [_action(one) for one in plugins.actions.get(name, ())])
    yield from _line(
        "approval steps", _coded(one.id for one in plugins.approval_steps.get(name, ()))
    )
    widgets = plugins.report_widgets.get(name, ())
    yield from _line("dashboard widgets", _coded(f"{name}.{one.id}" for one in widgets))
    yield from _line("jobs", [_job(one) for one in plugins.jobs.get(name, ())])
    yield ""


def _line(title: str, items: list[str]) -> Iterator[str]:
    if items:
        yield f"- {title}: {', '.join(items)}"


def _coded(names: Any) -> list[str]:
    return [f"`{one}`" for one in names]


def _action(one: Any) -> str:
    return f"`{one.id}` on {one.entity or 'every entity'}"


def _job(one: Any) -> str:
    return f"`{one.kind}`" + (f" ({one.every})" if one.every else "")


def _operations(name: str) -> Iterator[str]:
    pages = bundled().pages.get(name, ())
    if not pages:
        return
    yield "| pages and operations | who |"
    yield "| --- | --- |"
    for one in pages:
        yield f"| `{', '.join(one.methods)} {one.path}` | {one.permission or 'signed in'} |"
    yield ""
