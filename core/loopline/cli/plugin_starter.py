"""A new plugin: a small distribution that works, is tested, and is meant to be changed."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final

from loopline.errors import Conflict, NotValid, Problem
from loopline.hooks.manager import Plugins
from loopline.hooks.manifest import discover
from loopline.meta.document import DocumentKey
from loopline.meta.release import KERNEL, SITE, Layer
from loopline.meta.schemas import Schemas
from loopline.services.sources import kernel_layer, plugin_layers

_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,40}")
_STARTER: Final = Path(__file__).parent / "starter"


@dataclass(frozen=True, kw_only=True, slots=True)
class Starter:
    """What a new plugin begins with: a field on an entity, or an entity of its own if blank."""

    name: str
    entity: str = ""


def write_plugin(starter: Starter, beside: Path, language: str) -> list[Path]:
    """Write a plugin into a new folder ``loopline-NAME``; answer its files.

    Raises NotValid for a name that is none or taken or an unknown entity, Conflict where the folder
    exists.
    """
    if not _ID.fullmatch(starter.name):
        params = {"value": starter.name, "pattern": _ID.pattern}
        raise NotValid(Problem("NAME", "metadata.pattern", params))
    words = _words(starter, _shares(language))
    project = beside / f"loopline-{starter.name}"
    if project.exists():
        raise Conflict(Problem(str(project), "plugin.new_folder", {"folder": str(project)}))
    package = project / f"loopline_{starter.name}"
    kind = "field" if starter.entity else "own"
    wanted = {
        project / "pyproject.toml": "pyproject.toml.txt",
        package / "__init__.py": "init.py.txt",
        package / "plugin.json": "plugin.json.txt",
        package / "plugin.py": "plugin.py.txt",
        package / "README.md": "README.md.txt",
        package / "documents" / f"{words['entity']}.yaml": f"{kind}.yaml.txt",
        project / "tests" / f"test_{starter.name}_plugin.py": f"test_{kind}.py.txt",
    }
    for file, source in wanted.items():
        text = Template((_STARTER / source).read_text(encoding="utf-8")).substitute(words)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return list(wanted)


def _shares(language: str) -> list[Layer]:
    """Answer the layers of what is installed, the lowest first."""
    kernel = Schemas()
    plugins = Plugins(discover(kernel), language)
    schemas = plugins.schemas(kernel)
    shares = plugin_layers(plugins, plugins.manifests, schemas, language)
    return [kernel_layer(schemas, language), *shares]


def _words(starter: Starter, shares: list[Layer]) -> Mapping[str, str]:
    """Answer what fills the templates. Raises NotValid."""
    name, entity = starter.name, starter.entity or starter.name
    if name in {SITE, *(one.name for one in shares)}:
        raise NotValid(Problem("NAME", "plugin.new_taken", {"plugin": name}))
    owner = _declaring(entity, shares)
    if starter.entity and owner is None:
        raise NotValid(Problem("--entity", "plugin.unknown_entity", {"entity": entity}))
    if not starter.entity and owner is not None:
        raise NotValid(Problem("NAME", "plugin.new_entity", {"entity": name}))
    title = name.replace("_", " ").capitalize()
    below = owner is not None and owner != KERNEL
    return {
        "name": name,
        "title": title,
        "entity": entity,
        "day": f"{name}__day" if starter.entity else "day",
        "depends_on": json.dumps(owner) if below else "",
        "what": f"a day on each {entity}." if starter.entity else f"an entity, {entity}.",
    }


def _declaring(entity: str, shares: list[Layer]) -> str | None:
    """Answer whose layer declares an entity, None where there is no such entity."""
    key = DocumentKey("entity", entity)
    for one in shares:
        if key in one.documents and not one.documents[key].extend:
            return one.name
    return None
