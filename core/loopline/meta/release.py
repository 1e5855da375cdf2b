"""What a release holds: every layer whole, each document named by the hash of its content."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Final, Literal

import orjson

from loopline.meta.document import Document, DocumentKey, Leaves, Path, flatten, nest
from loopline.meta.layers import Op, Ops, resolve

LayerKind = Literal["kernel", "plugin", "pack", "site"]
RANKS: Final[Mapping[LayerKind, int]] = {"kernel": 0, "plugin": 1, "pack": 2, "site": 3}
KERNEL: Final = "kernel"
SITE: Final = "site"


class StoredDocument:
    """One layer's share of a document as a release keeps it: text, hash, and ops read on demand."""

    def __init__(self, text: bytes, digest: str | None = None) -> None:
        self.text = text
        self.hash = digest or hashlib.sha256(text).hexdigest()

    @classmethod
    def of(cls, ops: Ops, *, extend: bool) -> "StoredDocument":
        """Store ops: the nested body, and beside it the lower values they were set over.

        Both are in the order in which the nested body is read again, so that the same ops have the
        same hash however they came together.
        """
        body = nest({path: op.value for path, op in ops.items()})
        read = [path for path, _ in flatten(body) if path in ops]
        was = {path: ops[path].was for path in read if ops[path].was is not None}
        return cls(orjson.dumps({"extend": extend, "body": body, "was": nest(was)}))

    @cached_property
    def _content(self) -> Mapping[str, Any]:
        content: Mapping[str, Any] = orjson.loads(self.text)
        return content

    @property
    def extend(self) -> bool:
        """Whether it adds to a document that a lower layer declares."""
        return bool(self._content["extend"])

    @property
    def body(self) -> Mapping[str, Any]:
        """The nested body, for exports and the API."""
        return self._content["body"]  # type: ignore[no-any-return]

    @property
    def ops(self) -> dict[Path, Op]:
        """The leaves with what they were set over; computed anew, the fold is what is kept."""
        was = dict(flatten(self._content["was"]))
        return {path: Op(value, was.get(path)) for path, value in flatten(self.body)}


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One voice in the fold: the kernel, a plugin, a pack, or the site.

    ``about`` is what a pack's ``pack.yaml`` says besides: title, requires, demo. The layer of a
    plugin that is not ``enabled`` stays readable and does nothing.
    """

    name: str
    kind: LayerKind
    version: str = ""
    about: Mapping[str, object] = field(default_factory=dict)
    documents: Mapping[DocumentKey, StoredDocument] = field(default_factory=dict)
    enabled: bool = True

    def with_documents(self, documents: Mapping[DocumentKey, StoredDocument]) -> "Layer":
        """Answer this layer with other documents."""
        return replace(self, documents=documents)

    def as_documents(self) -> list[Document]:
        """Answer its documents as they would be loaded from files."""
        return [
            Document(
                key=key,
                leaves={path: op.value for path, op in stored.ops.items()},
                extend=stored.extend,
                source=self.name,
            )
            for key, stored in self.documents.items()
        ]


@dataclass(frozen=True, kw_only=True)
class Release:
    """A published state of all metadata. ``layers`` stand in rank order, lowest first."""

    revision: int
    layers: tuple[Layer, ...]
    published_at: datetime | None = None
    published_by: int | None = None
    note: str = ""

    def layer(self, name: str) -> Layer | None:
        """Answer the layer of that name, if the release has it."""
        return next((layer for layer in self.layers if layer.name == name), None)

    @property
    def plugins(self) -> tuple[str, ...]:
        """The names of the plugins that are enabled in the release."""
        return tuple(one.name for one in self.layers if one.kind == "plugin" and one.enabled)

    @property
    def disabled(self) -> frozenset[str]:
        """The names of the plugins whose metadata is kept and does nothing."""
        return frozenset(one.name for one in self.layers if not one.enabled)


def in_rank_order(layers: list[Layer]) -> tuple[Layer, ...]:
    """Sort layers by rank; within a rank the given order (plugins by dependency) stays."""
    return tuple(sorted(layers, key=lambda layer: RANKS[layer.kind]))


def folded(layers: Iterable[Layer], key: DocumentKey) -> Leaves:
    """Answer what layers, lowest first, say of a document together; empty if none speaks."""
    shares = ((one.name, one.documents[key].ops) for one in layers if key in one.documents)
    return resolve(shares).values
