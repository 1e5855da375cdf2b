"""Reading a resolved document: the one place where nested maps become typed values.

Order of elements is by (pos, layer, file index). An element of the declaring layer without a
``pos`` leaf stands at its file index (1, 2, 3 …), so that a higher layer can put one between two
others with ``pos: 2.5``; elements added above without ``pos`` come last, in layer order.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from math import inf
from typing import Any, TypeVar

from loopline.language import Label, readable
from loopline.meta.document import PRESENT, Path
from loopline.meta.layers import Resolved

T = TypeVar("T")


class Body:
    """A map of a resolved document."""

    __slots__ = ("_content", "_implicit", "path")

    def __init__(
        self,
        content: Mapping[str, Any],
        implicit: Mapping[Path, float],
        path: Path = (),
    ) -> None:
        self._content = content
        self._implicit = implicit
        self.path = path

    @classmethod
    def of(cls, resolved: Resolved) -> "Body":
        """Read a resolved document."""
        content: dict[str, Any] = {}
        implicit: dict[Path, float] = {}
        for index, (path, value) in enumerate(resolved.values.items()):
            here = content
            for depth, key in enumerate(path[:-1], start=1):
                if key not in here:
                    inside_base = index < resolved.base_size
                    implicit[path[:depth]] = len(here) + 1.0 if inside_base else inf
                    here[key] = {}
                here = here[key]
            if path[-1] != PRESENT:
                here[path[-1]] = value
        return cls(content, implicit)

    def __contains__(self, key: str) -> bool:
        return key in self._content

    def text(self, key: str, default: str = "") -> str:
        """Answer a text leaf."""
        return str(self._content.get(key, default))

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Answer a yes/no leaf."""
        return bool(self._content.get(key, default))

    def number(self, key: str) -> Decimal | None:
        """Answer a number leaf exactly as written."""
        value = self._content.get(key)
        return None if value is None else Decimal(str(value))

    def integer(self, key: str, default: int) -> int:
        """Answer a whole-number leaf."""
        return int(self._content.get(key, default))

    def size(self, key: str) -> int | None:
        """Answer a whole-number leaf that may be absent."""
        value = self._content.get(key)
        return None if value is None else int(value)

    def value(self, key: str) -> object:
        """Answer a leaf as it is: a scalar, a tuple of scalars, or None."""
        return self._content.get(key)

    def texts(self, key: str) -> tuple[str, ...]:
        """Answer a list leaf of texts."""
        return tuple(map(str, self._content.get(key, ())))

    def label(self, key: str) -> Label:
        """Answer a text in several languages."""
        return Label(self._content.get(key, {}))

    def named(self, name: str) -> Label:
        """Answer the label, or the id in readable form where there is none."""
        return self.label("label") or readable(name)

    def map(self, key: str) -> "Body":
        """Answer the map under ``key``, empty if there is none."""
        return Body(self._content.get(key, {}), self._implicit, (*self.path, key))

    def raw(self, key: str) -> Mapping[str, Any]:
        """Answer the nested map under ``key`` as it stands (seed rows, translations)."""
        return self._content.get(key, {})  # type: ignore[no-any-return]

    def elements(self, key: str, *, retired: bool = False) -> Iterator[tuple[str, "Body"]]:
        """Yield the elements of a collection in order; retired ones only when asked for."""
        collection = self.map(key)
        found = [(element, collection.map(element)) for element in collection._content]
        found.sort(key=_position)
        for element, body in found:
            if retired or not body.flag("retired"):
                yield element, body

    def build(self, key: str, make: Callable[[str, "Body"], T]) -> dict[str, T]:
        """Answer the elements of a collection as typed values keyed by id, in order."""
        return {element: make(element, body) for element, body in self.elements(key)}

    @property
    def pos(self) -> float:
        """Where this element stands among its sisters."""
        return float(self._content.get("pos", self._implicit.get(self.path, inf)))


def _position(element: tuple[str, Body]) -> float:
    return element[1].pos
