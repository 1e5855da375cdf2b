"""What the plugin's pages show: a form of a few inputs, and tables of texts and links."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from loopline.sdk import Label, Template


@dataclass(frozen=True, slots=True)
class Cell:
    """A text or number of a table, perhaps a link."""

    text: str
    href: str = ""
    number: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table, and what is said where it is empty."""

    title: str = ""
    heads: Sequence[Cell]
    rows: Sequence[Sequence[Cell]]
    empty: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Input:
    """One input of a page's form; one with options is a choice."""

    name: str
    label: str
    value: str
    options: Sequence[tuple[str, str]] = ()
    number: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class TablePage:
    """A page of tables with a form that asks for them anew."""

    intro: str = ""
    action: str = ""
    inputs: Sequence[Input] = ()
    submit: str = ""
    problems: Sequence[str] = ()
    tables: Sequence[Table] = field(default=())

    def drawn(self, title: Label) -> Template:
        """Answer the page as the web draws it."""
        return Template("tables.html", self._context(), title)

    def _context(self) -> dict[str, object]:
        names = ("intro", "action", "inputs", "submit", "problems", "tables")
        return {name: getattr(self, name) for name in names}


def list_href(entity: str, condition: str) -> str:
    """Answer the address of a list that is filtered by an expression."""
    return f"/records/{entity}?filter={quote(condition)}"


def record_href(entity: str, number: int) -> str:
    """Answer the address of a record."""
    return f"/records/{entity}/{number}"
