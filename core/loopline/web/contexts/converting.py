"""The page that converts a record: what will be made or found, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from loopline.web.contexts.described import described
from loopline.web.contexts.forms import FieldProblem
from loopline.web.contexts.inputs import Choice, FieldInput
from loopline.web.contexts.shell import NavItem, PageContext


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """One record that is made or found; its tick is sent as ``<id>._use``."""

    id: str = field(metadata=described("The target's id."))
    label: str = field(metadata=described("What it is."))
    line: str = field(default="", metadata=described("The line it lies on."))
    optional: bool = field(default=False, metadata=described("Whether it may be left out."))
    chosen: bool = field(default=True, metadata=described("Whether it is made."))
    use: str = field(default="", metadata=described("What its tick says."))
    choices: tuple[Choice, ...] = field(
        default=(), metadata=described("Records that are there, and a new one: <id>._record.")
    )
    fields: tuple[FieldInput, ...] = field(default=(), metadata=described("What is written."))
    note: str = field(default="", metadata=described("What happens to it, in a sentence."))
    errors: tuple[str, ...] = field(default=(), metadata=described("What is wrong with it."))


@dataclass(frozen=True, kw_only=True, slots=True)
class ConvertContext(PageContext):
    """The page that converts a record. The region ``fields`` follows what is chosen."""

    template: ClassVar[str] = "pages/convert.html"
    fragments: ClassVar[Mapping[str, str]] = {"fields": "fragments/converting.html"}

    heading: str = field(metadata=described("What is converted."))
    action: str = field(metadata=described("Where the form posts."))
    cancel_href: str = field(metadata=described("The record's page."))
    documents: tuple[Choice, ...] = field(
        default=(), metadata=described("The conversions to choose from, if several: _document.")
    )
    targets: tuple[Target, ...] = field(default=(), metadata=described("What is made or found."))
    problems: tuple[FieldProblem, ...] = field(
        default=(), metadata=described("Everything that is wrong, with places.")
    )
    became: tuple[NavItem, ...] = field(
        default=(), metadata=described("What it became already; then nothing is asked.")
    )
