"""The page on which what somebody holds is given to a successor, after a look at it."""

from typing import Final
from urllib.parse import urlencode

from loopline.access.context import Context
from loopline.services.handover import Holding, hand_over, holdings
from loopline.services.people import USER, user_by
from loopline.services.titles import titles
from loopline.web.contexts.handover import HandoverContext, HoldingRow
from loopline.web.contexts.shell import Crumb
from loopline.web.pages.dispatch import Go, PageRequest, PageRoute, Reply, Show
from loopline.web.pages.plurals import plural_of
from loopline.web.pages.shell import Place, entity_href, shell


def show(ctx: Context, asked: PageRequest) -> Reply:
    """Answer what a user holds, and a choice of the successor. Raises Forbidden."""
    user = asked.record_id
    held = holdings(ctx, user)
    language, say = ctx.actor.language, ctx.messages.say
    name = titles(ctx, USER, [user]).get(user, f"#{user}")
    title = say("ui.handover", language, name=name)
    rows = tuple(
        HoldingRow(
            label=_held_as(ctx, one),
            count=one.count,
            href=f"{entity_href(one.entity)}?{urlencode([('filter', one.filter)])}",
        )
        for one in held.records
    )
    crumbs = (Crumb(label=name, href=f"/people/{user}"), Crumb(label=title))
    context = HandoverContext(
        shell=shell(ctx, asked, Place(title=title, crumbs=crumbs)),
        rows=rows,
        seats=held.seats,
        action=f"/people/{user}/handover",
    )
    return Show(context=context)


def _held_as(ctx: Context, one: Holding) -> str:
    """Answer what is held, and as what: somebody may own tasks and be asked for others."""
    entity, language = ctx.catalog.entity(one.entity), ctx.actor.language
    field = entity.field(one.field)
    named = plural_of(ctx, entity).to(language)
    return named if field is None else f"{named} · {field.label.to(language)}"


def act(ctx: Context, asked: PageRequest) -> Reply:
    """Hand over to whom the form names. Raises Forbidden, NotValid, NotFound."""
    user = asked.record_id
    done = hand_over(ctx, user, user_by(ctx, asked.one("to")))
    moved = sum(one.total for one in done.runs)
    text = ctx.messages.say(
        "ui.handover.done",
        ctx.actor.language,
        count=moved,
        seats=done.seats,
        kept=len(done.kept),
    )
    return Go(to=f"/people/{user}/handover", done="handed_over", title=text)


ROUTES: Final = (
    PageRoute(method="GET", path="/people/{id:int}/handover", handler=show),
    PageRoute(method="POST", path="/people/{id:int}/handover", handler=act),
)
