"""The board: a list drawn as columns, with heads over all records and cards page by page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final, cast

from loopline.access.context import Context
from loopline.errors import LooplineError, NotFound
from loopline.fields.base import Unreadable
from loopline.meta.boards import board_field, board_pipeline, records_of
from loopline.meta.pipelines import StageDef
from loopline.meta.screens import LIST, ViewDef
from loopline.query.heads import Head, board_heads
from loopline.query.lists import ListQuery, page
from loopline.services.naming import Names
from loopline.services.pipelines.asking import stage_label
from loopline.web.contexts.board import Board, BoardContext, Cards, CardsContext, Column, Figure
from loopline.web.contexts.lists import ListContext
from loopline.web.pages.amounts import short_amount
from loopline.web.pages.board_cards import BoardOf, cards_of
from loopline.web.pages.cells import text_of
from loopline.web.pages.dispatch import PageRequest, Reply, Show
from loopline.web.pages.list_state import ListState, address
from loopline.web.pages.listing import Listing, asked_listing, list_query
from loopline.web.pages.shell import Place, shell

if TYPE_CHECKING:
    from loopline.web.contexts.cells import Tone

FIRST: Final = 20
"""How many cards of a column are drawn at once."""
_BLANK: Final = ""
Plain = Callable[[Exception | None], ListContext]
"""Answers the list without rows, telling what of it cannot be understood."""


def board_of(ctx: Context, one: Listing) -> BoardOf:
    """Answer what a board's columns are made by. Raises NotFound for one without its choice."""
    field = one.entity.fields.get(board_field(one.view, ctx.catalog))
    if field is None:
        raise NotFound()
    movable = ctx.rights.allows(one.entity, "update") and not field.read_only
    return BoardOf(field=field, pipeline=board_pipeline(one.view, ctx.catalog), movable=movable)


def show_board(ctx: Context, one: Listing, list_without_rows: Plain) -> Reply:
    """Answer a list as a board; a filter that cannot be understood is told on it."""
    board = board_of(ctx, one)
    try:
        heads = heads_of(ctx, one, board)
        columns = columns_of(ctx, one, board, heads, cards=True)
        drawn = replace(_empty(ctx, one, board), columns=columns)
        plain, status = list_without_rows(None), 200
        plain = replace(plain, totals=_totals(ctx, one, heads))
    except (LooplineError, Unreadable) as error:
        drawn, plain, status = _empty(ctx, one, board), list_without_rows(error), 422
    shared = {each.name: getattr(plain, each.name) for each in fields(plain)}
    return Show(context=BoardContext(**shared, board=drawn), status=status)


def show_cards(ctx: Context, asked: PageRequest) -> Reply:
    """Answer further cards of a column, for scripts."""
    one = asked_listing(ctx, asked)
    board = board_of(ctx, one)
    heads = (head for head in heads_of(ctx, one, board) if (head.code or _BLANK) == _code(asked))
    head = next(heads, None)
    if head is None:
        raise NotFound()
    more = CardsContext(
        shell=shell(ctx, asked, Place(title="", entity=one.entity.id, crumbs=())),
        cards=_cards(ctx, one, board, head, cursor=asked.query.get("cursor", "")),
        movable=board.movable,
    )
    return Show(context=more)


def _code(asked: PageRequest) -> str:
    return asked.query.get("column", _BLANK)


def heads_of(ctx: Context, one: Listing, board: BoardOf) -> list[Head]:
    """Answer the heads of a board in the order of its stages; others only where records stand."""
    found = board_heads(ctx, board_query(ctx, one, board), board.field.id, one.view.sums)
    if board.pipeline is None:
        return list(found)
    by_code = {head.code: head for head in found}
    codes: list[str | None] = [stage.code for stage in board.pipeline.stages]
    hidden = {stage.code for stage in board.pipeline.stages if stage.hidden}
    offered = [by_code[c] for c in codes if c in by_code and (c not in hidden or by_code[c].count)]
    return [*offered, *(head for head in found if head.code not in codes and head.count)]


def board_query(ctx: Context, one: Listing, board: BoardOf) -> ListQuery:
    """Answer the query of everything on a board. Raises what reading a list's filter raises."""
    query = list_query(ctx, replace(one, state=one.state.turned()), limit=FIRST)
    only = records_of(board.pipeline, ctx.catalog) if board.pipeline else ""
    texts = [f"({text})" for text in (query.filter, only) if text]
    names = (*(query.fields or ()), board.field.id)
    shown = tuple(dict.fromkeys(name for name in names if name in one.entity.fields))
    return replace(query, filter=" && ".join(texts), fields=shown, count="none")


