"""The merge rule: how layers fold into one document, and how a layer is written.

A layer is a sparse map path → Op. ``value`` is what it sets (None takes the lower value away),
``was`` is the lower value it saw when it was published, so that a later upgrade below can tell
what has moved under it. What differs between layers is read by loopline.meta.comparison; the laws
of both are proved in tests/meta/test_layers.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from loopline.meta.document import Leaf, Leaves, Path


class Op(NamedTuple):
    """One override of one leaf: what is set, and the lower value it was set over."""

    value: Leaf
    was: Leaf = None


Ops = Mapping[Path, Op]
_NOTHING: Final[Ops] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Resolved:
    """The fold of layers: each leaf's value and the layer that owns it, in order of appearance.

    ``base_size`` is how many leaves the lowest layer gave: they carry the implicit order.
    """

    values: Leaves
    owners: Mapping[Path, str]
    base_size: int


def resolve(layers: Iterable[tuple[str, Ops]]) -> Resolved:
    """Fold layers, lowest first. A higher leaf wins; None removes."""
    values: dict[Path, Leaf] = {}
    owners: dict[Path, str] = {}
    base_size = 0
    for name, ops in layers:
        for path, op in ops.items():
            if op.value is None:
                values.pop(path, None)
                owners.pop(path, None)
            else:
                values[path] = op.value
                owners[path] = name
        base_size = base_size or len(values)
    return Resolved(values, owners, base_size)


def compose(first: Ops, then: Ops) -> dict[Path, Op]:
    """Answer one layer that does what ``first`` and ``then`` do one after the other."""
    return dict(first) | {
        path: Op(op.value, first[path].was if path in first else op.was)
        for path, op in then.items()
    }


def without(ops: Ops, element: Path) -> dict[Path, Op]:
    """Answer a layer that has given up its word on a leaf, or on everything in an element."""
    return {path: op for path, op in ops.items() if path[: len(element)] != element}


def remember(lower: Leaves, leaves: Leaves, said: Ops = _NOTHING) -> dict[Path, Op]:
    """Answer the ops of a layer being published: each leaf with the lower value it now covers.

    A leaf that was ``said`` before, to the same value, keeps the lower value it was said over: only
    then can drift be seen after the layers beneath have moved.
    """
    return {
        path: Op(value, said[path].was if _says(said, path, value) else lower.get(path))
        for path, value in leaves.items()
    }


def _says(ops: Ops, path: Path, value: Leaf) -> bool:
    return path in ops and ops[path].value == value
