"""From loaded documents to a layer: merged or replaced, with each leaf's ``was`` filled in."""

from collections.abc import Iterable, Mapping, Sequence

from loopline.meta.document import Document, DocumentKey, Leaves, Path
from loopline.meta.layers import Op, Ops, compose, remember, without
from loopline.meta.release import Layer, StoredDocument, folded, in_rank_order


def replace_documents(layer: Layer, documents: Iterable[Document]) -> Layer:
    """Answer the layer with exactly these documents (plugins, packs)."""
    return _with(layer, documents, {})


def merge_documents(layer: Layer, documents: Iterable[Document]) -> Layer:
    """Answer the layer with these documents merged leaf by leaf; absence deletes nothing."""
    return _with(layer, documents, layer.documents)


def _with(
    layer: Layer, documents: Iterable[Document], kept: Mapping[DocumentKey, StoredDocument]
) -> Layer:
    """Write documents over what is kept; a second file on one document adds to the first."""
    stored = dict(kept)
    for document in sorted(documents, key=lambda one: one.extend):
        before = stored.get(document.key)
        ops = _written(document, before.ops if before else {})
        extend = before.extend if before else document.extend
        stored[document.key] = StoredDocument.of(ops, extend=extend)
    return layer.with_documents(stored)


def _written(document: Document, before: Ops) -> Ops:
    """Compose a document onto what the layer said, then give up what it takes back."""
    ops = compose(before, {path: Op(value) for path, value in document.leaves.items()})
    for path in document.unset:
        ops = without(ops, path)
        if path in document.retire and without(before, path) == before:
            ops[(*path, "retired")] = Op(True)
    return ops


def settle(layers: Sequence[Layer], before: Sequence[Layer]) -> tuple[Layer, ...]:
    """Put layers in rank order and let every leaf remember the lower value it covers."""
    old = {layer.name: layer for layer in before}
    ordered = in_rank_order(_in_known_order(layers, old))
    settled: list[Layer] = []
    for layer in ordered:
        known = old.get(layer.name)
        documents = {
            key: _settled(key, stored, known, settled) for key, stored in layer.documents.items()
        }
        settled.append(layer.with_documents(documents))
    return tuple(settled)


def _in_known_order(layers: Sequence[Layer], old: Mapping[str, Layer]) -> list[Layer]:
    """Let each layer keep its place among its peers; new ones come after those known."""
    places = {name: place for place, name in enumerate(old)}
    return sorted(layers, key=lambda layer: places.get(layer.name, len(places)))


def _settled(
    key: DocumentKey, stored: StoredDocument, known: Layer | None, beneath: Sequence[Layer]
) -> StoredDocument:
    before = known.documents.get(key) if known else None
    if before is not None and before.hash == stored.hash:
        return before
    lower = folded(beneath, key)
    own = stored.ops
    leaves = {path: op.value for path, op in own.items() if not _retires_nothing(path, own, lower)}
    said: Ops = before.ops if before is not None else {}
    return StoredDocument.of(remember(lower, leaves, said), extend=stored.extend)


def _retires_nothing(path: Path, own: Ops, lower: Leaves) -> bool:
    """Whether a leaf retires an element that no layer has: a second ``unset`` finds it gone."""
    if path[-1] != "retired":
        return False
    element = path[:-1]
    others = (p for leaves in (own, lower) for p in leaves if p != path)
    return not any(p[: len(element)] == element for p in others)
