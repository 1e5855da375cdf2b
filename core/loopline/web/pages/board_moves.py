"""Moves: a record to another stage, from the board or its page; what is missing is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from starlette.datastructures import QueryParams

from loopline.access.context import Context
from loopline.errors import Conflict, NotFound, NotValid, Problem
from loopline.fields.choice import ordered_codes
from loopline.fields.definition import FieldDef
from loopline.meta.entities import EntityDef
from loopline.meta.screens import BOARD, FormDef, FormField, Section
from loopline.query.lists import count
from loopline.services import records
from loopline.services.approvals.saving import live_of, voided_since
from loopline.services.editing import refuse_unread_change, update
from loopline.services.pipelines.asking import stage_label
from loopline.services.pipelines.moves import pipeline_of
from loopline.store.rows import Record
from loopline.web.contexts.board import MoveContext, MovedContext
from loopline.web.contexts.forms import FieldProblem, FormSection
from loopline.web.contexts.inputs import Choice, FieldInput
from loopline.web.contexts.shell import Crumb, Hidden
from loopline.web.pages.board import board_of, board_query, columns_of, heads_of
from loopline.web.pages.board_cards import cards_of
from loopline.web.pages.dispatch import Go, PageRequest, Reply, Show
from loopline.web.pages.form_inputs import Drawn, draw_sections
from loopline.web.pages.form_values import Entered, read_form
from loopline.web.pages.list_state import CARRIED, ListState, address, carried
from loopline.web.pages.listing import Listing, known_entity, listing
from loopline.web.pages.numbers import record_number
from loopline.web.pages.plurals import plural_of
from loopline.web.pages.record import record_title
from loopline.web.pages.shell import Place, entity_href, shell

_IN_PLACE: Final = "ask"
_REQUIRED: Final = "pipeline.required"
_FROM_RECORD: Final = "_page"
"""Sent along where a record's own page is to be shown again."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """Which record somebody wants where: a code of the choice, blank while it is not chosen."""

    entity: EntityDef
    record: Record
    field: FieldDef
    to: str = ""


def show_move(ctx: Context, asked: PageRequest) -> Reply:
    """Answer the page that moves a record without scripts: a choice of the stages."""
    entity, record = _record(ctx, asked)
    field = _field(entity, asked.query.get("field", "") or _usual(ctx, entity))
    wish = _Wish(entity, record, field)
    chosen = FieldInput(
        name="to",
        label=field.label.to(ctx.actor.language),
        widget="select",
        options=_stages(ctx, wish),
        required=True,
        full=True,
    )
    sections = (FormSection(label="", columns=1, fields=(chosen,)),)
    return Show(context=_page(ctx, asked, wish, sections))


def move(ctx: Context, asked: PageRequest) -> Reply:
    """Move a record. What is missing is asked for; what refuses is told, and nothing has moved."""
    entity, record = _record(ctx, asked)
    live = live_of(ctx, entity.id, record.id)
    wish = _Wish(entity, record, _field(entity, asked.one("field")), asked.one("to"))
    names = [n for n in map(str, asked.form.getlist("ask")) if n in entity.fields]
    entered = read_form(ctx, entity, _form(entity, names), asked)
    values = {**entered.values, wish.field.id: wish.to or None}
    try:
        refuse_unread_change(ctx, record, values, entered.problems)
        base = record_number(asked.one("_base"))
        changed = update(ctx, entity.id, record.id, values, base=base)
    except NotValid as error:
        return _ask(ctx, asked, wish, entered, error.problems)
    except Conflict as error:
        told = tuple(FieldProblem(message=_tell(ctx, one)) for one in error.problems)
        return Show(context=_page(ctx, asked, wish, (), told), status=409)
    called, voided = _called(ctx, wish, wish.to), voided_since(ctx, live)
    said = _told(ctx, changed, called, voided)
    if asked.region == _IN_PLACE:
        return Show(context=_moved(ctx, asked, changed, said))
    if voided:
        return Go(to=_back(asked, record), done="approval", title=said)
    return Go(to=_back(asked, record), done="moved", title=called)


