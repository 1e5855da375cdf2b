"""Layers as they stand on disk: the kernel's, the plugins', and packs."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from loopline import __version__
from loopline.errors import NotFound, NotValid, Problem, refuse_if
from loopline.hooks.declarations import Document as GivenDocument
from loopline.hooks.declare import DocumentFolder
from loopline.hooks.manager import Plugins
from loopline.hooks.manifest import Manifest, find_pack
from loopline.language import Label
from loopline.meta import kernel as kernel_documents
from loopline.meta.document import Document
from loopline.meta.load import Loaded, load_body, load_folder
from loopline.meta.release import KERNEL, SITE, Layer
from loopline.meta.schemas import Schemas
from loopline.meta.settle import replace_documents
from loopline.services.people import STAFF
from loopline.services.requirements import unreadable_ranges

_OWN_KEYS: Final = frozenset({"id", "version", "layer", "$schema"})
"""Keys of ``pack.yaml`` that a layer has places for, or that say nothing of the pack."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack folder as read: its manifest's words and its documents.

    ``about`` is what the manifest says besides: title, requires, demo.
    """

    id: str
    version: str
    is_site: bool
    about: Mapping[str, object]
    documents: tuple[Document, ...]
    folder: Path


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody of the demo who may sign in."""

    role: str
    email: str
    administrator: bool
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoFile:
    """A file the demo generates (``build`` is module:function) and imports."""

    entity: str
    name: str
    build: str


@dataclass(frozen=True, slots=True)
class Demo:
    """What a pack says of its demo.

    ``packs`` are folders with what the company of the demo set up for itself; ``holders`` are
    further people and the roles they hold, by e-mail; ``chronicle`` (module:function) yields what
    the company went through.
    """

    site: Label
    logins: tuple[Login, ...]
    files: tuple[DemoFile, ...]
    packs: tuple[str, ...] = ()
    holders: tuple[tuple[str, tuple[str, ...]], ...] = ()
    chronicle: str = ""


def kernel_layer(schemas: Schemas, language: str) -> Layer:
    """Answer the kernel's own layer."""
    folder = Path(next(iter(kernel_documents.__path__)))
    loaded = load_folder(folder, schemas, language)
    refuse_if(loaded.problems)
    empty = Layer(name=KERNEL, kind="kernel", version=__version__)
    return replace_documents(empty, loaded.documents)


def plugin_layers(
    plugins: Plugins, enabled: Iterable[str], schemas: Schemas, language: str
) -> list[Layer]:
    """Answer the layers of enabled plugins by dependency; broken ones are noted and left out."""
    wanted = frozenset(enabled)
    layers = []
    for manifest, given in plugins.documents(language, wanted):
        loaded = given_documents(given, schemas, language)
        if loaded.problems:
            plugins.failures[manifest.id] = "\n".join(map(str, loaded.problems))
            continue
        layers.append(plugin_layer(manifest, loaded.documents, wanted))
    return layers


def plugin_layer(
    manifest: Manifest, documents: Iterable[Document], enabled: frozenset[str]
) -> Layer:
    """Answer a plugin's layer: of its documents those that count beside the enabled plugins."""
    empty = Layer(name=manifest.id, kind="plugin", version=manifest.version)
    return replace_documents(empty, (one for one in documents if _applies(one, enabled)))


def given_documents(
    given: Iterable[DocumentFolder | GivenDocument], schemas: Schemas, language: str
) -> Loaded:
    """Read what a plugin gives: all of its documents, and what is wrong with others."""
    loaded = Loaded()
    for one in given:
        found = _load(one, schemas, language)
        loaded.documents += found.documents
        loaded.problems += found.problems
    return loaded


def _load(given: DocumentFolder | GivenDocument, schemas: Schemas, language: str) -> Loaded:
    if isinstance(given, DocumentFolder):
        return load_folder(given.path, schemas, language)
    body = {"format": 1, **given.body, "kind": given.kind, "id": given.id}
    name = f"{given.kind}/{given.id}"
    found = load_body(body, name, schemas, language)
    found.problems = [
        Problem(f"{name} {one.path}".rstrip(), one.code, one.params) for one in found.problems
    ]
    return found


def _applies(document: Document, enabled: frozenset[str]) -> bool:
    """Whether a document counts: those in ``with_<plugin>/`` only if that plugin is enabled."""
    needed = {
        part.removeprefix("with_")
        for part in Path(document.source).parts[:-1]
        if part.startswith("with_")
    }
    return needed <= enabled


def read_pack(name: str, schemas: Schemas, language: str) -> Pack:
    """Read a pack by name or folder. Raises NotFound, NotValid naming every problem."""
    folder = Path(name)
    if not (folder / "pack.yaml").is_file():
        try:
            folder = find_pack(name)
        except FileNotFoundError:
            raise NotFound(code="pack.not_found", pack=name) from None
    loaded = load_folder(folder, schemas, language)
    try:
        head = _read_head(folder / "pack.yaml", schemas)
    except NotValid as error:
        raise NotValid(*error.problems, *loaded.problems) from None
    refuse_if(loaded.problems)
    return Pack(
        id=head["id"],
        version=head["version"],
        is_site=head["layer"] == SITE,
        about={key: value for key, value in head.items() if key not in _OWN_KEYS},
        documents=tuple(loaded.documents),
        folder=folder,
    )


def pack_layer(pack: Pack) -> Layer:
    """Answer the layer of a vertical pack."""
    empty = Layer(name=pack.id, kind="pack", version=pack.version, about=pack.about)
    return replace_documents(empty, pack.documents)


def read_demo(name: str, schemas: Schemas) -> Demo:
    """Answer what an installed pack says of its demo. Raises NotFound."""
    try:
        folder = find_pack(name)
    except FileNotFoundError:
        raise NotFound(code="pack.no_demo", pack=name) from None
    head = _read_head(folder / "pack.yaml", schemas)
    if "demo" not in head:
        raise NotFound(code="pack.no_demo", pack=name)
    said = head["demo"]
    holders: dict[str, tuple[str, ...]] = {}
    for role, emails in said.get("roles", {}).items():
        for email in emails:
            holders[email] = (*holders.get(email, ()), role)
    return Demo(
        site=Label(said["site"] if isinstance(said["site"], dict) else {"en": said["site"]}),
        logins=tuple(
            Login(
                role,
                one["email"],
                administrator=one.get("administrator", False),
                roles=tuple(one.get("roles", (STAFF,))),
            )
            for role, one in said["logins"].items()
        ),
        files=tuple(
            DemoFile(one["entity"], one["file"], one["build"])
            for one in said.get("imports", {}).values()
        ),
        packs=tuple(str(folder.parent / one) for one in said.get("packs", ())),
        holders=tuple(holders.items()),
        chronicle=said.get("chronicle", ""),
    )


def _read_head(file: Path, schemas: Schemas) -> dict[str, Any]:
    try:
        head = YAML(typ="safe").load(file.read_text("utf-8"))
    except (OSError, YAMLError, UnicodeDecodeError) as error:
        raise NotValid(
            Problem(file.name, "metadata.syntax", {"reason": str(error)[:200]})
        ) from None
    plain = json.loads(json.dumps(head, default=str))
    found = schemas.problems("pack", plain, partial=False)
    refuse_if(Problem(f"{file.name} {p.path}".rstrip(), p.code, p.params) for _, p in found)
    refuse_if(unreadable_ranges(plain))
    return dict(plain)
