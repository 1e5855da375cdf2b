"""The merge rule: how layers fold into one document, and what a layer's leaf remembers.

A layer is a sparse map path → Op. ``value`` is what it sets (None takes the lower value away),
``was`` is the lower value it saw when it was published, so that a later upgrade below can tell
what has moved under it. Laws are proved in tests/meta/test_layers.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from loopline.meta.document import Leaf, Leaves, Path


class Op(NamedTuple):
    """One override of one leaf: what is set, and the lower value it was set over."""

    value: Leaf
    was: Leaf = None


Ops = Mapping[Path, Op]


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


def difference(lower: Leaves, wanted: Leaves) -> dict[Path, Op]:
    """Answer the smallest layer that turns ``lower`` into ``wanted``."""
    changed = {
        path: Op(value, lower.get(path))
        for path, value in wanted.items()
        if lower.get(path) != value
    }
    gone = {path: Op(None, value) for path, value in lower.items() if path not in wanted}
    return changed | gone


def compose(first: Ops, then: Ops) -> dict[Path, Op]:
    """Answer one layer that does what ``first`` and ``then`` do one after the other."""
    return dict(first) | {
        path: Op(op.value, first[path].was if path in first else op.was)
        for path, op in then.items()
    }


def remember(lower: Leaves, leaves: Leaves) -> dict[Path, Op]:
    """Answer the ops of a layer being published: each leaf with the lower value it now covers."""
    return {path: Op(value, lower.get(path)) for path, value in leaves.items()}


Drift = Literal["redundant", "both-changed", "orphaned"]


def drift(lower: Leaves, ops: Ops) -> dict[Path, Drift]:
    """Report every leaf of a layer whose lower value is no longer the one it was set over."""
    return {
        path: _kind_of_drift(lower.get(path), op)
        for path, op in ops.items()
        if lower.get(path) != op.was
    }


def _kind_of_drift(now: Leaf, op: Op) -> Drift:
    if now == op.value:
        return "redundant"
    return "orphaned" if now is None else "both-changed"


def clashes(layers: Sequence[tuple[str, Ops]]) -> list[tuple[Path, str, str]]:
    """Answer the leaves that two peers set differently: (path, one layer, other layer)."""
    seen: dict[Path, tuple[str, Leaf]] = {}
    found = []
    for name, ops in layers:
        for path, op in ops.items():
            other = seen.setdefault(path, (name, op.value))
            if other[0] != name and other[1] != op.value:
                found.append((path, other[0], name))
    return found
