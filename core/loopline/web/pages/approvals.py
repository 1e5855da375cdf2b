"""The inbox of approvals: what waits for me, what I asked for, what I decided."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import loopline.store.approvals as store
from loopline.access.context import Context
from loopline.errors import LooplineError, NotFound, Problem
from loopline.services.actions import run_action
from loopline.services.approvals import inbox
from loopline.services.approvals.inbox import Item
from loopline.web.contexts.approvals import ApprovalsContext
from loopline.web.contexts.lists import Tab
from loopline.web.contexts.shell import Crumb
from loopline.web.contexts.tables import Empty
from loopline.web.pages.dispatch import Go, PageRequest, Reply, Show
from loopline.web.pages.request_cards import cards_of
from loopline.web.pages.shell import Place, entity_href, shell

_LISTS: Final[Mapping[str, Callable[[Context], list[Item]]]] = {
    "mine": inbox.waiting,
    "asked": inbox.asked,
    "done": inbox.decided,
    "stuck": inbox.stuck,
}
_HERE: Final = "/approvals"
_RECORD: Final = "record"
"""Sent by forms that stand beside the record, to which they lead back."""
ACTS: Final = frozenset({"approve", "reject", "return"})


def show_inbox(ctx: Context, asked: PageRequest) -> Reply:
    """Answer the inbox."""
    return Show(context=_context(ctx, asked, asked.query.get("tab", "mine")))


def decide(ctx: Context, asked: PageRequest) -> Reply:
    """Decide on a seat and come back; a refusal is told at its card, or above where it is gone."""
    act, said = asked.one("act"), asked.one("comment")
    seat = store.seat_by_id(ctx.connection, asked.record_id)
    request = store.request_by_id(ctx.connection, seat.approval) if seat else None
    if seat is None or request is None or act not in ACTS:
        raise NotFound(code="approval.not_found", id=asked.path["id"])
    settings = {"seat": seat.id, **({"comment": said} if said.strip() else {})}
    try:
        done = run_action(ctx, request.entity, [request.record], act, settings)
    except LooplineError as error:
        if error.status not in {403, 409, 422}:
            raise
        return _refused(ctx, asked, seat.id, error)
    at_record = asked.one("back") == _RECORD
    to = f"{entity_href(request.entity)}/{request.record}" if at_record else _HERE
    return Go(to=to, done="approval", title=str(done.message))


def _refused(ctx: Context, asked: PageRequest, seat: int, error: LooplineError) -> Reply:
    found = error.problems or (Problem("act", error.key, error.params),)
    told = tuple(
        dict.fromkeys(
            ctx.messages.tell(named_problem(one, asked.one("comment")), ctx.actor.language)
            for one in found
        )
    )
    context = _context(ctx, asked, "mine")
    action = f"{_HERE}/{seat}"
    if all(card.action != action for card in context.cards):
        return Go(to=_HERE, done="approval_refused", title="; ".join(told), bad=True)
    said = asked.one("comment")
    cards = tuple(
        replace(card, problems=told, said=said) if card.action == action else card
        for card in context.cards
    )
    return Show(context=replace(context, cards=cards), status=422)


def named_problem(problem: Problem, comment: str) -> Problem:
    """Answer a problem as people read it: a comment that the form left out is a missing reason."""
    if problem.path == "settings.comment" and not comment.strip():
        return Problem(problem.path, "approval.reason_required")
    return problem


def _context(ctx: Context, asked: PageRequest, tab: str) -> ApprovalsContext:
    say, language = ctx.messages.say, ctx.actor.language
    chosen = tab if tab in _LISTS else "mine"
    items = _LISTS[chosen](ctx)
    shown = [name for name in _LISTS if name != "stuck" or ctx.actor.administrator]
    title = say("ui.approvals", language)
    return ApprovalsContext(
        shell=shell(ctx, asked, Place(title=title, crumbs=(Crumb(label=title),))),
        tabs=tuple(
            Tab(
                label=say(f"ui.approvals.{name}", language),
                href=f"{_HERE}?tab={name}",
                current=name == chosen,
            )
            for name in shown
        ),
        cards=cards_of(ctx, items, decides=chosen == "mine"),
        empty=Empty(title=say(f"ui.approvals.empty.{chosen}", language)),
    )
