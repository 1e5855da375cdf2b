"""Plugins that are not installed yet: found by a folder or a file, and made importable."""

import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import invalidate_caches
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from loopline.errors import NotFound, NotValid, Problem
from loopline.hooks.manifest import PLUGIN_GROUP, locate

_PROJECT = "pyproject.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """Where a plugin stands: the name it is found by, its entry point, and what to import it from.

    ``value`` is the entry point (``loopline_acme.plugin``); blank for one ``file``. ``root`` is
    what must be importable for it, None where it is installed.
    """

    name: str
    value: str = ""
    root: Path | None = None
    file: Path | None = None


def find_candidate(words: str, beside: Path | None = None) -> Candidate:
    """Answer the plugin in a folder, a file, or of a name that is installed or stands ``beside``.

    Raises NotFound where there is none, NotValid where a project names no plugin, or several.
    """
    path = Path(words)
    if path.is_dir():
        return _in_folder(path.resolve())
    if path.suffix in {".py", ".json"} and path.exists():
        return Candidate(name=path.stem, file=path.resolve().with_suffix(".py"))
    if beside is not None and (beside / f"{words}.json").is_file():
        return Candidate(name=words, file=(beside / f"{words}.py").resolve())
    for point in entry_points(group=PLUGIN_GROUP):
        if point.name == words:
            return Candidate(name=words, value=point.value)
    raise NotFound(code="plugin.nothing_there", where=words)


def _in_folder(folder: Path) -> Candidate:
    """Answer the plugin of a project, or of the package within one."""
    if (folder / _PROJECT).is_file():
        points = _points(folder)
        if not points:
            raise NotValid(Problem(_PROJECT, "plugin.no_entry_point", {"group": PLUGIN_GROUP}))
        if len(points) > 1:
            raise NotValid(Problem(_PROJECT, "plugin.several", {"names": ", ".join(points)}))
        return _candidate(folder, *points.items())
    if not (folder / "plugin.json").is_file():
        raise NotFound(code="plugin.nothing_there", where=str(folder))
    for above in folder.parents[:2]:
        own = [one for one in _points(above).items() if one[1].split(".")[0] == folder.name]
        if own:
            return _candidate(above, own[0])
    name = folder.name.removeprefix("loopline_")
    value = f"{folder.name}.plugin" if (folder / "plugin.py").is_file() else folder.name
    return Candidate(name=name, value=value, root=folder.parent)


def _candidate(project: Path, point: tuple[str, str]) -> Candidate:
    name, value = point
    top = value.partition(".")[0]
    root = next((one for one in (project, project / "src") if (one / top).is_dir()), project)
    return Candidate(name=name, value=value, root=root)


def _points(folder: Path) -> dict[str, str]:
    """Answer the plugins that a project names. Raises NotValid where it cannot be read."""
    file = folder / _PROJECT
    if not file.is_file():
        return {}
    try:
        read: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        return dict(read.get("project", {}).get("entry-points", {}).get(PLUGIN_GROUP, {}))
    except (ValueError, TypeError, AttributeError) as error:
        raise NotValid(Problem(_PROJECT, "metadata.syntax", {"reason": str(error)})) from None


@contextmanager
def importable(candidate: Candidate) -> Iterator[tuple[Path, str]]:
    """Answer folder and module of a candidate, to be imported from where it stands in here.

    A copy of the same package from elsewhere does not stand in for it. Raises FileNotFoundError.
    """
    if candidate.file is not None:
        yield candidate.file.parent, ""
        return
    if candidate.root is None:
        yield locate(candidate.value)
        return
    root, top = str(candidate.root), candidate.value.partition(".")[0]
    for name in [one for one in sys.modules if one.partition(".")[0] == top]:
        del sys.modules[name]
    sys.path.insert(0, root)
    invalidate_caches()
    try:
        yield locate(candidate.value)
    finally:
        sys.path.remove(root)
