"""Headings compared as people mean them: without stars, units, separators or letter case."""

import re
from dataclasses import dataclass
from typing import Final
from unicodedata import normalize

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_CUSTOM: Final = re.compile(r"__[cr]\b", re.IGNORECASE)  # custom names of Salesforce end so
_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|\{[^{}]*\}")
_MARKS: Final = re.compile(r"[*＊★☆#!?:;,，。、'\"“”‘’\s_\-–—./\\|&]+")
_NOTES: Final = re.compile(r"(必填|选填|可选|必须|required|optional|mandatory)(项)?$")
_PATH: Final = re.compile(r"\s*(?:->|[./:>→])\s*")


@dataclass(frozen=True, slots=True)
class HeadingKey:
    """The two forms in which a heading is compared.

    ``full`` keeps what stands in brackets and a percent sign, ``bare`` drops it: two fields may
    differ by their unit alone, and then the full form tells them apart.
    """

    full: str
    bare: str


def heading_key(text: str) -> HeadingKey:
    """Answer the comparison forms of a heading, a label or a field id."""
    plain = _CAMEL.sub(" ", _CUSTOM.sub("", normalize("NFKC", text)))
    full = _squeeze(plain)
    bare = _squeeze(_BRACKETS.sub(" ", plain)).rstrip("%")
    return HeadingKey(full, bare or full)


def _squeeze(text: str) -> str:
    words = _MARKS.sub("", text.casefold())
    return _NOTES.sub("", re.sub(r"[()\[\]【】〔〕{}]", "", words)) or words


def split_path(heading: str) -> tuple[str, str] | None:
    """Answer (link, field of its target) for ``a.b``, ``a/b``, ``a:b`` or ``a -> b``, else None."""
    parts = _PATH.split(heading.strip(), maxsplit=1)
    return (parts[0], parts[1]) if len(parts) == 2 and all(parts) else None
