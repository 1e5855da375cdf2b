"""The plugin manager of one platform: modules registered and checked, failures kept apart."""

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path

import pluggy

from loopline.hooks.declare import DeclareContext, DocumentFolder
from loopline.hooks.manifest import Discovered, Manifest
from loopline.hooks.specs import PROJECT, DeclareSpecs, hookimpl


class MetadataOnly:
    """The implementation that stands for a plugin without code: its documents folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @hookimpl
    def register_documents(self, ctx: DeclareContext) -> Iterable[DocumentFolder]:
        """Answer the folder ``documents`` beside the manifest."""
        return [DocumentFolder(self._folder / "documents")]


class Plugins:
    """The usable plugins in dependency order, their hooks, and why others failed."""

    def __init__(self, discovered: Discovered) -> None:
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(DeclareSpecs)
        self.failures: dict[str, str] = dict(discovered.failures)
        self.manifests: Mapping[str, Manifest] = {
            manifest.id: manifest for manifest in discovered.manifests if self._register(manifest)
        }

    def _register(self, manifest: Manifest) -> bool:
        try:
            module = (
                import_module(manifest.module) if manifest.module else MetadataOnly(manifest.folder)
            )
            self._manager.register(module, manifest.id)
            self._manager.check_pending()
        except Exception as error:  # noqa: BLE001 the plugin boundary: it never stops the site
            self.failures[manifest.id] = f"{type(error).__name__}: {error}"
            if self._manager.has_plugin(manifest.id):
                self._manager.unregister(name=manifest.id)
            return False
        return True

    def documents(
        self, language: str, enabled: Iterable[str]
    ) -> Iterator[tuple[Manifest, list[Path]]]:
        """Yield each enabled plugin with its folders; a failing one is noted and left out."""
        wanted = frozenset(enabled) & frozenset(self.manifests)
        for name, manifest in self.manifests.items():
            if name not in wanted:
                continue
            context = DeclareContext(plugin=name, plugins=wanted, language=language)
            others = [m for n, m in self._manager.list_name_plugin() if n != name]
            try:
                caller = self._manager.subset_hook_caller("register_documents", others)
                folders = [folder.path for answer in caller(ctx=context) for folder in answer]
            except Exception as error:  # noqa: BLE001 the plugin boundary
                self.failures[name] = f"{type(error).__name__}: {error}"
                continue
            yield manifest, folders
