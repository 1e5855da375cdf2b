"""The home page."""

from dataclasses import dataclass, field
from typing import ClassVar

from loopline.web.contexts.described import described
from loopline.web.contexts.lists import Tab
from loopline.web.contexts.records import RelatedItem
from loopline.web.contexts.shell import PageContext


@dataclass(frozen=True, kw_only=True, slots=True)
class Station:
    """A station of the loop: what it holds."""

    label: str = field(metadata=described("What it is called."))
    href: str = field(metadata=described("The list of what it holds."))
    line: str = field(metadata=described("The line it lies on."))
    count: str = field(metadata=described("How many it holds."))
    note: str = field(default="", metadata=described("What is new there."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Panel:
    """Records worth a look."""

    label: str = field(metadata=described("What they are."))
    href: str = field(metadata=described("All of them."))
    line: str = field(metadata=described("The line they lie on."))
    items: tuple[RelatedItem, ...] = field(metadata=described("The first few."))
    empty: str = field(metadata=described("Said when there are none."))


@dataclass(frozen=True, kw_only=True, slots=True)
class HomeContext(PageContext):
    """The first page of the day."""

    template: ClassVar[str] = "pages/home.html"

    greeting: str = field(metadata=described("The greeting by name."))
    today: str = field(metadata=described("The day in words."))
    whose: tuple[Tab, ...] = field(metadata=described("One's own records, or everybody's."))
    stations: tuple[Station, ...] = field(metadata=described("The loop with its counts."))
    panels: tuple[Panel, ...] = field(metadata=described("Records worth a look."))
