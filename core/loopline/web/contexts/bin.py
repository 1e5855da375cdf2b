"""The recycle bin."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from loopline.web.contexts.described import described
from loopline.web.contexts.lists import Tab
from loopline.web.contexts.shell import PageContext
from loopline.web.contexts.tables import Empty, Pager


@dataclass(frozen=True, kw_only=True, slots=True)
class Deleted:
    """A record in the bin."""

    title: str = field(metadata=described("Its title."))
    href: str = field(metadata=described("Its page, read only."))
    when: str = field(metadata=described("When it was deleted, in words."))
    machine: str = field(metadata=described("When, as a machine reads it."))
    who: str = field(metadata=described("Who deleted it."))
    restore_action: str = field(metadata=described("Where restoring posts; empty: not allowed."))


@dataclass(frozen=True, kw_only=True, slots=True)
class BinContext(PageContext):
    """What was deleted of an entity and can be restored."""

    template: ClassVar[str] = "pages/bin.html"
    fragments: ClassVar[Mapping[str, str]] = {"bin": "fragments/bin.html"}

    tabs: tuple[Tab, ...] = field(metadata=described("The entities that have a bin."))
    rows: tuple[Deleted, ...] = field(metadata=described("The deleted records, newest first."))
    empty: Empty = field(metadata=described("Said when the bin is empty."))
    pager: Pager = field(metadata=described("How many, and other pages."))
