"""Cards: a record on a board, each value where its type belongs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from loopline.access.context import Context
from loopline.fields.definition import FieldDef
from loopline.meta.pipelines import PipelineDef
from loopline.services.naming import Names, names_for
from loopline.store.rows import Record
from loopline.store.stage_history import newest_stages
from loopline.web.contexts.board import Card
from loopline.web.contexts.cells import Cell
from loopline.web.pages.cells import short_cell
from loopline.web.pages.list_state import CARRIED, address
from loopline.web.pages.listing import Listing

_DAY: Final = 86_400
_TAGGED: Final = frozenset({"choice", "multi_choice", "tags", "boolean"})
_TOLD: Final = frozenset({"link", "text", "long_text", "links", "any_link", "department", "code"})
_PEOPLE: Final = "user"
_MONEY: Final = "money"


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardOf:
    """What the columns of a board are made by: a choice, and the pipeline over it if any."""

    field: FieldDef
    pipeline: PipelineDef | None
    movable: bool


def cards_of(
    ctx: Context, one: Listing, board: BoardOf, records: Sequence[Record]
) -> tuple[Card, ...]:
    """Answer the cards of some records; the stay of all of them is read at once."""
    names = names_for(ctx, records, one.columns)
    ids = [record.id for record in records]
    pipelined = board.pipeline is not None
    since = newest_stages(ctx.connection, one.entity.id, board.field.id, ids) if pipelined else {}
    cards = []
    for record in records:
        code, at = since.get(record.id, (None, None))
        stays = at is not None and code == record.values.get(board.field.id)
        days = int((ctx.now - at).total_seconds()) // _DAY if stays and at is not None else None
        cards.append(_card(ctx, one, board, record, names, days))
    return tuple(cards)


def _card(
    ctx: Context, one: Listing, board: BoardOf, record: Record, names: Names, days: int | None
) -> Card:
    title, *rest = one.columns
    shown = [
        (field, short_cell(ctx, field, record, names, one.entity.line))
        for field in rest
        if field.id != board.field.id and record.value(field.id) is not None
    ]
    stage = board.pipeline.stage(record.value(board.field.id)) if board.pipeline else None
    usual = stage.days if stage is not None and not stage.closes else None
    href = card_href(one, record.id)
    people = (cell for field, cell in shown if field.type == _PEOPLE)
    amounts = [cell for field, cell in shown if field.type == _MONEY]
    say, language = ctx.messages.say, ctx.actor.language
    return Card(
        id=record.id,
        version=record.version,
        title=str(record.value(title.id) or f"#{record.id}"),
        href=href,
        move_href=href.replace(f"/{record.id}", f"/{record.id}/stage", 1) if board.movable else "",
        lines=tuple(cell for field, cell in shown if field.type in _TOLD),
        amount=amounts[0] if amounts else None,
        facts=tuple((f.label.to(language), c) for f, c in shown if _is_fact(f, c, amounts)),
        tags=tuple(cell for field, cell in shown if field.type in _TAGGED),
        person=next(people, None),
        stay="" if days is None else say("ui.board.days", language, n=days),
        late=days is not None and usual is not None and days > usual,
    )


def _is_fact(field: FieldDef, cell: Cell, amounts: Sequence[Cell]) -> bool:
    if field.type == _MONEY:
        return cell is not amounts[0]
    return field.type not in {*_TAGGED, *_TOLD, _PEOPLE}


def card_href(one: Listing, record_id: int) -> str:
    """Answer a record's page, carrying the board along."""
    carried = [(f"{CARRIED}{name}", value) for name, value in one.state.turned().parameters()]
    return address(f"{one.state.path}/{record_id}", carried)
