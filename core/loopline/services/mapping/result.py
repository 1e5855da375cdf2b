"""What matching headings to fields answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from loopline.errors import Problem
from loopline.fields.definition import FieldDef
from loopline.language import Label
from loopline.services.mapping.file import ColumnRule


class EntityLike(Protocol):
    """What matching needs to know of an entity; the catalog's EntityDef is one."""

    @property
    def id(self) -> str:
        """The entity's id."""

    @property
    def label(self) -> Label:
        """Its name for people."""

    @property
    def title_field(self) -> str:
        """The field that names a record."""

    @property
    def fields(self) -> Mapping[str, FieldDef]:
        """Its fields by id."""


class How(IntEnum):
    """Why a heading was matched, the surest first; a surer match takes a contested field."""

    FILE = 0
    ID = 1
    LABEL = 2
    SYNONYM = 3
    LINK = 4
    GENERAL = 5
    RESERVED = 6
    FUZZY = 7


@dataclass(frozen=True, slots=True)
class Target:
    """A field and, for a link, by what the linked record is found (``name``, ``id``, a field)."""

    field: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A field that a heading resembles; ``score`` is 0 to 100."""

    field: str
    score: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Matched:
    """A column whose field is known. ``index`` is 0-based, ``rule`` how its cells are read."""

    index: int
    heading: str
    field: str
    by: str
    how: How
    rule: ColumnRule


@dataclass(frozen=True, kw_only=True, slots=True)
class Unmatched:
    """A column nobody could place, why (a message key with its parameters), and look-alikes."""

    index: int
    heading: str
    reason: Problem
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadingMapping:
    """Every column of a file: matched, unmatched or ignored on purpose.

    ``problems`` are columns the mapping file names and the table does not have, or rules for
    fields the entity does not have.
    """

    matched: tuple[Matched, ...]
    unmatched: tuple[Unmatched, ...]
    ignored: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def column_of(self, field: str) -> Matched | None:
        """Answer the column that holds ``field``, None if no column does."""
        return next((column for column in self.matched if column.field == field), None)
