"""The general table of words for columns, read from synonyms.yaml beside this file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from loopline.services.mapping.heading import heading_key

TITLE = "@title"


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Words that mean the first field with one of ``ids``, else the only one of ``types``."""

    ids: tuple[str, ...]
    types: tuple[str, ...]
    keys: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Synonyms:
    """The table, by comparison key: groups of words, reserved columns, lookups behind a link."""

    groups: tuple[Group, ...]
    reserved: Mapping[str, str]
    lookups: Mapping[str, str]


@lru_cache(maxsize=1)
def synonyms() -> Synonyms:
    """Answer the table that comes with the product."""
    text = (Path(__file__).parent / "synonyms.yaml").read_text(encoding="utf-8")
    body = YAML(typ="safe").load(text)
    return Synonyms(
        groups=tuple(
            Group(
                ids=tuple(group["ids"]),
                types=tuple(group.get("types", ())),
                keys=frozenset(heading_key(word).full for word in group["words"]),
            )
            for group in body["groups"].values()
        ),
        reserved=_by_key(body["reserved"]),
        lookups=_by_key(body["lookups"]),
    )


def _by_key(words: Mapping[str, list[str]]) -> dict[str, str]:
    return {heading_key(word).full: target for target, texts in words.items() for word in texts}
