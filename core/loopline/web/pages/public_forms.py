"""Public forms: pages without session and scripts, by which strangers make records."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from loopline.access.context import Actor, Context
from loopline.bootstrap import Platform
from loopline.errors import LooplineError, NotFound, NotValid, Problem, TooLarge
from loopline.language import LANGUAGES
from loopline.meta.capture import PUBLIC
from loopline.meta.entities import EntityDef
from loopline.meta.screens import FormDef
from loopline.services.capture.accepting import BY_FORM, accept
from loopline.services.capture.tokens import new_token, read_token
from loopline.services.capture.values import Origin
from loopline.web.contexts.forms import FieldProblem
from loopline.web.contexts.public_forms import PublicFormContext, PublicThanksContext
from loopline.web.contexts.shell import Hidden, PageContext, Shell
from loopline.web.headers import POLICY
from loopline.web.pages.dispatch import posted
from loopline.web.pages.errors import error_page
from loopline.web.pages.form_inputs import Drawn, draw_sections, missing_by_condition
from loopline.web.pages.form_values import initial_values, read_form
from loopline.web.pages.shell import bare_shell
from loopline.web.pages.visitors import here, visitor_language
from loopline.web.rendering import Renderer

TRAP: Final = "_homepage"
_TOKEN: Final = "_token"  # noqa: S105 - the name of an input
_REFERRER: Final = "_referrer"
_CONSENT: Final = "_consent"
_MOST_BYTES: Final = 64 * 1024
_MOST_FIELDS: Final = 100
_LONGEST: Final = 500
_NOBODY_FRAMES: Final = "frame-ancestors 'none'"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """A request for a form, and what was posted."""

    request: Request
    form: FormData = field(default_factory=FormData)

    def one(self, name: str) -> str:
        value = self.form.get(name, "")
        return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A page to draw, and whether what was written stays."""

    context: PageContext
    status: int = 200


class _Undo(Exception):
    """Ends a transaction without commit, with the page to draw."""

    def __init__(self, shown: _Shown) -> None:
        super().__init__()
        self.shown = shown