def columns_of(
    ctx: Context, one: Listing, board: BoardOf, heads: Sequence[Head], *, cards: bool
) -> tuple[Column, ...]:
    """Answer the columns of heads, with their first cards if they are wanted."""
    return tuple(_column(ctx, one, board, head, cards=cards) for head in heads)


def _totals(ctx: Context, one: Listing, heads: Sequence[Head]) -> tuple[str, ...]:
    """Answer how many records are on a board, and each sum over all of them."""
    count = sum(head.count for head in heads)
    told = ctx.messages.say("ui.board.count", ctx.actor.language, n=f"{count:,}")
    sums = {n: sum((_number(h.sums[n]) for h in heads), Decimal()) for n in one.view.sums}
    return (told, *(_figure(ctx, one, name, total).text for name, total in sums.items()))


def _empty(ctx: Context, one: Listing, board: BoardOf) -> Board:
    say, language = ctx.messages.say, ctx.actor.language
    return Board(
        label=say("ui.board.label", language, view=one.view.label),
        field_id=board.field.id,
        columns=(),
        movable=board.movable,
        back=one.state.hidden(without=()),
    )


def _column(ctx: Context, one: Listing, board: BoardOf, head: Head, *, cards: bool) -> Column:
    pipeline, language = board.pipeline, ctx.actor.language
    stage = pipeline.stage(head.code) if pipeline else None
    label = head.label
    if pipeline is not None and head.code is not None:
        label = stage_label(one.entity, pipeline, head.code).to(language)
    option = board.field.options.get(head.code or _BLANK)
    closed = stage is not None and bool(stage.closes)
    drawn = cards and not closed
    return Column(
        code=head.code or _BLANK,
        label=label,
        count=f"{head.count:,}",
        figures=tuple(_figure(ctx, one, name, head.sums[name]) for name in one.view.sums),
        note=_note(ctx, stage),
        tone=cast("Tone", option.tone if option else ""),
        folded=closed,
        fixed=pipeline is not None and stage is None,
        cards=_cards(ctx, one, board, head, drawn=drawn),
    )


def _note(ctx: Context, stage: StageDef | None) -> str:
    if stage is None or stage.closes:
        return ""
    say, language = ctx.messages.say, ctx.actor.language
    parts = []
    if stage.probability is not None:
        parts.append(say("ui.board.chance", language, n=f"{stage.probability.normalize():f}"))
    if stage.days is not None:
        parts.append(say("ui.board.usual", language, n=stage.days))
    return say("ui.board.comma", language).join(parts)


def _figure(ctx: Context, one: Listing, name: str, value: object) -> Figure:
    field, number = one.entity.fields[name], _number(value)
    exact = text_of(ctx, field, number, Names())
    money = field.type == "money"
    text = short_amount(ctx, number) if money else exact
    return Figure(label=field.label.to(ctx.actor.language), text=text, exact=exact)


def _number(value: object) -> Decimal:
    return Decimal(str(value or 0))


def _cards(
    ctx: Context,
    one: Listing,
    board: BoardOf,
    head: Head,
    *,
    cursor: str = "",
    drawn: bool = True,
) -> Cards:
    """Answer the cards of a column from a cursor on; none where only its head is drawn."""
    code, state = head.code or _BLANK, one.state.turned()
    filled = drawn and head.count > 0
    query = replace(board_query(ctx, one, board), filter=head.filter, cursor=cursor or None)
    found = page(ctx, query) if filled else None
    more = found.next if found is not None else None
    waiting = more is not None or (head.count > 0 and not drawn)
    parameters = [*state.parameters(), ("column", code), ("cursor", more or "")]
    say, language = ctx.messages.say, ctx.actor.language
    return Cards(
        code=code,
        cards=cards_of(ctx, one, board, found.records) if found else (),
        more_href=address(f"{state.path}/cards", parameters) if waiting else "",
        list_href=_listed(ctx, one, head) if waiting else "",
        more_label=say("ui.board.more", language) if waiting else "",
    )


def _listed(ctx: Context, one: Listing, head: Head) -> str:
    """Answer the list of just what stands in a column."""
    return ListState(path=one.state.path, view=list_view(ctx, one).id, filter=head.filter).href


def list_view(ctx: Context, one: Listing) -> ViewDef:
    """Answer the view that lists the records of a board: one that leaves nothing out, if any."""
    views = [view for view in ctx.catalog.views(one.entity.id) if view.type == LIST]
    whole: Mapping[bool, ViewDef] = {not view.filter: view for view in reversed(views)}
    return whole.get(True) or whole.get(False) or one.view
