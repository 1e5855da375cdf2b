"""A value as a list, a record or the timeline shows it."""

from dataclasses import dataclass, field
from typing import Literal

from loopline.web.contexts.described import described
from loopline.web.contexts.inputs import FileShown

CellKind = Literal[
    "text", "blank", "unassigned", "link", "away", "status", "tags", "person", "code", "long",
    "rating", "time", "amount", "masked", "links", "files", "lines", "rich", "color",
]  # fmt: skip
Tone = Literal["", "accent", "ok", "warn", "danger"]


@dataclass(frozen=True, kw_only=True, slots=True)
class TagShown:
    """A tag: its word, its meaning and the line that its group is coloured by."""

    text: str = field(metadata=described("What is read."))
    tone: str = field(default="", metadata=described("The meaning of the tag."))
    line: str = field(default="", metadata=described("The line of its group."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """A value: its text, and how it is drawn."""

    text: str = field(metadata=described("What is read."))
    kind: CellKind = field(default="text", metadata=described("How it is drawn."))
    href: str = field(default="", metadata=described("Where a link leads."))
    tone: Tone = field(default="", metadata=described("The meaning of a status."))
    line: str = field(default="", metadata=described("The line a status or person is coloured by."))
    initial: str = field(default="", metadata=described("The letter of a person."))
    tags: tuple[str, ...] = field(default=(), metadata=described("The words of a tag list."))
    chips: tuple[TagShown, ...] = field(default=(), metadata=described("Tags with their looks."))
    links: tuple["Cell", ...] = field(default=(), metadata=described("Several links."))
    files: tuple[FileShown, ...] = field(default=(), metadata=described("The files held."))
    lines: tuple["LineShown", ...] = field(default=(), metadata=described("The lines."))
    sums: tuple[tuple[str, str], ...] = field(
        default=(), metadata=described("What the lines add up to.")
    )
    whole: int = field(default=-1, metadata=described("Which sum is that of the figures."))
    html: str = field(default="", metadata=described("Formatted text, cleaned."))
    exact: str = field(default="", metadata=described("An amount to the last digit."))
    reveal: str = field(default="", metadata=described("Where showing a masked value posts."))
    machine: str = field(default="", metadata=described("The time as a machine reads it."))


@dataclass(frozen=True, kw_only=True, slots=True)
class LineShown:
    """A line of a record: what it is, what it comes to, and what else is known of it."""

    title: Cell = field(metadata=described("What it is."))
    figure: str = field(default="", metadata=described("What it comes to."))
    notes: tuple[tuple[str, Cell], ...] = field(
        default=(), metadata=described("Its other values, each with its label.")
    )
    prose: str = field(default="", metadata=described("Its long texts."))


BLANK = Cell(text="—", kind="blank")
"""What stands where there is no value."""
