"""The record page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from loopline.web.contexts.approvals import Card
from loopline.web.contexts.board import StagePath
from loopline.web.contexts.cells import Cell, Tone
from loopline.web.contexts.comments import CommentShown, Composer
from loopline.web.contexts.described import described
from loopline.web.contexts.lists import Tab
from loopline.web.contexts.metro import Metro
from loopline.web.contexts.shell import NavItem, PageContext
from loopline.web.contexts.tables import Table

Primary = Literal["restore", "decide", "offer", "stage", "create"]
"""The act of a page that stands out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """A field of the record with its value."""

    label: str = field(metadata=described("The field's label."))
    value: Cell = field(metadata=described("The value as shown."))


@dataclass(frozen=True, kw_only=True, slots=True)
class FactSection:
    """A section of the record's form, read only."""

    label: str = field(metadata=described("The heading."))
    facts: tuple[Fact, ...] = field(metadata=described("Its fields in order."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A word in the head of a record: a choice it has, or an approval that waits."""

    text: str = field(metadata=described("What is read."))
    name: str = field(default="", metadata=described("Of which field or approval it is."))
    named: bool = field(default=False, metadata=described("Whether that is shown before it."))
    tone: Tone = field(default="", metadata=described("Its meaning."))
    line: str = field(default="", metadata=described("The line it is coloured by."))
    href: str = field(default="", metadata=described("Where it leads."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """What the record is at a glance."""

    title: str = field(metadata=described("The record's title."))
    initial: str = field(metadata=described("The letter in the square."))
    line: str = field(metadata=described("The line whose colour the square has."))
    tags: tuple[Mark, ...] = field(default=(), metadata=described("Stage, status and the like."))
    owner: Cell | None = field(default=None, metadata=described("Who it belongs to, if owned."))
    note: str = field(default="", metadata=described("Its number or another short mark."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """An action that can be done to the record, at once or after its form."""

    label: str = field(metadata=described("What it is called."))
    address: str = field(metadata=described("Its form, and where it posts."))
    asks: bool = field(default=False, metadata=described("Whether a form comes first."))
    tone: Tone = field(default="", metadata=described("The colour of its button."))


@dataclass(frozen=True, kw_only=True, slots=True)
class SidePanel:
    """A box beside the record that a plugin fills."""

    title: str = field(metadata=described("Its heading."))
    lines: tuple[tuple[str, str], ...] = field(default=(), metadata=described("Labels and texts."))
    text: str = field(default="", metadata=described("A sentence."))
    href: str = field(default="", metadata=described("Where it leads."))
    tone: Tone = field(default="", metadata=described("The colour of the sentence."))
    copy: str = field(default="", metadata=described("An address to be passed on."))


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordClock:
    """A clock that runs on the record."""

    label: str = field(metadata=described("What it is called."))
    due: str = field(metadata=described("When it ends, for people."))
    machine: str = field(metadata=described("When it ends, for machines."))
    state: str = field(metadata=described("How it stands."))
    tone: Tone = field(default="", metadata=described("The colour of how it stands."))
    told: str = field(metadata=described("How its end was computed."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Acts:
    """What can be done with the record; an empty address means: not by this person."""

    edit_href: str = field(default="", metadata=described("The form to edit it."))
    delete_action: str = field(default="", metadata=described("Where moving to the bin posts."))
    restore_action: str = field(default="", metadata=described("Where restoring posts."))
    create: tuple[NavItem, ...] = field(default=(), metadata=described("New related records."))
    offers: tuple[Offer, ...] = field(default=(), metadata=described("Actions of its own."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Diff:
    """One changed field of an entry; an empty ``old`` or ``new`` was blank."""

    label: str = field(metadata=described("The field."))
    old: str = field(metadata=described("The value before."))
    new: str = field(metadata=described("The value after."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One change of the record, or a comment on it."""

    who: str = field(metadata=described("Who made it."))
    action: str = field(metadata=described("What was done, in words."))
    icon: str = field(metadata=described("The symbol of the action."))
    time: str = field(metadata=described("When, within its day."))
    machine: str = field(metadata=described("When, as a machine reads it."))
    via: str = field(default="", metadata=described("Through what, in words; empty for pages."))
    diffs: tuple[Diff, ...] = field(default=(), metadata=described("What changed."))
    note: str = field(default="", metadata=described("What was said with an act."))
    records: tuple[NavItem, ...] = field(
        default=(), metadata=described("What it became, or came from.")
    )
    comment: CommentShown | None = field(default=None, metadata=described("What was said."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """The changes of one day, the newest first."""

    label: str = field(metadata=described("The day in words."))
    entries: tuple[Entry, ...] = field(metadata=described("Its changes."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """The middle of the page: the timeline, or one kind of related records."""

    tabs: tuple[Tab, ...] = field(metadata=described("Timeline and each kind of related records."))
    facts_href: str = field(metadata=described("The page without a tab: phones show the fields."))
    chosen: bool = field(default=False, metadata=described("Whether the address names a tab."))
    days: tuple[Day, ...] = field(default=(), metadata=described("The timeline."))
    more_href: str = field(default="", metadata=described("Older changes."))
    table: Table | None = field(default=None, metadata=described("Related records, when chosen."))
    all_href: str = field(default="", metadata=described("All of them, as a list."))
    composer: Composer | None = field(default=None, metadata=described("A box for a comment."))


@dataclass(frozen=True, kw_only=True, slots=True)
class RelatedItem:
    """A related record in brief."""

    title: str = field(metadata=described("Its title."))
    href: str = field(metadata=described("Its page."))
    figure: str = field(default="", metadata=described("An amount or the like."))
    note: str = field(default="", metadata=described("Stage, date or the like."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Related:
    """One kind of related records: how many, the newest few, and a new one."""

    label: str = field(metadata=described("What they are."))
    count: str = field(metadata=described("How many there are."))
    href: str = field(metadata=described("All of them."))
    items: tuple[RelatedItem, ...] = field(metadata=described("The newest few."))
    new_href: str = field(default="", metadata=described("The form for a new one, if allowed."))
    new_label: str = field(default="", metadata=described("What adding one is called."))


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordContext(PageContext):
    """The page of one record; its region ``story`` is swapped alone."""

    template: ClassVar[str] = "pages/record.html"
    fragments: ClassVar[Mapping[str, str]] = {"story": "fragments/story.html"}

    heading: Heading = field(metadata=described("What it is at a glance."))
    acts: Acts = field(metadata=described("What can be done with it."))
    primary: Primary = field(default="create", metadata=described("Which of them stands out."))
    sections: tuple[FactSection, ...] = field(metadata=described("Its fields by section."))
    system: FactSection = field(metadata=described("Who made and changed it, and when."))
    story: Story = field(metadata=described("Timeline or related records."))
    related: tuple[Related, ...] = field(metadata=described("Related records in brief."))
    clocks: tuple[RecordClock, ...] = field(default=(), metadata=described("Clocks that run."))
    panels: tuple[SidePanel, ...] = field(default=(), metadata=described("Boxes of plugins."))
    requests: tuple[Card, ...] = field(default=(), metadata=described("How approvals stand."))
    metros: tuple[Metro, ...] = field(default=(), metadata=described("The journeys it is on."))
    paths: tuple[StagePath, ...] = field(default=(), metadata=described("Its pipelines."))
    previous: str = field(default="", metadata=described("The record before in the list."))
    next: str = field(default="", metadata=described("The record after in the list."))
    deleted: str = field(default="", metadata=described("When and by whom it was deleted."))
