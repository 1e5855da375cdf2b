"""The plugin manager of one platform: modules registered and checked, failures kept apart."""

import importlib.util
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import click
import pluggy

from loopline.errors import PluginFailed
from loopline.hooks.boundary import boundary
from loopline.hooks.declarations import (
    Action,
    ApprovalStep,
    Document,
    Job,
    Kind,
    Page,
    ReportWidget,
)
from loopline.hooks.declare import DeclareContext, DocumentFolder
from loopline.hooks.manifest import Discovered, Manifest
from loopline.hooks.specs import PROJECT, SPECS, hookimpl
from loopline.meta.schemas import Schemas

T = TypeVar("T")
Implementation = Callable[..., Any]
Declared = Mapping[str, tuple[Any, ...]]


class MetadataOnly:
    """The implementation that stands for a plugin without code: its documents folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @hookimpl
    def register_documents(self, ctx: DeclareContext) -> Iterable[DocumentFolder]:
        """Answer the folder ``documents`` beside the manifest."""
        return [DocumentFolder(self._folder / "documents")]


class Plugins:
    """The usable plugins in dependency order, their hooks, and why others failed.

    ``installed`` has the manifests of those too that cannot be used, ``raised`` the failures of
    code among the others.
    """

    def __init__(self, discovered: Discovered, language: str = "zh") -> None:
        self._manager = pluggy.PluginManager(PROJECT)
        self._language = language
        for spec in SPECS:
            self._manager.add_hookspecs(spec)
        self.failures: dict[str, str] = dict(discovered.failures)
        self.installed: Mapping[str, Manifest] = {
            one.id: one for one in (*discovered.manifests, *discovered.unusable)
        }
        self.raised: dict[str, PluginFailed] = {}
        self.manifests: Mapping[str, Manifest] = {
            manifest.id: manifest for manifest in discovered.manifests if self._register(manifest)
        }
        self._declared: dict[str, Declared] = {}

    def _register(self, manifest: Manifest) -> bool:
        with self._quarantining(manifest.id, "import"):
            self._manager.register(_load(manifest), manifest.id)
            self._manager.check_pending()
        return manifest.id not in self.failures

    @contextmanager
    def _quarantining(self, name: str, hook: str) -> Iterator[None]:
        """Note why a plugin fails in here, and call none of its hooks any more."""
        try:
            with boundary(name, hook, (), log=False):
                yield
        except PluginFailed as failure:
            self.raised[name] = failure
            self.failures[name] = _told(failure)
            if self._manager.has_plugin(name):
                self._manager.unregister(name=name)

    def implementations(self, hook: str) -> Iterator[tuple[str, Implementation]]:
        """Yield (plugin, function) of a hook, plugins others build on first."""
        found = {
            impl.plugin_name: impl for impl in getattr(self._manager.hook, hook).get_hookimpls()
        }
        for name in self.manifests:
            if name in found:
                yield name, _fitting(found[name].function, found[name].argnames)

    def documents(
        self, language: str, enabled: Iterable[str]
    ) -> Iterator[tuple[Manifest, list[DocumentFolder | Document]]]:
        """Yield each enabled plugin with its documents; a failing one is noted and left out."""
        wanted = frozenset(enabled) & frozenset(self.manifests)
        asked = dict(self.implementations("register_documents"))
        for name, manifest in self.manifests.items():
            if name not in wanted:
                continue
            context = DeclareContext(plugin=name, plugins=wanted, language=language)
            try:
                with boundary(name, "register_documents", (), log=False):
                    answer = asked[name](ctx=context) if name in asked else ()
                    found = all_of(answer, DocumentFolder, Document)
            except PluginFailed as failure:
                self.failures[name] = _told(failure)
                continue
            yield manifest, found

    @property
    def kinds(self) -> Mapping[str, tuple[Kind, ...]]:
        """The kinds of documents, by the plugin that declares them."""
        return self._asked("register_kinds", Kind)

    @property
    def actions(self) -> Mapping[str, tuple[Action, ...]]:
        """The actions, by plugin."""
        return self._asked("register_actions", Action)

    @property
    def approval_steps(self) -> Mapping[str, tuple[ApprovalStep, ...]]:
        """The kinds of approval steps, by plugin."""
        return self._asked("register_approval_steps", ApprovalStep)

    @property
    def jobs(self) -> Mapping[str, tuple[Job, ...]]:
        """The kinds of jobs, by plugin."""
        return self._asked("register_jobs", Job)

    @property
    def pages(self) -> Mapping[str, tuple[Page, ...]]:
        """The pages and operations, by plugin."""
        return self._asked("register_pages", Page)

    @property
    def commands(self) -> Mapping[str, tuple[click.Command, ...]]:
        """The commands, by plugin."""
        return self._asked("register_commands", click.Command)

    @property
    def report_widgets(self) -> Mapping[str, tuple[ReportWidget, ...]]:
        """The parts of dashboards, by plugin."""
        return self._asked("register_report_widgets", ReportWidget)

    def schemas(self, kernel: Schemas) -> Schemas:
        """Answer the kernel's schemas and those of the kinds that plugins declare.

        A plugin whose kinds do not fit is quarantined.
        """
        found = kernel
        for name, kinds in self.kinds.items():
            with self._quarantining(name, "register_kinds"):
                found = found.extended({kind.id: _schema_of(kind) for kind in kinds})
        return found

    def _asked(self, hook: str, kind: type[T]) -> Mapping[str, tuple[T, ...]]:
        """Ask every plugin once; what it declares stays, and whoever raises is quarantined."""
        if hook not in self._declared:
            self._declared[hook] = {}
            answers: dict[str, tuple[Any, ...]] = {}
            installed = frozenset(self.manifests)
            for name, implementation in list(self.implementations(hook)):
                context = DeclareContext(plugin=name, plugins=installed, language=self._language)
                with self._quarantining(name, hook):
                    answers[name] = tuple(all_of(implementation(ctx=context), kind))
            self._declared[hook] = answers
        return {
            name: found
            for name, found in self._declared[hook].items()
            if self._manager.has_plugin(name)
        }


def _told(failure: PluginFailed) -> str:
    return f"{failure.params['hook']}: {failure.params['reason']}"


def _schema_of(kind: Kind) -> Mapping[str, Any]:
    if isinstance(kind.schema, Path):
        read: Mapping[str, Any] = json.loads(kind.schema.read_text(encoding="utf-8"))
        return read
    return kind.schema


def _load(manifest: Manifest) -> object:
    """Answer what implements a plugin's hooks: its module, a single file, or its documents."""
    if manifest.file is not None:
        return _load_file(manifest.id, manifest.file)
    return import_module(manifest.module) if manifest.module else MetadataOnly(manifest.folder)


def _load_file(name: str, file: Path) -> ModuleType:
    module_name = f"loopline_site_{name}"
    spec = importlib.util.spec_from_file_location(module_name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file.name} cannot be read")
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module  # dataclasses and pickles look their module up there
    spec.loader.exec_module(module)
    return module


def _fitting(function: Implementation, wanted: tuple[str, ...]) -> Implementation:
    """Answer the function so that it is handed only the arguments it names."""

    @wraps(function)
    def call(**given: object) -> object:
        return function(**{name: given[name] for name in wanted})

    return call


def all_of(answers: Any, *kinds: type[Any]) -> list[Any]:
    """Answer what a hook gave, as a list. Raises TypeError for anything of another type."""
    found = list(answers or ())
    for one in found:
        if not isinstance(one, kinds):
            expected = " or ".join(kind.__name__ for kind in kinds)
            raise TypeError(f"expected {expected}, got {type(one).__name__}")
    return found
