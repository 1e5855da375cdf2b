"""The page that explains access."""

from typing import Final

from loopline.access.context import Context
from loopline.errors import LooplineError
from loopline.services.actions import actions_of
from loopline.services.explain_access import Explanation, explain_access
from loopline.web.contexts.access import Answered, ChainLink, ExplainContext
from loopline.web.contexts.inputs import Choice
from loopline.web.contexts.shell import Crumb
from loopline.web.pages import choices
from loopline.web.pages.dispatch import PageRequest, Reply, Show
from loopline.web.pages.numbers import record_number
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
_HOLDS: Final = {True: "yes", False: "no", None: ""}


def show_explain(ctx: Context, asked: PageRequest) -> Reply:
    """Answer the question of the address, or the form for one."""
    given = asked.query
    user = record_number(given.get("user", "")) or ctx.actor.id
    action, entity, number = (given.get(one, "") for one in ("action", "entity", "id"))
    title = ctx.messages.say("ui.explain", ctx.actor.language)
    answer, problem, status = None, "", 200
    if action and entity:
        try:
            record = record_number(number) if number else None
            answer = _answered(explain_access(ctx, user or 0, action, entity, record))
        except LooplineError as error:
            problem, status = ctx.messages.tell(error, ctx.actor.language), error.status
    context = ExplainContext(
        shell=shell(ctx, asked, Place(title=title, crumbs=(Crumb(label=title),))),
        people=choices.people(ctx, user) if ctx.actor.administrator else (),
        actions=_actions(ctx, entity, action),
        entities=choices.entities(ctx, entity),
        number=number,
        answer=answer,
        problem=problem,
    )
    return Show(context=context, status=status)


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
