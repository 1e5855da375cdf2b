"""The rich text field: formatted text as cleaned HTML."""

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import ClassVar, Final

import nh3

from loopline.expr.types import ExprType
from loopline.fields.base import Column, FieldType, Locale, StorageKind, Unreadable, Widget
from loopline.fields.cleaning import cell_text, clean_lines, json_text
from loopline.fields.definition import FieldDef

_BLOCKS: Final = "div|p|h2|h3|h4|ul|ol|blockquote|pre|hr|table"
_TAGS: Final = frozenset(
    {"div", "p", "br", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "code", "hr"}
    | {"b", "strong", "i", "em", "u", "s", "sub", "sup", "a"}
    | {"table", "thead", "tbody", "tr", "th", "td"}
)
_ATTRIBUTES: Final = {"a": {"href"}, "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
_HTML: Final = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.ASCII | re.I)
_STARTS_WITH_BLOCK: Final = re.compile(rf"<(?:{_BLOCKS})\b", re.ASCII)
_ENDS_LINE: Final = re.compile(rf"</(?:{_BLOCKS}|li|tr)>|<br>|<hr>", re.ASCII)
_ENDS_CELL: Final = re.compile(r"</t[dh]>", re.ASCII)
_MOST_PASSES: Final = 4
_TAG: Final = re.compile(r"<[^>]*>")


class RichTextType(FieldType):
    """HTML of a few harmless tags, cleaned by nh3; links open no window and pass nothing on."""

    id = "rich_text"
    expr_type = ExprType.LONG_TEXT
    settings = frozenset({"max_length"})
    operators = ("contains", "is_blank")
    longest: ClassVar[int] = 200_000

    def columns(self, definition: FieldDef) -> tuple[Column, ...]:
        """Answer the one text column."""
        return (Column("", StorageKind.TEXT),)

    def parse(self, definition: FieldDef, text: object, locale: Locale) -> object:
        """Answer the cleaned HTML of a text; text without tags becomes paragraphs.

        Raises Unreadable ``text.control``.
        """
        return _cleaned(cell_text(text))

    def from_json(self, definition: FieldDef, raw: object) -> object:
        """Answer the cleaned HTML of a JSON string, None for null or blank. Raises Unreadable."""
        return _cleaned(json_text(raw))

    def check(self, definition: FieldDef, value: object) -> Iterator[Unreadable]:
        """Yield a problem when the HTML is longer than allowed."""
        limit, length = definition.max_length or self.longest, len(str(value))
        if length > limit:
            yield Unreadable("text.too_long", limit=limit, length=length)

    def format(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer the words alone, a line for each paragraph."""
        return plain_text(str(value))

    def export(self, definition: FieldDef, value: object, locale: Locale) -> object:
        """Answer the HTML."""
        return value

    def widget(self, definition: FieldDef) -> Widget:
        """Answer an input of several lines with a toolbar."""
        return Widget(name="rich")


def plain_text(html: str) -> str:
    """Answer the words of cleaned HTML, a line for each paragraph."""
    lines = _TAG.sub("", _ENDS_LINE.sub("\n", _ENDS_CELL.sub(" ", html)))
    return clean_lines(unescape(lines))


def _cleaned(text: str) -> str | None:
    """Answer canonical HTML: it begins with a block, so that it is never taken for plain text.

    Cleaning mends broken nesting, and what it mended is cleaned again until it stays as it is.
    """
    plain = clean_lines(text)
    if not _HTML.search(plain):
        return _paragraphs(plain) if plain else None
    html = plain
    for _ in range(_MOST_PASSES):
        before, html = html, _in_block(harmless(html))
        if html == before:
            break
    else:  # nesting that no reader would understand: the words are what was meant
        html = _paragraphs(plain_text(html))
    return html if plain_text(html) or "<hr>" in html else None


def harmless(html: str) -> str:
    """Answer HTML without anything that is not allowed in it; clean HTML stays as it is."""
    cleaned = nh3.clean(
        html,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        url_schemes=set(_SCHEMES),
        link_rel="noopener noreferrer nofollow",
    )
    return clean_lines(cleaned)


def _in_block(html: str) -> str:
    return html if _STARTS_WITH_BLOCK.match(html) else f"<div>{html}</div>"


def _paragraphs(text: str) -> str:
    parts = re.split(r"\n{2,}", text)
    return "".join(f"<p>{_written(part)}</p>" for part in parts)


def _written(text: str) -> str:
    """Answer a plain text as the cleaner writes it, so that cleaning it again changes nothing."""
    return escape(text, quote=False).replace("\n", "<br>").replace("\xa0", "&nbsp;")
