"""Bulk acts: the bar of the list, what is asked for first, and what was done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from loopline.web.contexts.described import described
from loopline.web.contexts.forms import FieldProblem, FormSection
from loopline.web.contexts.inputs import Choice
from loopline.web.contexts.shell import Hidden, PageContext


@dataclass(frozen=True, kw_only=True, slots=True)
class BulkBar:
    """The bar that appears once records are ticked; it posts what to do with which of them."""

    action: str = field(metadata=described("Where it posts."))
    quick: tuple[Choice, ...] = field(metadata=described("What is done by one button each."))
    acts: tuple[Choice, ...] = field(metadata=described("What else can be done."))
    all_label: str = field(metadata=described("What choosing all that match is called."))
    hidden: tuple[Hidden, ...] = field(metadata=described("The list's state."))


@dataclass(frozen=True, kw_only=True, slots=True)
class BulkContext(PageContext):
    """What a bulk act asks for, and which records it is about."""

    template: ClassVar[str] = "pages/bulk.html"

    heading: str = field(metadata=described("How many of what."))
    act_label: str = field(metadata=described("What will be done."))
    action: str = field(metadata=described("Where the form posts."))
    cancel_href: str = field(metadata=described("The list."))
    hidden: tuple[Hidden, ...] = field(metadata=described("The act, the records, the list."))
    sections: tuple[FormSection, ...] = field(metadata=described("What it asks for."))
    problems: tuple[FieldProblem, ...] = field(
        default=(), metadata=described("What is wrong with it.")
    )
    refresh_href: str = field(default="", metadata=described("Unused: nothing depends on it."))


@dataclass(frozen=True, kw_only=True, slots=True)
class BulkRefusal:
    """A record that was refused, and why."""

    title: str = field(metadata=described("Its title."))
    href: str = field(metadata=described("Its page."))
    reason: str = field(metadata=described("Why."))


@dataclass(frozen=True, kw_only=True, slots=True)
class BulkRunContext(PageContext):
    """How far a bulk act is; the region ``run`` renews itself while it goes on."""

    template: ClassVar[str] = "pages/bulk_run.html"
    fragments: ClassVar[Mapping[str, str]] = {"run": "fragments/bulk_run.html"}

    here: str = field(metadata=described("The page itself, asked again while it goes on."))
    running: bool = field(metadata=described("Whether it still goes on."))
    summary: str = field(metadata=described("How many were done, or are."))
    refused: str = field(default="", metadata=described("How many were refused."))
    refusals: tuple[BulkRefusal, ...] = field(default=(), metadata=described("The first of them."))
    list_href: str = field(default="", metadata=described("The list."))
