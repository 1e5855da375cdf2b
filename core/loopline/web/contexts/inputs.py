"""The inputs of forms and filters."""

from dataclasses import dataclass, field
from typing import Literal

from loopline.web.contexts.described import described

WidgetName = Literal[
    "input", "number", "money", "textarea", "select", "multi", "checkbox", "link", "region",
    "address", "rating", "links", "any_link", "lines", "file", "files", "tags", "rich", "color",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """An option of a select, a tick box list or a picker."""

    value: str = field(metadata=described("What is sent."))
    label: str = field(metadata=described("What is read."))
    selected: bool = field(default=False, metadata=described("Whether it is chosen."))
    tone: str = field(default="", metadata=described("The meaning of a tag."))
    line: str = field(default="", metadata=described("The line that a tag's group is coloured by."))


@dataclass(frozen=True, kw_only=True, slots=True)
class ChoiceGroup:
    """Options under one heading."""

    label: str = field(metadata=described("The heading."))
    options: tuple[Choice, ...] = field(metadata=described("The options."))


@dataclass(frozen=True, kw_only=True, slots=True)
class FileShown:
    """A file that a field holds."""

    id: int = field(metadata=described("Its number, which is sent."))
    name: str = field(metadata=described("What it is called."))
    size: str = field(metadata=described("Its size in words."))
    href: str = field(metadata=described("Where it is downloaded."))
    picture: bool = field(default=False, metadata=described("Whether it is shown as a picture."))


@dataclass(frozen=True, kw_only=True, slots=True)
class LineInput:
    """A line of a record on its form: the inputs of its fields, by column."""

    key: str = field(metadata=described("What the names of its inputs begin with."))
    id: str = field(metadata=described("The number of the line, empty for a new one."))
    label: str = field(metadata=described("What it is called by those who hear the page."))
    cells: tuple["FieldInput", ...] = field(metadata=described("The inputs, one a column."))
    errors: tuple[str, ...] = field(default=(), metadata=described("What is wrong with it whole."))


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldInput:
    """A field of a form: label, control, help and what is wrong with it.

    A picker (``link``, ``region``, and the first part of ``address``) sends the value of its
    select. Without scripts, the text ``<name>._find`` and the button ``_find=<name>`` ask the
    server for the form again with other ``options``; with scripts, ``source`` is asked for
    ``{"items": [{"value", "label", "note"}]}`` with ``?q=``.
    """

    name: str = field(metadata=described("The name sent; also makes the element's id."))
    label: str = field(metadata=described("What stands above it."))
    widget: WidgetName = field(default="input", metadata=described("The macro that draws it."))
    input_type: str = field(default="text", metadata=described("The type of an input element."))
    value: str = field(default="", metadata=described("What it holds."))
    options: tuple[Choice, ...] = field(default=(), metadata=described("What can be chosen."))
    attributes: tuple[tuple[str, str], ...] = field(
        default=(), metadata=described("Further attributes of the control.")
    )
    required: bool = field(default=False, metadata=described("Whether it must be filled."))
    read_only: bool = field(default=False, metadata=described("Whether it is only shown."))
    full: bool = field(default=False, metadata=described("Whether it takes the whole width."))
    unit: str = field(default="", metadata=described("The unit after a number."))
    help: str = field(default="", metadata=described("What stands below it."))
    errors: tuple[str, ...] = field(default=(), metadata=described("What is wrong, one a line."))
    source: str = field(default="", metadata=described("Where a picker asks for candidates."))
    find: str = field(default="", metadata=described("What was looked for last in a picker."))
    street: str = field(default="", metadata=described("The second part of an address."))
    groups: tuple[ChoiceGroup, ...] = field(default=(), metadata=described("Options by group."))
    kinds: tuple[Choice, ...] = field(
        default=(), metadata=described("The entities a picker may look through.")
    )
    files: tuple[FileShown, ...] = field(default=(), metadata=described("The files it holds."))
    columns: tuple[str, ...] = field(default=(), metadata=described("The headings of lines."))
    lines: tuple[LineInput, ...] = field(default=(), metadata=described("The lines it holds."))
    refreshes: bool = field(
        default=False, metadata=described("Whether a change of it changes other fields.")
    )

    @property
    def id(self) -> str:
        """The element's id."""
        return "f-" + self.name.replace(".", "-")
