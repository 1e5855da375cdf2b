"""From loaded documents to a layer: merged or replaced, with each leaf's ``was`` filled in."""

from collections.abc import Iterable, Mapping, Sequence

from loopline.meta.document import Document, DocumentKey, Leaf, Leaves, Path
from loopline.meta.layers import Op, Ops, resolve
from loopline.meta.release import Layer, StoredDocument, in_rank_order


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
        key = document.key
        before: Ops = stored[key].ops if key in stored else {}
        ops = dict(before) | {path: Op(value) for path, value in document.leaves.items()}
        for path in document.unset:
            ops = {p: op for p, op in ops.items() if p[: len(path)] != path}
            if path in document.retire and not any(p[: len(path)] == path for p in before):
                ops[(*path, "retired")] = Op(True)
        extend = stored[key].extend if key in stored else document.extend
        stored[key] = StoredDocument.of(ops, extend=extend)
    return layer.with_documents(stored)


def settle(layers: Sequence[Layer], before: Sequence[Layer]) -> tuple[Layer, ...]:
    """Put layers in rank order and let every new leaf remember the lower value it covers.

    A leaf that its layer set already, to the same value, keeps what it remembered: only then can
    drift be seen after the layers beneath have moved.
    """
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
    lower: Leaves = {}
    shares = [(layer.name, layer.documents[key].ops) for layer in beneath if key in layer.documents]
    if shares:
        lower = resolve(shares).values
    remembered: Ops = before.ops if before is not None else {}
    own = stored.ops
    ops = {
        path: Op(op.value, _was(path, op.value, remembered, lower))
        for path, op in own.items()
        if not _retires_nothing(path, own, lower)
    }
    return StoredDocument.of(ops, extend=stored.extend)


def _retires_nothing(path: Path, own: Ops, lower: Leaves) -> bool:
    """Whether a leaf retires an element that no layer has: a second ``unset`` finds it gone."""
    if path[-1] != "retired":
        return False
    element = path[:-1]
    others = (p for leaves in (own, lower) for p in leaves if p != path)
    return not any(p[: len(element)] == element for p in others)


def _was(path: Path, value: Leaf, remembered: Ops, lower: Leaves) -> Leaf:
    known = remembered.get(path)
    if known is not None and known.value == value:
        return known.was
    return lower.get(path)
