"""The inbox of approvals, and the page behind a link in a mail."""

from dataclasses import dataclass, field
from typing import ClassVar

from loopline.web.contexts.cells import Tone
from loopline.web.contexts.described import described
from loopline.web.contexts.lists import Tab
from loopline.web.contexts.shell import PageContext
from loopline.web.contexts.tables import Empty


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody who is or was asked."""

    name: str = field(metadata=described("Who; for whom, if in somebody's name."))
    state: str = field(metadata=described("What they did, in words."))
    tone: Tone = field(default="", metadata=described("The colour of that."))
    comment: str = field(default="", metadata=described("What they said."))
    step: str = field(default="", metadata=described("In which step, where there are several."))
    when: str = field(default="", metadata=described("When they did it, in words."))
    done: bool = field(default=False, metadata=described("Whether they did something."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """One request."""

    title: str = field(metadata=described("The record's title."))
    href: str = field(metadata=described("The record's page."))
    label: str = field(metadata=described("What the approval is called."))
    asked: str = field(metadata=described("Who asked, and when."))
    state: str = field(metadata=described("How it stands."))
    tone: Tone = field(default="", metadata=described("The colour of that."))
    waits: bool = field(default=False, metadata=described("Whether it is not decided yet."))
    note: str = field(default="", metadata=described("In whose name, or why it is stuck."))
    comment: str = field(default="", metadata=described("What whoever asked said."))
    covers: tuple[tuple[str, str], ...] = field(
        default=(), metadata=described("The fields it covers, as labels and texts.")
    )
    people: tuple[Person, ...] = field(default=(), metadata=described("Who was asked."))
    ahead: str = field(default="", metadata=described("The steps that may follow, in words."))
    due: str = field(default="", metadata=described("Until when it is to be decided, in words."))
    late: bool = field(default=False, metadata=described("Whether that has passed."))
    action: str = field(default="", metadata=described("Where deciding posts; empty: nothing."))
    more: tuple[tuple[str, str], ...] = field(
        default=(), metadata=described("The other acts, as labels and addresses: forward …")
    )
    said: str = field(default="", metadata=described("The comment that was typed and refused."))
    problems: tuple[str, ...] = field(default=(), metadata=described("Why it was refused."))
    earlier: tuple["Card", ...] = field(
        default=(), metadata=described("Requests of the same approval that ended before.")
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalsContext(PageContext):
    """What waits for somebody, what they asked for, what they decided."""

    template: ClassVar[str] = "pages/approvals.html"

    tabs: tuple[Tab, ...] = field(metadata=described("The lists."))
    cards: tuple[Card, ...] = field(metadata=described("The requests of the chosen list."))
    empty: Empty = field(metadata=described("Said where there is none."))


@dataclass(frozen=True, kw_only=True, slots=True)
class ApproveContext(PageContext):
    """The page behind a one-time link: it shows, and its form decides."""

    template: ClassVar[str] = "pages/approve.html"

    card: Card | None = field(default=None, metadata=described("What is asked; none when done."))
    who: str = field(default="", metadata=described("As whom one decides here."))
    done: str = field(default="", metadata=described("What was recorded."))
