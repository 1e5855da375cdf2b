"""The contract of a field type: storage columns, parsing, checks, formats, operators."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from loopline.errors import Problem
from loopline.expr.fold import fold
from loopline.expr.types import ExprType
from loopline.fields.definition import FieldDef
from loopline.fields.pinyin import pinyin_key


class StorageKind(StrEnum):
    """The closed set of column kinds; store/ maps each to a database type."""

    TEXT = "text"
    INTEGER = "integer"
    SCALED = "scaled"  # integer = value × 10^scale
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"  # aware UTC
    CODE = "code"  # short ASCII text, compared as it is
    LINK = "link"  # 64-bit id of a record
    JSON = "json"  # opaque


@dataclass(frozen=True, slots=True)
class Column:
    """One storage column of a field. Its name is the field id plus ``suffix``.

    ``derived`` columns (``__key``, ``__sort``) are computed from the value and never shown.
    """

    suffix: str
    kind: StorageKind
    derived: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Locale:
    """How texts are read and written for one person or file.

    ``zone`` is an IANA name, ``currency`` the site's ISO code, ``region`` the ISO country used
    to read local phone numbers, ``date_format`` a strptime pattern that a mapping may prescribe.
    """

    language: str = "zh"
    zone: str = "Asia/Shanghai"
    currency: str = "CNY"
    region: str = "CN"
    date_format: str = ""


class Unreadable(ValueError):
    """A text or JSON value that the field cannot take; becomes a problem at its place."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def at(self, path: str) -> Problem:
        """Answer this as a problem at ``path``."""
        return Problem(path, self.code, self.params)


@dataclass(frozen=True, kw_only=True, slots=True)
class Widget:
    """What a form renders for the field: the macro's name and HTML input type."""

    name: str = "input"
    input_type: str = "text"
    attributes: dict[str, str] = field(default_factory=dict)


class FieldType(ABC):
    """One kind of field. Stateless: the definition comes with each call.

    A *value* is the Python form used by services and expressions; ``None`` means blank and is
    never passed to any method but ``dump``. Empty text is blank everywhere.
    """

    id: ClassVar[str]
    expr_type: ClassVar[ExprType]
    """How expressions see the value."""
    settings: ClassVar[frozenset[str]] = frozenset()
    """Keys of a field document, beyond the common ones, that this type understands."""
    short_text: ClassVar[bool] = False
    """Stores ``__key`` (folded) and, when sorted, ``__sort``; filters match the key."""
    numeric: ClassVar[bool] = False
    """Right-aligned in lists."""
    operators: ClassVar[tuple[str, ...]] = ("==", "!=", "is_blank")
    """What a filter row offers."""
    member_kind: ClassVar[StorageKind | None] = None
    """For values of several members: the kind of the column in which each also has its own row,
    in a table of the field's own, so that an index finds the records that have it."""
    held_elsewhere: ClassVar[bool] = False
    """Whether a record's own row holds nothing of the field."""
    default_scale: ClassVar[int] = 0
    """The ``scale`` that meta/ puts into the definition when the document gives none."""

    @abstractmethod
    def columns(self, definition: FieldDef) -> tuple[Column, ...]:
        """Answer the storage columns, the main one first."""

    @abstractmethod
    def parse(self, definition: FieldDef, text: object, locale: Locale) -> object:
        """Answer the value that a person or file meant by ``text``.

        ``text`` is a str as typed, or the native value of a spreadsheet cell (int, float, bool,
        date, datetime, time). Answers None for blank. Raises Unreadable.
        """

    def typed(self, definition: FieldDef, text: str, locale: Locale) -> object:
        """Answer the value that a person typed into the field's control on a page.

        It is what ``parse`` answers, but where the control shows a unit that a file does not.
        Answers None for blank. Raises Unreadable.
        """
        return self.parse(definition, text, locale)

    @abstractmethod
    def from_json(self, definition: FieldDef, raw: object) -> object:
        """Answer the value of a JSON body (interface.md §4), None for null or ``""``.

        Raises Unreadable.
        """

    def to_json(self, definition: FieldDef, value: object) -> object:
        """Answer the JSON form of a value."""
        return value

    def check(self, definition: FieldDef, value: object) -> Iterator[Unreadable]:
        """Yield what is wrong with a value that could be read (length, bounds, options …)."""
        yield from ()

    def dump(self, definition: FieldDef, value: object) -> tuple[object, ...]:
        """Answer the stored values, one per column of ``columns`` that is not derived."""
        return (value,)

    def load(self, definition: FieldDef, stored: tuple[object, ...]) -> object:
        """Answer the value from the stored columns that are not derived; None when blank."""
        return stored[0]

    def members(self, definition: FieldDef, value: object) -> tuple[object, ...]:
        """Answer the members of a value of several, as stored in their own rows."""
        return (value,)

    def key(self, definition: FieldDef, value: object) -> str:
        """Answer the stored ``__key`` of a short text; filters pass their operand here too."""
        return fold(str(value))

    def sort_key(self, definition: FieldDef, value: object) -> str:
        """Answer the stored ``__sort`` of a short text: folded, Han characters by their pinyin."""
        return pinyin_key(str(value))

    def format(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer the text shown to a person on a page."""
        return str(value)

    def export(self, definition: FieldDef, value: object, locale: Locale) -> object:
        """Answer what an export writes, such that ``parse`` reads back the same value.

        A str, int, Decimal, bool, date or datetime; the spreadsheet writer keeps the type.
        """
        return self.format(definition, value, locale)

    def input_text(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer what a form's input holds for the value; ``parse`` reads the same value back."""
        return str(self.export(definition, value, locale))

    def widget(self, definition: FieldDef) -> Widget:
        """Answer how a form renders the field."""
        return Widget()