class PublicForms:
    """The pages for those who have no account."""

    def __init__(self, platform: Platform, renderer: Renderer) -> None:
        self._platform = platform
        self._renderer = renderer

    async def show(self, request: Request) -> Response:
        """Answer an empty form, filled with what the address prescribes."""
        return await run_in_threadpool(self._run, _Asked(request=request), write=False)

    async def post(self, request: Request) -> Response:
        """Take what was filled in, and thank."""
        try:
            said = request.headers.get("content-length", "0")
            if not said.isdigit() or int(said) > _MOST_BYTES:
                raise TooLarge()
            form = await posted(request, _MOST_FIELDS)
        except LooplineError as error:
            return error_page(self._platform, self._renderer, request, error)
        return await run_in_threadpool(self._run, _Asked(request=request, form=form), write=True)

    def _run(self, asked: _Asked, *, write: bool) -> Response:
        request, language = asked.request, self._language(asked.request)
        visitor = Actor(id=None, language=language, scopes=frozenset())
        try:
            with self._platform.enter(lambda _: visitor, write=write, via="form") as ctx:
                form = _form(ctx, request.path_params["form"])
                shown = self._post(ctx, asked, form) if write else self._show(ctx, asked, form)
                if shown.status >= 400:
                    raise _Undo(shown)
        except _Undo as undone:
            shown = undone.shown
        except LooplineError as error:
            return error_page(self._platform, self._renderer, request, error)
        response = self._renderer.render(request, shown.context, status=shown.status)
        response.headers["content-security-policy"] = self._policy()
        response.headers["cache-control"] = "no-store"
        return response

    def _show(self, ctx: Context, asked: _Asked, form: FormDef) -> _Shown:
        entity = ctx.snapshot.catalog.entity(form.entity)
        given = {k: v for k, v in asked.request.query_params.items() if k in form.fields}
        whole = ctx.elevated(BY_FORM)
        return _Shown(self._page(whole, asked, form, Drawn(initial_values(whole, entity, given))))

    def _post(self, ctx: Context, asked: _Asked, form: FormDef) -> _Shown:
        whole = ctx.elevated(BY_FORM)
        entity = ctx.snapshot.catalog.entity(form.entity)
        entered = read_form(whole, entity, form, asked)
        drawn = Drawn(entered.values, entered)
        token = read_token(ctx, form.id, asked.one(_TOKEN))
        if asked.one("_refresh"):
            return _Shown(self._page(whole, asked, form, drawn), 422)
        if asked.one(TRAP):
            return self._thanks(ctx, asked, form)
        if token is None or token.early:
            notice = "form.early" if token else "form.stale"
            return _Shown(self._page(whole, asked, form, drawn, notice), 422)
        try:
            missing = missing_by_condition(whole, entity, form, entered.values)
            origin = _origin(asked, token.once)
            accept(ctx, form, entered.values, origin, [*entered.problems, *missing])
        except NotValid as error:
            drawn = Drawn(entered.values, entered, error.problems)
            return _Shown(self._page(whole, asked, form, drawn), 422)
        return self._thanks(ctx, asked, form)

    def _page(
        self, ctx: Context, asked: _Asked, form: FormDef, drawn: Drawn, notice: str = ""
    ) -> PublicFormContext:
        language, capture = ctx.actor.language, form.capture
        entity = ctx.snapshot.catalog.entity(form.entity)
        referrer = asked.one(_REFERRER) or asked.request.headers.get("referer", "")
        conditions = any(one.show_if for s in form.sections for one in s.fields)
        return PublicFormContext(
            shell=self._shell(asked.request, form, language),
            heading=form.label.to(language) or entity.label.to(language),
            action=here(asked.request),
            sections=draw_sections(ctx, entity, form, drawn),
            trap=TRAP,
            hidden=(
                Hidden(name=_TOKEN, value=new_token(ctx, form.id)),
                Hidden(name=_REFERRER, value=referrer[:_LONGEST]),
            ),
            intro=capture.intro.to(language),
            submit=capture.submit.to(language),
            consent=capture.consent.text.to(language) if capture.consent else "",
            consented=asked.one(_CONSENT) == "true",
            notice=ctx.messages.say(notice, language) if notice else "",
            problems=_told(ctx, entity, drawn.problems),
            depends=conditions or any(one.show_if for one in form.sections),
        )

    def _thanks(self, ctx: Context, asked: _Asked, form: FormDef) -> _Shown:
        language, say = ctx.actor.language, ctx.messages.say
        context = PublicThanksContext(
            shell=self._shell(asked.request, form, language),
            heading=say("ui.form.thanks_title", language),
            thanks=form.capture.thanks.to(language) or say("ui.form.thanks", language),
            again_href=here(asked.request),
        )
        return _Shown(context)

    def _shell(self, request: Request, form: FormDef, language: str) -> Shell:
        site = self._platform.settings.name
        return bare_shell(site, language, here(request), form.label.to(language) or site)

    def _language(self, request: Request) -> str:
        chosen = request.query_params.get("lang", "")
        return chosen if chosen in LANGUAGES else visitor_language(self._platform, request)

    def _policy(self) -> str:
        """Answer the page's policy: framed by this site and the origins that are allowed."""
        origins = " ".join(("'self'", *self._platform.settings.embed_on))
        return POLICY.replace(_NOBODY_FRAMES, f"frame-ancestors {origins}")


def _form(ctx: Context, name: str) -> FormDef:
    """Answer a public form. Raises NotFound in the words of a visitor."""
    try:
        form = ctx.snapshot.catalog.form_for(name, PUBLIC)
    except NotFound:
        raise NotFound(code="form.unknown") from None
    if not ctx.snapshot.catalog.has("entity", form.entity):
        raise NotFound(code="form.unknown")
    return form


def _origin(asked: _Asked, once: str) -> Origin:
    request = asked.request
    return Origin(
        address=request.client.host if request.client else "",
        query=dict(request.query_params),
        referrer=asked.one(_REFERRER)[:_LONGEST],
        consented=asked.one(_CONSENT) == "true",
        once=once,
    )


def _told(ctx: Context, entity: EntityDef, problems: Sequence[Problem]) -> tuple[FieldProblem, ...]:
    language = ctx.actor.language
    told: list[FieldProblem] = []
    for problem in problems:
        definition = entity.fields.get(problem.path.removeprefix("fields."))
        message = ctx.messages.tell(problem, language)
        if definition is not None:
            label, place = definition.label.to(language), f"#f-{definition.id}"
            told.append(FieldProblem(message=message, label=label, href=place))
        else:
            told.append(FieldProblem(message=message))
    return tuple(told)
