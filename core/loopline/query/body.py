"""Parts of a JSON document read by type, each problem kept with its place."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Final, TypeVar

from loopline.errors import Problem
from loopline.language import LANGUAGES, Label

_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,40}", re.ASCII)
_LONGEST: Final = 10_000
_MOST_STRANGE: Final = 20
_SHOWN: Final = 60
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Body:
    """A map of a document at ``path``. What is wrong with it is added to ``problems``."""

    raw: Mapping[str, object]
    path: str
    problems: list[Problem]

    def amiss(self, key: str, code: str, **params: object) -> None:
        """Note a problem at a key."""
        path = ".".join(part for part in (self.path, key) if part)
        self.problems.append(Problem(path, code, params))

    def only(self, *known: str) -> None:
        """Note the keys that are not known, the first of very many."""
        strange = (key for key in self.raw if key not in known)
        for key in islice(strange, _MOST_STRANGE):
            self.amiss(key[:_SHOWN], "query.unknown_key", known=", ".join(known))

    def text(self, key: str, *, required: bool = False) -> str:
        """Answer a text, empty where there is none."""
        found = self.raw.get(key)
        if found is None:
            if required:
                self.amiss(key, "query.missing")
            return ""
        if isinstance(found, str) and len(found) <= _LONGEST:
            if required and not found.strip():
                self.amiss(key, "query.missing")
            return found
        self.amiss(key, "query.needs_text")
        return ""

    def flag(self, key: str) -> bool:
        """Answer whether something is wanted; not where nothing is said."""
        found = self.raw.get(key, False)
        if isinstance(found, bool):
            return found
        self.amiss(key, "query.needs_flag")
        return False

    def whole(self, key: str, most: int) -> int | None:
        """Answer a whole number from 1 to ``most``, None where there is none."""
        found = self.raw.get(key)
        if found is None:
            return None
        if type(found) is int and 1 <= found <= most:
            return found
        self.amiss(key, "query.limit", most=most)
        return None

    def one_of(self, key: str, choices: type[E]) -> E | None:
        """Answer one of some words, None where there is none."""
        found = self.text(key)
        if not found:
            return None
        if found in frozenset(choices):
            return choices(found)
        self.amiss(key, "query.choice", found=found[:_SHOWN], choices=", ".join(choices))
        return None

    def below(self, key: str) -> "Body":
        """Answer the map under a key, an empty one where there is none."""
        found, path = self.raw.get(key), ".".join(part for part in (self.path, key) if part)
        if found is not None and not isinstance(found, dict):
            self.problems.append(Problem(path, "query.needs_map"))
        return Body(found if isinstance(found, dict) else {}, path, self.problems)

    def elements(self, key: str, most: int) -> Iterator[tuple[str, "Body"]]:
        """Yield the maps of a collection with their ids, by ``pos`` and then as written."""
        below = self.below(key)
        if len(below.raw) > most:
            self.amiss(key, "query.too_many", most=most)
            return
        found = [(name, below.below(name)) for name in below.raw]
        for name, body in sorted(found, key=lambda one: one[1].pos):
            if not _ID.fullmatch(name):
                below.amiss(name, "query.id")
            yield name, body

    @property
    def pos(self) -> float:
        """Where a map stands among others."""
        found = self.raw.get("pos", 0)
        if isinstance(found, int | float) and not isinstance(found, bool):
            return found
        self.amiss("pos", "query.needs_number")
        return 0

    def label(self, key: str = "label") -> Label:
        """Answer a label: texts by language, or one for all of them."""
        found = self.raw.get(key)
        if isinstance(found, str):
            return Label(dict.fromkeys(LANGUAGES, found))
        texts = self.below(key).raw
        if all(isinstance(text, str) for text in texts.values()):
            return Label({language: str(text) for language, text in texts.items()})
        self.amiss(key, "query.needs_text")
        return Label({})

    def names(self, key: str) -> tuple[str, ...]:
        """Answer names: a list of texts, or one text with commas."""
        found = self.raw.get(key)
        if isinstance(found, str):
            return tuple(name.strip() for name in found.split(",") if name.strip())
        if found is None:
            return ()
        if isinstance(found, Sequence) and all(isinstance(one, str) for one in found):
            return tuple(found)
        self.amiss(key, "query.needs_names")
        return ()
