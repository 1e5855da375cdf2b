"""The board: records as cards in columns, and what a move asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from loopline.web.contexts.cells import Cell, Tone
from loopline.web.contexts.described import described
from loopline.web.contexts.forms import FieldProblem, FormSection
from loopline.web.contexts.lists import ListContext
from loopline.web.contexts.metro import Metro
from loopline.web.contexts.shell import Hidden, PageContext


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A sum in the head of a column, in short and to the last digit."""

    label: str = field(metadata=described("The field that is added up."))
    text: str = field(metadata=described("The sum in short."))
    exact: str = field(metadata=described("The sum to the last digit."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A record on a board; each value stands in the place of its type."""

    id: int = field(metadata=described("The record's id."))
    version: int = field(metadata=described("The version that was drawn."))
    title: str = field(metadata=described("What the record is called."))
    href: str = field(metadata=described("The record's page."))
    move_href: str = field(metadata=described("The page that moves it; empty: it stays."))
    lines: tuple[Cell, ...] = field(default=(), metadata=described("Links and texts."))
    amount: Cell | None = field(default=None, metadata=described("The amount of money."))
    facts: tuple[tuple[str, Cell], ...] = field(
        default=(), metadata=described("Dates and numbers, each with its label.")
    )
    tags: tuple[Cell, ...] = field(default=(), metadata=described("Choices and tags."))
    person: Cell | None = field(default=None, metadata=described("Whose it is."))
    stay: str = field(default="", metadata=described("How long it has been in the stage."))
    late: bool = field(default=False, metadata=described("Whether that is longer than usual."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Cards:
    """Some cards of a column, and where the next ones are."""

    code: str = field(metadata=described("The option of the column."))
    cards: tuple[Card, ...] = field(metadata=described("The cards in order."))
    more_href: str = field(default="", metadata=described("Where further cards are, for scripts."))
    list_href: str = field(default="", metadata=described("The list of all of them."))
    more_label: str = field(default="", metadata=described("How many are not drawn."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column: a stage with its count and sums over all records, and its first cards."""

    code: str = field(metadata=described("The option; empty: blank."))
    label: str = field(metadata=described("What it is called."))
    count: str = field(metadata=described("How many records."))
    figures: tuple[Figure, ...] = field(default=(), metadata=described("Sums."))
    note: str = field(default="", metadata=described("How likely, how long usually."))
    tone: Tone = field(default="", metadata=described("The meaning of the option."))
    folded: bool = field(default=False, metadata=described("Whether only its head is shown."))
    fixed: bool = field(default=False, metadata=described("Whether nothing can be put here."))
    cards: Cards = field(metadata=described("Its first cards."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Board:
    """The columns of a board, and how a card moves."""

    label: str = field(metadata=described("What is on it, for those who hear it."))
    field_id: str = field(metadata=described("The choice that a move writes."))
    columns: tuple[Column, ...] = field(metadata=described("The columns in order."))
    movable: bool = field(metadata=described("Whether cards can be moved."))
    back: tuple[Hidden, ...] = field(metadata=described("The state of the board."))


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardContext(ListContext):
    """A list drawn as a board; its region ``list`` is swapped alone."""

    template: ClassVar[str] = "pages/kanban.html"
    fragments: ClassVar[Mapping[str, str]] = {
        "list": "fragments/board.html",
        "filter": "fragments/filter.html",
    }

    board: Board = field(metadata=described("The columns."))


@dataclass(frozen=True, kw_only=True, slots=True)
class CardsContext(PageContext):
    """Further cards of one column."""

    template: ClassVar[str] = "fragments/board_cards.html"
    fragments: ClassVar[Mapping[str, str]] = {}

    cards: Cards = field(metadata=described("The cards."))
    movable: bool = field(metadata=described("Whether they can be moved."))


@dataclass(frozen=True, kw_only=True, slots=True)
class MovedContext(PageContext):
    """What a move changed of the board: its heads, and the card as it is now."""

    template: ClassVar[str] = "fragments/board_moved.html"
    fragments: ClassVar[Mapping[str, str]] = {}

    columns: tuple[Column, ...] = field(default=(), metadata=described("The heads of all columns."))
    card: Card | None = field(default=None, metadata=described("The card; None: not listed."))
    movable: bool = field(default=True, metadata=described("Whether it can be moved on."))
    told: str = field(default="", metadata=described("What was done, for those who hear it."))


@dataclass(frozen=True, kw_only=True, slots=True)
class MoveContext(PageContext):
    """What a move asks for, as a page, or as the dialog ``ask`` in place."""

    template: ClassVar[str] = "pages/move.html"
    fragments: ClassVar[Mapping[str, str]] = {"ask": "fragments/ask.html"}

    heading: str = field(metadata=described("Where it goes."))
    about: str = field(metadata=described("What is moved."))
    action: str = field(metadata=described("Where the form posts."))
    cancel_href: str = field(metadata=described("Where to go without moving."))
    sections: tuple[FormSection, ...] = field(metadata=described("The fields asked for."))
    hidden: tuple[Hidden, ...] = field(metadata=described("What is carried along."))
    problems: tuple[FieldProblem, ...] = field(
        default=(), metadata=described("What else keeps it from moving.")
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class NextStage:
    """The button that leads a record on."""

    label: str = field(metadata=described("What the stage is called."))
    code: str = field(metadata=described("The stage."))


@dataclass(frozen=True, kw_only=True, slots=True)
class StagePath:
    """The stages of a record's pipeline as a line, and the way on."""

    metro: Metro = field(metadata=described("The stages, passed, reached and ahead."))
    field_id: str = field(metadata=described("The choice that holds the stage."))
    action: str = field(metadata=described("Where a move is posted; empty: not allowed."))
    version: int = field(metadata=described("The version of the record."))
    next: NextStage | None = field(default=None, metadata=described("The usual next stage."))
