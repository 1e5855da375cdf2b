"""Read a YAML map key by key, collecting each mistake with the line it stands in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from loopline.errors import Problem


@dataclass(frozen=True, slots=True)
class Place:
    """A map in the file, or one key of it, with its dotted path and 1-based line."""

    body: CommentedMap = field(default_factory=CommentedMap)
    path: str = ""
    line: int = 1

    def at(self, key: object) -> "Place":
        """Answer the place of one key of this map."""
        path = f"{self.path}.{key}" if self.path else str(key)
        value = self.body.get(key)
        line = self.body.lc.key(key)[0] + 1 if key in self.body else self.line
        return Place(value if isinstance(value, CommentedMap) else CommentedMap(), path, line)


@dataclass(slots=True)
class Reader:
    """Reads the file called ``name``; ``problems`` grows with every mistake."""

    name: str
    problems: list[Problem] = field(default_factory=list)

    def complain(self, place: Place, code: str, **told: object) -> None:
        """Note a mistake."""
        where = f"{self.name}:{place.line} {place.path}".rstrip()
        told = {"line": place.line, "key": place.path, **told}
        self.problems.append(Problem(where, code, told))

    def refuse_unknown(self, place: Place, known: tuple[str, ...]) -> None:
        """Note every key that is not in ``known``."""
        for key in place.body:
            if key not in known:
                self.complain(place.at(key), "mapping.unknown_key", known=", ".join(known))

    def text(self, place: Place, key: str, *, required: bool = False) -> str:
        """Answer a text; empty when it is absent and not required."""
        value = place.body.get(key)
        if isinstance(value, str) and value.strip():
            return str(value)
        if required or value is not None:
            self.complain(place.at(key), "mapping.text_expected")
        return ""

    def integer(self, place: Place, key: str, default: int | None) -> int | None:
        """Answer a whole number, or the default when absent."""
        value = place.body.get(key, default)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return None if value is None else int(value)
        self.complain(place.at(key), "mapping.integer_expected")
        return default

    def one_of(self, place: Place, key: str, allowed: tuple[str, ...]) -> str:
        """Answer one of the allowed words; the first is the default."""
        value = place.body.get(key, allowed[0])
        if value in allowed:
            return str(value)
        self.complain(place.at(key), "mapping.one_of", allowed=", ".join(allowed), found=value)
        return allowed[0]

    def texts(self, place: Place, key: str) -> tuple[str, ...]:
        """Answer a list of texts; numbers count as the text they are written as."""
        value = place.body.get(key)
        if value is None:
            return ()
        if not isinstance(value, CommentedSeq) or not all(_is_scalar(item) for item in value):
            self.complain(place.at(key), "mapping.list_expected")
            return ()
        return tuple(_plain_text(item) for item in value)

    def scalars(self, place: Place, key: str) -> Mapping[str, object]:
        """Answer a map from text to single values."""
        value = place.body.get(key)
        if value is None:
            return {}
        if not isinstance(value, CommentedMap):
            self.complain(place.at(key), "mapping.map_expected")
            return {}
        inner = place.at(key)
        for name, item in value.items():
            if not _is_scalar(item):
                self.complain(inner.at(name), "mapping.single_value_expected")
        return {_plain_text(name): _plain(item) for name, item in value.items()}

    def maps(self, place: Place, key: str) -> Iterator[tuple[object, Place]]:
        """Yield the entries of a map whose values must be maps themselves."""
        value = place.body.get(key)
        if value is not None and not isinstance(value, CommentedMap):
            self.complain(place.at(key), "mapping.map_expected")
            return
        inner = place.at(key)
        for name, item in (value or {}).items():
            if isinstance(item, CommentedMap):
                yield name, inner.at(name)
            else:
                self.complain(inner.at(name), "mapping.map_expected")


def _is_scalar(value: object) -> bool:
    return value is None or isinstance(value, str | int | float | bool | date | Decimal)


def _plain(value: object) -> object:
    """Answer the value without the reader's wrappers; fractions exactly as written."""
    if value is None or isinstance(value, bool | date):
        return value
    if isinstance(value, int):
        return int(value)
    return Decimal(str(value)) if isinstance(value, float) else str(value)


def _plain_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
