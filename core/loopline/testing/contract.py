"""The contract of a plugin, as tests: a subclass that names the plugin inherits them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loopline.bootstrap import Platform
    from loopline.hooks.manifest import Manifest


class PluginContract:
    """What every plugin keeps. Write ``class TestContract(PluginContract): plugin = "acme"``."""

    plugin: ClassVar[str]

    @pytest.fixture
    def manifest(self) -> Manifest:
        """Answer the plugin's manifest, read as the kernel reads it."""
        from loopline.hooks.manifest import discover
        from loopline.meta.schemas import Schemas

        found = discover(Schemas())
        manifests = {one.id: one for one in found.manifests}
        if self.plugin not in manifests:
            pytest.fail(found.failures.get(self.plugin, f"no plugin {self.plugin} is installed"))
        return manifests[self.plugin]

    @pytest.fixture
    def blocked_plugins(self) -> frozenset[str]:
        """Leave the plugin alone with what it depends on."""
        from loopline.hooks.manifest import discover
        from loopline.meta.schemas import Schemas

        depends = {one.id: one.depends_on for one in discover(Schemas()).manifests}
        needed, waiting = set[str](), [self.plugin]
        while waiting:
            name = waiting.pop()
            needed.add(name)
            waiting += depends.get(name, ())
        return frozenset(depends) - needed

    def test_its_manifest_is_valid(self, manifest: Manifest) -> None:
        """The manifest fits its schema and says a title in both languages."""
        _refuse(language for language in ("zh", "en") if not manifest.title.get(language))

    def test_its_documents_make_a_site(self, platform: Platform) -> None:
        """With nothing but its dependencies beside it, its documents are published whole.

        Publishing checks schemas, references, expressions, and that what the plugin adds to
        entities of others carries its prefix.
        """
        _refuse(f"{name}: {why}" for name, why in platform.plugins.failures.items())
        with platform.read() as ctx:
            served = ctx.catalog.release.plugins
        _refuse(name for name in (self.plugin,) if name not in served)

    def test_it_has_a_readme(self, manifest: Manifest) -> None:
        """A README stands in the package or beside it."""
        folders = (manifest.folder, manifest.folder.parent)
        if not any((folder / "README.md").is_file() for folder in folders):
            pytest.fail(f"no README.md in {folders[0]} or {folders[1]}")

    def test_it_imports_only_the_sdk(self, manifest: Manifest) -> None:
        """Of Loopline it imports ``loopline.sdk`` and nothing else."""
        from loopline.hooks.foreign_imports import foreign_imports

        files = sorted(manifest.folder.rglob("*.py"))
        _refuse(
            f"{file}:{line} imports {name}"
            for file in files
            for line, name in foreign_imports(file)
        )


def _refuse(found: Iterator[str]) -> None:
    problems = list(found)
    if problems:
        pytest.fail("\n".join(problems))
