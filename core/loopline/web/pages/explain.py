"""The page that explains access."""

from typing import Final

from loopline.access.context import Context
from loopline.errors import LooplineError
from loopline.services.actions import actions_of
from loopline.services.explain_access import Explanation, explain_access
from loopline.services.titles import titles
from loopline.web.contexts.access import Answered, ChainLink, ExplainContext
from loopline.web.contexts.inputs import Choice, FieldInput
from loopline.web.contexts.shell import Crumb
from loopline.web.pages import choices
from loopline.web.pages.dispatch import PageRequest, Reply, Show
from loopline.web.pages.numbers import record_number
from loopline.web.pages.picking import candidates
from loopline.web.pages.shell import Place, shell

_ACTIONS: Final = (
    "read",
    "create",
    "update",
    "delete",
    "restore",
    "assign",
    "export",
    "import",
    "reveal",
)
_RECORD: Final = "id"
_HOLDS: Final = {True: "yes", False: "no", None: ""}


def show_explain(ctx: Context, asked: PageRequest) -> Reply:
    """Answer the question of the address, or the form for one."""
    given = asked.query
    user = record_number(given.get("user", "")) or ctx.actor.id
    action, entity, number = (given.get(one, "") for one in ("action", "entity", "id"))
    title = ctx.messages.say("ui.explain", ctx.actor.language)
    kind, _, digits = number.rpartition(":")
    record = record_number(digits) if kind in {"", entity} else None
    answer, problem, status = None, "", 200
    if action and entity and not given.get("_find"):
        try:
            answer = _answered(explain_access(ctx, user or 0, action, entity, record))
        except LooplineError as error:
            problem, status = ctx.messages.tell(error, ctx.actor.language), error.status
    context = ExplainContext(
        shell=shell(ctx, asked, Place(title=title, crumbs=(Crumb(label=title),))),
        people=choices.people(ctx, user) if ctx.actor.administrator else (),
        actions=_actions(ctx, entity, action),
        entities=choices.entities(ctx, entity),
        record=_picker(ctx, entity, record, given.get(f"{_RECORD}._find", "")),
        answer=answer,
        problem=problem,
    )
    return Show(context=context, status=status)


def _picker(ctx: Context, entity: str, record: int | None, text: str) -> FieldInput:
    """Answer what chooses a record of the entity: the chosen one, and those that ``text`` finds."""
    known = ctx.catalog.has("entity", entity)
    named = titles(ctx, entity, [record]) if known and record is not None else {}
    chosen = [(str(one), title) for one, title in named.items()]
    found = candidates(ctx, entity, text) if known and text else []
    further = [(one.value, one.label) for one in found if one.value != str(record)]
    return FieldInput(
        name=_RECORD,
        label=ctx.messages.say("ui.explain.record", ctx.actor.language),
        options=tuple(
            Choice(value=f"{entity}:{value}", label=label, selected=value == str(record))
            for value, label in (*chosen, *further)
        ),
        find=text,
    )


def _actions(ctx: Context, entity: str, chosen: str) -> tuple[Choice, ...]:
    """Answer the actions of the kernel, and those that the entity has besides."""
    found = choices.actions(ctx, [(one, f"access.action.{one}") for one in _ACTIONS], chosen)
    if not ctx.catalog.has("entity", entity):
        return found
    language = ctx.actor.language
    more = {
        one.action.id: one.action.label.to(language)
        for one in actions_of(ctx, entity)
        if one.action.id not in _ACTIONS
    }
    further = (
        Choice(value=one, label=label, selected=one == chosen) for one, label in more.items()
    )
    return (*found, *further)


def _answered(found: Explanation) -> Answered:
    return Answered(
        allowed=found.allowed,
        sentence=found.sentence,
        links=tuple(
            ChainLink(text=one.told, holds=_HOLDS[one.holds])
            for one in (*found.grants, *found.demands)
        ),
        change=found.change,
    )
