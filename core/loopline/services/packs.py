"""Writing a layer out as a pack: one readable file a document, which applies back to nothing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq

from loopline.errors import Conflict, Forbidden, NotFound
from loopline.meta.document import DocumentKey
from loopline.meta.release import Layer, Release, StoredDocument

_HEAD: Final = "pack.yaml"
_FORMAT: Final = 1


def export_layer(release: Release, name: str, folder: Path) -> int:
    """Write the layer of a pack or the site to a folder; answer how many documents it has.

    An earlier export in the folder is replaced: documents that are gone lose their files. Words of
    its ``pack.yaml`` stay where the layer has none of its own (the site's title). Raises NotFound,
    Forbidden for a layer that comes from files, Conflict when the folder holds something else.
    """
    layer = release.layer(name)
    if layer is None:
        raise NotFound(code="metadata.no_layer", layer=name)
    if layer.kind not in {"pack", "site"}:
        raise Forbidden(code="metadata.layer_from_files", layer=name)
    head = _read_head(folder, name)
    _remove_documents(folder)
    _write(folder / _HEAD, {"id": name, **(_plain(layer.about) or head), **_head(layer)})
    for key, stored in layer.documents.items():
        _write(folder / key.kind / f"{key.id}.yaml", _document(key, stored))
    return len(layer.documents)


def _head(layer: Layer) -> Mapping[str, object]:
    kind = "site" if layer.kind == "site" else "pack"
    return {"id": layer.name, "version": layer.version or "0", "layer": kind}


def _read_head(folder: Path, name: str) -> Mapping[str, object]:
    """Answer the manifest of an earlier export, or a first one for an empty folder."""
    if not folder.exists() or not any(folder.iterdir()):
        return {"id": name, "title": name}
    head = _yaml().load(folder / _HEAD) if (folder / _HEAD).is_file() else {}
    if not isinstance(head, Mapping) or head.get("id") != name:
        raise Conflict(code="pack.folder_in_use", folder=str(folder), pack=name)
    return head


def _remove_documents(folder: Path) -> None:
    """Remove what an export writes, and nothing else."""
    for file in folder.glob("*/*.yaml"):
        file.unlink()


def _document(key: DocumentKey, stored: StoredDocument) -> Mapping[str, object]:
    extend = {"extend": True} if stored.extend else {}
    return {"kind": key.kind, "id": key.id, "format": _FORMAT, **extend, **_plain(stored.body)}


def _plain(body: Mapping[str, object]) -> dict[str, object]:
    """Answer the body with its lists on one line each."""
    found: dict[str, object] = {}
    for key, value in body.items():
        if isinstance(value, Mapping):
            found[key] = _plain(value)
        elif isinstance(value, list):
            found[key] = CommentedSeq(value)
            found[key].fa.set_flow_style()  # type: ignore[attr-defined]
        else:
            found[key] = value
    return found


def _write(file: Path, content: Mapping[str, object]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        _yaml().dump(dict(content), stream)


def _yaml() -> YAML:
    yaml = YAML()
    yaml.width = 100
    yaml.allow_unicode = True
    return yaml
