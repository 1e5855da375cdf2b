"""The page behind a link in a mail: showing changes nothing, its form decides once."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from loopline.access.context import Context
from loopline.bootstrap import Platform
from loopline.errors import Forbidden, LooplineError, NotFound, NotValid
from loopline.services.actions import run_action
from loopline.services.approvals import inbox
from loopline.services.approvals.mail_links import Linked, find_link, use_link
from loopline.services.approvals.mine import gone
from loopline.services.approvals.people import actor_of
from loopline.web.contexts.approvals import ApproveContext, Card
from loopline.web.pages.approvals import ACTS, named_problem
from loopline.web.pages.dispatch import posted
from loopline.web.pages.errors import error_page
from loopline.web.pages.request_cards import cards_of
from loopline.web.pages.shell import bare_shell
from loopline.web.rendering import Renderer

_FIELDS: Final = 10


class ApprovePage:
    """The page for those who come by a link, without signing in."""

    def __init__(self, platform: Platform, renderer: Renderer) -> None:
        self._platform = platform
        self._renderer = renderer

    def routes(self) -> list[BaseRoute]:
        """Answer the routes."""
        return [
            Route("/approve/{secret}", self.show, methods=["GET"]),
            Route("/approve/{secret}", self.decide, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """Answer what the link is about."""
        return await run_in_threadpool(self._answer, request, self._show)

    async def decide(self, request: Request) -> Response:
        """Decide as the form says."""
        try:
            form = await posted(request, _FIELDS)
        except LooplineError as error:
            return error_page(self._platform, self._renderer, request, error)
        return await run_in_threadpool(self._answer, request, lambda one: self._decide(one, form))

    def _answer(self, request: Request, handle: Callable[[Request], Response]) -> Response:
        try:
            response = handle(request)
        except LooplineError as error:
            response = error_page(self._platform, self._renderer, request, error)
        response.headers["Referrer-Policy"] = "no-referrer"  # the address is the secret
        response.headers["Cache-Control"] = "no-store"
        return response

    def _show(self, request: Request) -> Response:
        with self._platform.read(via="mail") as system:
            linked = find_link(system, request.path_params["secret"])
            return self._drawn(request, self._as_person(system, linked), linked)

    def _drawn(
        self, request: Request, ctx: Context, linked: Linked, said: str = "", problem: str = ""
    ) -> Response:
        card = replace(
            self._card(ctx, linked),
            href="",
            more=(),
            action=request.url.path,
            said=said,
            problems=(problem,) if problem else (),
        )
        shown = self._context(ctx, card=card, who=ctx.actor.name)
        return self._renderer.render(request, shown, status=422 if problem else 200)

    def _decide(self, request: Request, form: FormData) -> Response:
        act, said = str(form.get("act", "")), str(form.get("comment", ""))
        secret = request.path_params["secret"]
        if act not in ACTS:
            raise NotFound(code="approval.link_unknown")
        try:
            with self._platform.write(via="mail") as system:
                linked = use_link(system, secret)
                ctx = self._as_person(system, linked)
                asked, seat = linked.request, linked.seat.id
                settings = {"seat": seat, **({"comment": said} if said.strip() else {})}
                done = run_action(ctx, asked.entity, [asked.record], act, settings)
                text = ctx.messages.say(
                    "ui.approve.done", ctx.actor.language, state=str(done.message)
                )
                return self._renderer.render(request, self._context(ctx, done=text))
        except NotValid as error:
            with self._platform.read(via="mail") as system:
                linked = find_link(system, secret)
                ctx = self._as_person(system, linked)
                why = ctx.messages.tell(named_problem(error.problems[0], said), ctx.actor.language)
                return self._drawn(request, ctx, linked, said, why)

    def _as_person(self, system: Context, linked: Linked) -> Context:
        """Answer the context of whom the link was sent to. Raises Forbidden where they are gone."""
        actor = actor_of(system, linked.link.user_id)
        if actor is None:
            raise Forbidden(code="user.gone", user=linked.link.user_id)
        return replace(system, actor=actor, locale=self._platform.locale(actor))

    def _card(self, ctx: Context, linked: Linked) -> Card:
        """Answer what is asked. Raises Conflict where it is decided, NotFound where unreadable."""
        found = [one for one in inbox.waiting(ctx) if one.seat and one.seat.id == linked.seat.id]
        if not found:
            raise gone(linked.request, linked.seat)
        return cards_of(ctx, found, decides=True)[0]

    def _context(
        self, ctx: Context, *, card: Card | None = None, who: str = "", done: str = ""
    ) -> ApproveContext:
        language = ctx.actor.language
        title = ctx.messages.say("ui.approvals", language)
        frame = bare_shell(self._platform.settings.name, language, "/", title)
        return ApproveContext(shell=frame, card=card, who=who, done=done)
