"""A value as a list, a record or the timeline shows it."""

from dataclasses import dataclass, field
from typing import Literal

from loopline.web.contexts.described import described

CellKind = Literal[
    "text", "blank", "unassigned", "link", "away", "status", "tags", "person", "code", "long",
    "rating", "time", "amount", "masked",
]  # fmt: skip
Tone = Literal["", "accent", "ok", "warn", "danger"]


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
    exact: str = field(default="", metadata=described("An amount to the last digit."))
    reveal: str = field(default="", metadata=described("Where showing a masked value posts."))
    machine: str = field(default="", metadata=described("The time as a machine reads it."))


BLANK = Cell(text="—", kind="blank")
"""What stands where there is no value."""