def _record(ctx: Context, asked: PageRequest) -> tuple[EntityDef, Record]:
    entity = known_entity(ctx, asked.path["entity"])
    return entity, records.get(ctx, entity.id, asked.record_id)


def _field(entity: EntityDef, name: str) -> FieldDef:
    field = entity.fields.get(name)
    if field is None or not field.options:
        raise NotFound()
    return field


def _usual(ctx: Context, entity: EntityDef) -> str:
    """Answer the choice that the entity's first pipeline is over."""
    return next(iter(ctx.catalog.pipelines.get(entity.id, ())), "")


def _ask(
    ctx: Context,
    asked: PageRequest,
    wish: _Wish,
    entered: Entered,
    problems: Sequence[Problem],
) -> Reply:
    """Answer a form with just the fields that are missing or wrong, and what else refuses."""
    entity, record, field = wish.entity, wish.record, wish.field
    before = [str(name) for name in asked.form.getlist("ask")]
    wrong = [one.path.removeprefix("fields.").split(".")[0] for one in problems]
    open_ = [name for name in dict.fromkeys([*before, *wrong]) if _may_ask(entity, field, name)]
    told = [one for one in problems if _name(one) not in open_]
    shown = [one for one in problems if one.code != _REQUIRED or _name(one) in before]
    drawn = Drawn({**record.values, **entered.values}, entered, shown)
    sections = () if not open_ else draw_sections(ctx, entity, _form(entity, open_), drawn)
    needed = tuple(
        replace(one, fields=tuple(_needed(ctx, each) for each in one.fields)) for one in sections
    )
    rest = tuple(FieldProblem(message=_tell(ctx, one)) for one in told)
    return Show(context=_page(ctx, asked, wish, needed, rest, open_), status=422)


def _needed(ctx: Context, one: FieldInput) -> FieldInput:
    """Answer an input that must be filled; nothing is chosen on behalf of whoever moves."""
    chosen = any(option.selected for option in one.options)
    if one.widget != "select" or chosen:
        return replace(one, required=True)
    none = Choice(value="", label=ctx.messages.say("ui.form.none", ctx.actor.language))
    return replace(one, required=True, options=(none, *one.options))


def _name(problem: Problem) -> str:
    return problem.path.removeprefix("fields.").split(".")[0]


def _may_ask(entity: EntityDef, field: FieldDef, name: str) -> bool:
    one = entity.fields.get(name)
    return one is not None and name != field.id and not one.read_only and not one.masked


def _form(entity: EntityDef, names: Sequence[str]) -> FormDef:
    fields = tuple(FormField(field=name, width="full") for name in names)
    section = Section(id="ask", label=entity.label, columns=1, show_if="", fields=fields)
    return FormDef(id="", entity=entity.id, label=entity.label, use=(), sections=(section,))


def _page(
    ctx: Context,
    asked: PageRequest,
    wish: _Wish,
    sections: tuple[FormSection, ...],
    problems: tuple[FieldProblem, ...] = (),
    names: Sequence[str] = (),
) -> MoveContext:
    entity, record, field, to = wish.entity, wish.record, wish.field, wish.to
    language, say = ctx.actor.language, ctx.messages.say
    title, base = record_title(ctx, record), entity_href(record.entity)
    called = _called(ctx, wish, to) if to else ""
    heading = (
        say("ui.board.enter", language, stage=called) if to else say("ui.board.move", language)
    )
    version = asked.one("_base") or str(record.version)
    given = {"field": field.id, "to": to, "_base": version, _FROM_RECORD: asked.one(_FROM_RECORD)}
    hidden = [Hidden(name=name, value=value) for name, value in given.items() if value]
    hidden += [Hidden(name="ask", value=name) for name in names]
    hidden += [Hidden(name=name, value=value) for name, value in _carried(asked)]
    crumbs = (
        Crumb(label=plural_of(ctx, entity).to(language), href=base),
        Crumb(label=title, href=f"{base}/{record.id}"),
        Crumb(label=heading),
    )
    return MoveContext(
        shell=shell(ctx, asked, Place(title=heading, entity=entity.id, crumbs=crumbs)),
        heading=heading,
        about=title,
        action=f"{base}/{record.id}/stage",
        cancel_href=_back(asked, record),
        sections=sections,
        hidden=tuple(hidden),
        problems=problems,
    )


