"""The home page."""

from dataclasses import dataclass, field
from typing import ClassVar

from loopline.web.contexts.described import described
from loopline.web.contexts.lists import Tab
from loopline.web.contexts.metro import Metro
from loopline.web.contexts.records import RelatedItem
from loopline.web.contexts.shell import PageContext


@dataclass(frozen=True, kw_only=True, slots=True)
class Panel:
    """Records worth a look."""

    label: str = field(metadata=described("What they are."))
    href: str = field(metadata=described("All of them."))
    line: str = field(metadata=described("The line they lie on."))
    items: tuple[RelatedItem, ...] = field(metadata=described("The first few."))
    empty: str = field(metadata=described("Said when there are none."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Tip:
    """Something to try in a demo."""

    label: str = field(metadata=described("What, in a sentence."))
    href: str = field(metadata=described("Where it is done."))


@dataclass(frozen=True, kw_only=True, slots=True)
class HomeContext(PageContext):
    """The first page of the day."""

    template: ClassVar[str] = "pages/home.html"

    greeting: str = field(metadata=described("The greeting by name."))
    today: str = field(metadata=described("The day in words."))
    whose: tuple[Tab, ...] = field(metadata=described("One's own records, or everybody's."))
    metros: tuple[Metro, ...] = field(metadata=described("Journeys with their counts."))
    panels: tuple[Panel, ...] = field(metadata=described("Records worth a look."))
    tips: tuple[Tip, ...] = field(
        default=(), metadata=described("What somebody of a demo may try; none elsewhere.")
    )
