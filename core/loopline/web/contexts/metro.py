"""The metro line: a journey as stations."""

from dataclasses import dataclass, field
from typing import Literal

from loopline.web.contexts.described import described


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """A station: what it is called, what stands there, and how far the journey has come."""

    label: str = field(metadata=described("What it is called."))
    line: str = field(default="", metadata=described("The line it lies on."))
    state: Literal["", "done", "now"] = field(
        default="", metadata=described("Passed, reached, or still ahead when empty.")
    )
    stuck: bool = field(default=False, metadata=described("Whether something has been too long."))
    transfer: bool = field(default=False, metadata=described("Whether another line begins here."))
    href: str = field(default="", metadata=described("The list of what stands there."))
    figure: str = field(default="", metadata=described("How many stand there."))
    note: str = field(default="", metadata=described("What is said below."))
    note_href: str = field(default="", metadata=described("The list behind what is said."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Metro:
    """A journey with its stations in order."""

    label: str = field(metadata=described("What the journey is called."))
    stops: tuple[Stop, ...] = field(metadata=described("Its stations."))
    ring: str = field(default="", metadata=described("The caption of a loop; empty: a line."))
