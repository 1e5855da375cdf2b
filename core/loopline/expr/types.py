"""The types an expression can have."""

from enum import StrEnum


class ExprType(StrEnum):
    """What a value is to an expression; field types map to one of these."""

    TEXT = "text"  # short text, compared by its folded key
    LONG_TEXT = "long_text"  # only is_blank and contains
    CODE = "code"  # choice codes and other exact texts
    NUMBER = "number"  # Decimal or int
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    LINK = "link"  # id of a record; may be followed one hop
    SET = "set"  # several codes; `in` and is_blank
    OPAQUE = "opaque"  # only is_blank
