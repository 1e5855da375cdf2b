"""A document as one layer wrote it: its key and its leaves.

A body is nested maps; lists are scalar leaves treated as one value. A path is always a leaf or
always a map, since every document has a schema. An empty map is kept as the leaf ``PRESENT``
under it, because an element may exist without setting anything.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

Scalar = str | int | float | bool
Leaf = Scalar | tuple[Scalar, ...] | None
Path = tuple[str, ...]
Leaves = Mapping[Path, Leaf]

PRESENT: Final = ""
"""The key of the leaf that says "this empty map exists"."""


class DocumentKey(NamedTuple):
    """Which document: its kind and id."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.id}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """One layer's contribution to a document.

    ``extend`` is true when it adds to a document of a lower layer. A leaf of None takes the lower
    layers' value away. ``unset`` lists paths where this layer gives up its own word; those of them
    that are elements are in ``retire`` too: where the word is a lower layer's, they are retired.
    ``source`` names the file, for messages.
    """

    key: DocumentKey
    leaves: Leaves
    extend: bool = False
    unset: tuple[Path, ...] = ()
    retire: tuple[Path, ...] = ()
    source: str = field(default="", compare=False)


def flatten(body: Mapping[str, object], prefix: Path = ()) -> Iterator[tuple[Path, Leaf]]:
    """Yield every leaf of a nested body with its path, in file order."""
    if not body and prefix:
        yield (*prefix, PRESENT), True
    for key, value in body.items():
        path = (*prefix, str(key))
        if isinstance(value, Mapping):
            yield from flatten(value, path)
        elif isinstance(value, list):
            yield path, tuple(value)
        else:
            yield path, value  # type: ignore[misc]


def nest(leaves: Leaves) -> dict[str, object]:
    """Answer the nested body of leaves: the inverse of :func:`flatten`."""
    body: dict[str, object] = {}
    for path, value in leaves.items():
        here = body
        for key in path[:-1]:
            here = here.setdefault(key, {})  # type: ignore[assignment]
        if path[-1] != PRESENT:
            here[path[-1]] = list(value) if isinstance(value, tuple) else value
    return body


def dotted(path: Path) -> str:
    """Answer the path as people write it: ``fields.budget.label``."""
    return ".".join(path)
