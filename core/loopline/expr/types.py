"""The types an expression can have."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from loopline.language import Label

MAX_DIGITS: Final = 18
"""Digits of an exact number, decimals included."""
MAX_EXPONENT: Final = 150
"""How far a double may lie from 1, as a power of ten; databases refuse what leaves 308."""


class ExprType(StrEnum):
    """What a value is to an expression; field types map to one of these."""

    TEXT = "text"  # short text, compared by its folded key
    LONG_TEXT = "long_text"  # is_blank, contains, length, lower, concat
    CODE = "code"  # choice codes and other exact texts
    NUMBER = "number"  # Decimal or int
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    LINK = "link"  # id of a record; may be followed
    SET = "set"  # several codes; `in` and is_blank
    OPAQUE = "opaque"  # only is_blank


TEXTS: Final = frozenset({ExprType.TEXT, ExprType.LONG_TEXT, ExprType.CODE})


@dataclass(frozen=True, slots=True)
class ValueType:
    """What is known of a value before any record is seen.

    ``scale`` counts the decimals of an exact number; a double (``exact`` false) has none, and
    ``low`` and ``high`` bound, as powers of ten, how small and great it can be when it is not 0.
    ``to`` is the entity that a link points to, where that is known.
    """

    kind: ExprType
    scale: int = 0
    exact: bool = True
    low: int = 0
    high: int = 0
    to: str = ""

    @property
    def number(self) -> bool:
        """Answer whether this is a number."""
        return self.kind is ExprType.NUMBER

    @property
    def bounds(self) -> tuple[int, int]:
        """Answer the powers of ten between which a number lies that is not 0."""
        return (self.low, self.high) if not self.exact else (-self.scale, 19 - self.scale)


def exact(scale: int) -> ValueType:
    """Answer the type of exact numbers with so many decimals."""
    return ValueType(ExprType.NUMBER, scale)


def double(low: int, high: int) -> ValueType:
    """Answer the type of doubles between two powers of ten."""
    return ValueType(ExprType.NUMBER, exact=False, low=low, high=high)


KIND_LABELS: Final[Mapping[ExprType, Label]] = {
    ExprType.TEXT: Label({"zh": "文本", "en": "a text"}),
    ExprType.LONG_TEXT: Label({"zh": "长文本", "en": "a long text"}),
    ExprType.CODE: Label({"zh": "选项代码", "en": "a code"}),
    ExprType.NUMBER: Label({"zh": "数字", "en": "a number"}),
    ExprType.BOOLEAN: Label({"zh": "是/否", "en": "yes or no"}),
    ExprType.DATE: Label({"zh": "日期", "en": "a date"}),
    ExprType.DATETIME: Label({"zh": "日期时间", "en": "a date-time"}),
    ExprType.LINK: Label({"zh": "关联记录", "en": "a record"}),
    ExprType.SET: Label({"zh": "多个选项", "en": "several choices"}),
    ExprType.OPAQUE: Label({"zh": "其他内容", "en": "something else"}),
}
"""How messages name each kind of value."""
