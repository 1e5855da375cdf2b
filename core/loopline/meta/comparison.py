"""What differs: two bodies, a layer and what lies beneath it by now, two peers."""

from collections.abc import Iterable, Iterator
from typing import Literal

from loopline.meta.document import Leaf, Leaves, Path
from loopline.meta.layers import Op, Ops

Drift = Literal["redundant", "both-changed", "orphaned"]


def difference(lower: Leaves, wanted: Leaves) -> dict[Path, Op]:
    """Answer the smallest layer that turns ``lower`` into ``wanted``: what a plan shows."""
    changed = {
        path: Op(value, lower.get(path))
        for path, value in wanted.items()
        if lower.get(path) != value
    }
    gone = {path: Op(None, value) for path, value in lower.items() if path not in wanted}
    return changed | gone


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


def clashes(layers: Iterable[tuple[str, Ops]]) -> Iterator[tuple[Path, str, str]]:
    """Yield every two peers that set a leaf differently: (path, earlier layer, later layer)."""
    seen: dict[Path, list[tuple[str, Leaf]]] = {}
    for name, ops in layers:
        for path, op in ops.items():
            setters = seen.setdefault(path, [])
            yield from ((path, other, name) for other, value in setters if value != op.value)
            setters.append((name, op.value))
