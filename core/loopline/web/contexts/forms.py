"""The form page: a new record or an edit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from loopline.web.contexts.described import described
from loopline.web.contexts.inputs import FieldInput
from loopline.web.contexts.shell import Hidden, PageContext


@dataclass(frozen=True, kw_only=True, slots=True)
class FormSection:
    """A group of fields under one heading."""

    label: str = field(metadata=described("The heading; none when empty."))
    columns: int = field(metadata=described("How many columns a wide page has, 1 or 2."))
    fields: tuple[FieldInput, ...] = field(metadata=described("The fields in order."))


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldProblem:
    """An entry of the summary of what is wrong."""

    message: str = field(metadata=described("What is wrong."))
    label: str = field(default="", metadata=described("The field; empty for the whole record."))
    href: str = field(default="", metadata=described("The field's place on the page."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Clash:
    """A field that someone else changed meanwhile.

    The choice is sent as ``_keep.<name>`` with the value mine, theirs or original.
    """

    name: str = field(metadata=described("The field."))
    label: str = field(metadata=described("Its label."))
    original: str = field(metadata=described("The value when editing began."))
    theirs: str = field(metadata=described("The value stored now."))
    mine: str = field(metadata=described("The value just entered."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """An edit that meets another edit of the same fields."""

    who: str = field(metadata=described("Who changed it, and when."))
    clashes: tuple[Clash, ...] = field(metadata=described("The fields to choose for."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Twin:
    """A record that looks the same as what is being entered."""

    message: str = field(metadata=described("What is the same, and whose it is."))
    href: str = field(default="", metadata=described("The record; empty where it is hidden."))
    blocks: bool = field(default=False, metadata=described("Whether saving will be refused."))


@dataclass(frozen=True, kw_only=True, slots=True)
class FormContext(PageContext):
    """The form of a record. The region ``fields`` is fetched again when a condition may change."""

    template: ClassVar[str] = "pages/form.html"
    fragments: ClassVar[Mapping[str, str]] = {
        "fields": "fragments/fields.html",
        "twins": "fragments/twins.html",
    }

    heading: str = field(metadata=described("What is being entered."))
    action: str = field(metadata=described("Where the form posts."))
    cancel_href: str = field(metadata=described("Where to go without saving."))
    sections: tuple[FormSection, ...] = field(metadata=described("The fields by section."))
    hidden: tuple[Hidden, ...] = field(
        default=(), metadata=described("What is carried along: _base and the list's state.")
    )
    problems: tuple[FieldProblem, ...] = field(
        default=(), metadata=described("Everything that is wrong, with places.")
    )
    conflict: Conflict | None = field(default=None, metadata=described("Another's edit."))
    refresh_href: str = field(
        default="", metadata=described("Posting here answers the fields anew; empty: no need.")
    )
    uploads: bool = field(default=False, metadata=described("Whether files may be sent."))
    submit: str = field(default="", metadata=described("What the button says; empty: save."))
    stars: bool = field(default=True, metadata=described("Whether any field must be filled in."))
    another: bool = field(
        default=False, metadata=described("Whether 'save and new' (_then=new) is offered.")
    )
    twins: tuple[Twin, ...] = field(
        default=(), metadata=described("Records that look the same as what is entered.")
    )
    twins_href: str = field(
        default="", metadata=described("Posting here looks for such records; empty: no need.")
    )
