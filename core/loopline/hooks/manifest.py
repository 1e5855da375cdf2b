"""The manifest: what a plugin says of itself in ``plugin.json``, read without importing it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from loopline import __version__
from loopline.errors import Problem
from loopline.hooks.versions import ITSELF, unfit_versions, unreadable_ranges
from loopline.language import Label
from loopline.meta.schemas import Schemas

PLUGIN_GROUP: Final = "loopline.plugins"
PACK_GROUP: Final = "loopline.packs"
EVERY: Final = "*"


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """A plugin as it describes itself.

    ``module`` is empty when it is metadata only, or one ``file`` in the site's folder of plugins.
    ``requires`` are ranges of versions (PEP 440), of ``loopline`` itself and of plugins.
    ``settings`` is a JSON Schema of what a site may set for it.
    """

    id: str
    title: Label
    version: str
    depends_on: tuple[str, ...]
    requires: Mapping[str, str] = field(default_factory=dict)
    folder: Path
    module: str
    file: Path | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    assets: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Discovered:
    """The plugins that can be used, in dependency order, and why others cannot.

    ``unusable`` are those of the others whose manifest could be read.
    """

    manifests: tuple[Manifest, ...] = ()
    unusable: tuple[Manifest, ...] = ()
    failures: Mapping[str, str] = field(default_factory=dict)


def discover(
    schemas: Schemas, blocked: frozenset[str] = frozenset(), folder: Path | None = None
) -> Discovered:
    """Read the manifests of all plugins but the blocked ones, without importing code.

    Besides what is installed, each ``name.py`` with ``name.json`` beside it in ``folder`` is one.
    """
    found: dict[str, Manifest] = {}
    failures: dict[str, str] = {}
    if EVERY in blocked:
        return Discovered()
    for point in entry_points(group=PLUGIN_GROUP):
        if point.name in blocked:
            continue
        try:
            found[point.name] = read_manifest(point, schemas)
        except (OSError, ValueError) as error:
            failures[point.name] = str(error)
    for file in sorted(folder.glob("*.json")) if folder is not None else ():
        if file.stem in blocked or file.stem in found:
            continue
        try:
            found[file.stem] = read_file_manifest(file, schemas)
        except (OSError, ValueError) as error:
            failures[file.stem] = str(error)
    return in_order(found, failures)


def read_file_manifest(file: Path, schemas: Schemas) -> Manifest:
    """Read the manifest of a plugin that is one file. Raises OSError or ValueError."""
    code = file.with_suffix(".py")
    if not code.is_file():
        raise FileNotFoundError(f"{code.name} is missing beside {file.name}")
    content = _read(file, file.stem, schemas)
    return manifest_of(content, file.parent, module="", file=code)


def read_manifest(point: EntryPoint, schemas: Schemas) -> Manifest:
    """Read the ``plugin.json`` beside an entry point's module. Raises OSError or ValueError."""
    folder, module = locate(point.value)
    return manifest_of(_read(folder / "plugin.json", point.name, schemas), folder, module=module)


def read_content(file: Path) -> Any:
    """Answer what a ``plugin.json`` says. Raises OSError, and ValueError where it is no JSON."""
    return json.loads(file.read_text(encoding="utf-8"))


def manifest_problems(content: Any, name: str, schemas: Schemas) -> list[Problem]:
    """Answer what keeps content from being the manifest of the plugin that is found by a name."""
    problems = [problem for _, problem in schemas.problems("plugin", content, partial=False)]
    said = content.get("id") if isinstance(content, Mapping) else None
    if isinstance(said, str) and said != name:
        problems.append(Problem("id", "plugin.other_id", {"id": said, "name": name}))
    return problems or list(unreadable_ranges(content.get("requires", {})))


def _read(file: Path, name: str, schemas: Schemas) -> Mapping[str, Any]:
    content: Mapping[str, Any] = read_content(file)
    problems = manifest_problems(content, name, schemas)
    if problems:
        raise ValueError("; ".join(map(str, problems)))
    return content


def manifest_of(
    content: Mapping[str, Any], folder: Path, *, module: str, file: Path | None = None
) -> Manifest:
    """Answer the manifest that sound content says; its code is a module or one file."""
    title = content["title"]
    return Manifest(
        id=content["id"],
        title=Label(title if isinstance(title, dict) else {"en": title}),
        version=content["version"],
        depends_on=tuple(content.get("depends_on", ())),
        requires=content.get("requires", {}),
        folder=folder,
        module=module,
        file=file,
        settings=content.get("settings", {}),
        assets=content.get("assets", {}),
    )


def locate(value: str) -> tuple[Path, str]:
    """Answer the folder and the module of an entry point; a bare folder has no module.

    Only the top-level package is looked up, so nothing of the plugin runs.
    """
    top, _, rest = value.partition(".")
    spec = find_spec(top)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(value)
    path = Path(next(iter(spec.submodule_search_locations))).joinpath(*rest.split("."))
    return (path, "") if path.is_dir() else (path.parent, value)


def find_pack(name: str) -> Path:
    """Answer the folder of an installed pack. Raises FileNotFoundError."""
    for point in entry_points(group=PACK_GROUP):
        if point.name == name:
            return locate(point.value)[0]
    raise FileNotFoundError(name)


def pack_names() -> list[str]:
    """Answer the names of the installed packs."""
    return sorted(point.name for point in entry_points(group=PACK_GROUP))


def in_order(found: Mapping[str, Manifest], failures: dict[str, str]) -> Discovered:
    """Answer which of the plugins can be used, in dependency order, adding to the failures."""
    versions = {name: one.version for name, one in found.items()} | {ITSELF: __version__}
    failures |= {
        name: "; ".join(why)
        for name, one in found.items()
        if (why := list(unfit_versions(one.requires, versions)))
    }
    fitting = {name: one for name, one in found.items() if name not in failures}
    for manifest in fitting.values():
        missing = _missing(manifest, fitting)
        if missing:
            failures[manifest.id] = f"depends on {', '.join(missing)}, which is not available"
    usable = {name: m for name, m in found.items() if name not in failures}
    graph = {name: m.depends_on for name, m in sorted(usable.items())}
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        failures |= dict.fromkeys(error.args[1], "depends on itself through others")
        order = [name for name in graph if name not in failures]
    return Discovered(
        manifests=tuple(usable[name] for name in order),
        unusable=tuple(one for name, one in sorted(found.items()) if name not in order),
        failures=failures,
    )


def _missing(manifest: Manifest, found: Mapping[str, Manifest]) -> list[str]:
    """Answer what the plugin needs and cannot have, looking through its dependencies."""
    missing: list[str] = []
    wanted: Iterable[str] = manifest.depends_on
    seen: set[str] = set()
    while wanted:
        missing += [name for name in wanted if name not in found]
        seen |= set(wanted)
        wanted = [d for n in wanted if n in found for d in found[n].depends_on if d not in seen]
    return missing