def _stages(ctx: Context, wish: _Wish) -> tuple[Choice, ...]:
    """Answer where a record may be moved: the stages of its pipeline, else every option."""
    pipeline = pipeline_of(ctx, wish.record, wish.field.id)
    codes = ordered_codes(wish.field)
    if pipeline is not None:
        codes = tuple(stage.code for stage in pipeline.stages if not stage.hidden)
    now = wish.record.values.get(wish.field.id)
    return tuple(
        Choice(value=code, label=_called(ctx, wish, code), selected=code == now) for code in codes
    )


def _called(ctx: Context, wish: _Wish, code: str) -> str:
    """Answer what a stage is called."""
    pipeline = pipeline_of(ctx, wish.record, wish.field.id)
    option = wish.field.options.get(code)
    if pipeline is not None:
        return stage_label(wish.entity, pipeline, code).to(ctx.actor.language)
    return option.label.to(ctx.actor.language) if option else code


def _told(ctx: Context, record: Record, called: str, voided: str) -> str:
    """Answer what is said of a move, and of the approvals that it made void."""
    say, language = ctx.messages.say, ctx.actor.language
    moved = say("ui.board.moved", language, title=record_title(ctx, record), stage=called)
    return say("ui.semicolon", language).join(filter(None, (moved, voided)))


def _moved(ctx: Context, asked: PageRequest, record: Record, told: str) -> MovedContext:
    """Answer the heads as they are now, and the card as the board draws it."""
    entity = ctx.catalog.entity(record.entity)
    one = listing(ctx, entity, ListState.read(entity_href(entity.id), QueryParams(_state(asked))))
    place = Place(title="", entity=entity.id, crumbs=())
    plain = MovedContext(shell=shell(ctx, asked, place), told=told)
    if one.view.type != BOARD or asked.one(_FROM_RECORD):
        return plain
    board = board_of(ctx, one)
    heads = columns_of(ctx, one, board, heads_of(ctx, one, board), cards=False)
    seen = record if _listed(ctx, one, record) else None
    (card,) = cards_of(ctx, one, board, [seen]) if seen else (None,)
    return replace(plain, columns=heads, card=card, movable=board.movable)


def _listed(ctx: Context, one: Listing, record: Record) -> bool:
    """Whether a record is on the board still."""
    query = board_query(ctx, one, board_of(ctx, one))
    mine = f"id == {record.id}"
    text = f"({query.filter}) && {mine}" if query.filter else mine
    return count(ctx, replace(query, filter=text)).value > 0


def _carried(asked: PageRequest) -> list[tuple[str, str]]:
    return [*carried(asked.query), *carried(asked.form)]


def _state(asked: PageRequest) -> list[tuple[str, str]]:
    """Answer the parameters of the board that a move was made on."""
    return [(name.removeprefix(CARRIED), value) for name, value in _carried(asked)]


def _back(asked: PageRequest, record: Record) -> str:
    """Answer where to go after a move: the board it was made on, or the record's page."""
    base = entity_href(record.entity)
    kept = _carried(asked)
    if asked.one(_FROM_RECORD) or not kept:
        return address(f"{base}/{record.id}", kept)
    return address(base, _state(asked))


def _tell(ctx: Context, problem: Problem) -> str:
    return ctx.messages.tell(problem, ctx.actor.language)
