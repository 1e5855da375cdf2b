"""Importing a file: choosing it, what a rehearsal found, how far the import is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from loopline.web.contexts.described import described
from loopline.web.contexts.forms import FieldProblem
from loopline.web.contexts.inputs import Choice
from loopline.web.contexts.shell import Crumb, PageContext


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportContext(PageContext):
    """Asks for a file, and for what becomes of records that are there already."""

    template: ClassVar[str] = "pages/import.html"

    heading: str = field(metadata=described("What is imported."))
    action: str = field(metadata=described("Where the form posts."))
    cancel_href: str = field(metadata=described("The list."))
    accepts: str = field(metadata=described("The endings of the files that can be read."))
    keys: tuple[Choice, ...] = field(metadata=described("By what rows find their record."))
    ways: tuple[Choice, ...] = field(metadata=described("What happens to a record found."))
    mine: bool | None = field(
        default=None,
        metadata=described("Whether new ones are the importer's; None without owners."),
    )
    problems: tuple[FieldProblem, ...] = field(
        default=(), metadata=described("Why the file was refused.")
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportCount:
    """How many rows came to one end."""

    label: str = field(metadata=described("The end: new, updated, unchanged, refused."))
    count: str = field(metadata=described("How many rows."))
    bad: bool = field(default=False, metadata=described("Whether somebody has to see to them."))


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportColumn:
    """A column of the file and the field it fills."""

    heading: str = field(metadata=described("Its heading in the file."))
    name: str = field(metadata=described("The control that says which field it fills."))
    choices: tuple[Choice, ...] = field(metadata=described("The fields it may fill."))
    note: str = field(default="", metadata=described("How it is read, or why it is left out."))
    left_out: bool = field(default=False, metadata=described("Whether it fills no field."))


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportRefusal:
    """Why a row was refused."""

    row: str = field(metadata=described("The row's number in the file."))
    column: str = field(metadata=described("The heading of the column; empty for the whole row."))
    reason: str = field(metadata=described("Why."))


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportKept:
    """A record that undoing left as it is."""

    record: Crumb = field(metadata=described("The record."))
    reason: str = field(metadata=described("Why."))


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportRunContext(PageContext):
    """A rehearsal or an import; the region ``run`` renews itself while it goes on."""

    template: ClassVar[str] = "pages/import_run.html"
    fragments: ClassVar[Mapping[str, str]] = {"run": "fragments/import_run.html"}

    heading: str = field(metadata=described("What is imported."))
    here: str = field(metadata=described("The page itself, asked again while it goes on."))
    file_name: str = field(metadata=described("The file."))
    rehearsal: bool = field(metadata=described("Whether nothing is kept."))
    running: bool = field(metadata=described("Whether it still goes on."))
    summary: str = field(metadata=described("What came of it, or how far it is."))
    done: int = field(default=0, metadata=described("How many rows are settled."))
    total: int = field(default=0, metadata=described("How many rows there are; 0 if not known."))
    failure: str = field(default="", metadata=described("Why it ended before its time."))
    counts: tuple[ImportCount, ...] = field(default=(), metadata=described("Rows by their end."))
    look_alikes: str = field(default="", metadata=described("How many new ones have a twin."))
    remembered: str = field(
        default="", metadata=described("Told where columns are read as the last time.")
    )
    columns: tuple[ImportColumn, ...] = field(default=(), metadata=described("The columns."))
    keys: tuple[Choice, ...] = field(default=(), metadata=described("By what rows find records."))
    ways: tuple[Choice, ...] = field(default=(), metadata=described("What a record found gets."))
    mine: bool | None = field(
        default=None,
        metadata=described("Whether new ones are the importer's; None without owners."),
    )
    refusals: tuple[ImportRefusal, ...] = field(
        default=(), metadata=described("The first refused rows.")
    )
    refused: str = field(default="", metadata=described("How many rows were refused, in words."))
    errors_href: str = field(default="", metadata=described("The refused rows as a file."))
    action: str = field(default="", metadata=described("Where the forms post."))
    carry_out: str = field(default="", metadata=described("What importing is called, if allowed."))
    problems: tuple[FieldProblem, ...] = field(
        default=(), metadata=described("What is wrong with the columns.")
    )
    written: tuple[Crumb, ...] = field(
        default=(), metadata=described("The lists of records that were made and changed.")
    )
    may_resume: bool = field(default=False, metadata=described("Whether it may be gone on with."))
    may_undo: bool = field(default=False, metadata=described("Whether it may be undone."))
    kept: tuple[ImportKept, ...] = field(
        default=(), metadata=described("What undoing left as it is.")
    )
    list_href: str = field(default="", metadata=described("The whole list."))
    again_href: str = field(default="", metadata=described("Imports another file."))
