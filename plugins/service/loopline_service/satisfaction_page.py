"""The page on which customers say how a ticket was handled, once."""

from collections.abc import Iterable
from typing import Final

from loopline.sdk import Context, Page, PageRequest, Record, Redirect, Template
from loopline_service.conversation import address_of, mail, tell_owner
from loopline_service.found import CAUSE, TICKET, text
from loopline_service.texts import texts

PURPOSE: Final = "satisfaction"
_PATH: Final = "/satisfaction/{secret}"
_SCORES: Final = ("1", "2", "3", "4", "5")
_LONGEST: Final = 2000
_DAYS: Final = 30


def pages() -> Iterable[Page]:
    """Yield the page and what its form does."""
    yield Page(path=_PATH, handler=show, permission="public")
    yield Page(path=_PATH, handler=rate, methods=("POST",), permission="public")


def ask(ctx: Context, ticket: Record) -> None:
    """Mail whoever asked a link to say how it was; once each time a ticket is closed."""
    told = ticket.value("satisfaction") is not None
    if told or not address_of(ctx, ticket) or not ctx.portal.address:
        return
    secret = ctx.portal.share(PURPOSE, TICKET, ticket.id, days=_DAYS)
    link = f"{ctx.portal.address}/satisfaction/{secret}"
    mail(ctx, ticket, "satisfaction", f"closed:{ticket.value('reopened')}", link=link)


def show(ctx: Context, request: PageRequest) -> Template:
    """Ask how it was, or say thanks where that was told. Raises NotFound."""
    return _shown(ctx, ctx.portal.opened(PURPOSE, request.path["secret"]))


def rate(ctx: Context, request: PageRequest) -> Template | Redirect:
    """Keep what the customer says. Raises NotFound for a link that opens nothing."""
    ticket = ctx.portal.opened(PURPOSE, request.path["secret"])
    score = request.form.get("rating", "")
    if ticket.value("satisfaction") is None:
        if score not in _SCORES:
            return _shown(ctx, ticket, problem=texts("page.score_missing").to(ctx.language))
        said = request.form.get("comment", "").strip()[:_LONGEST]
        changes: dict[str, object] = {"satisfaction": int(score), "satisfaction_at": ctx.now}
        if said:
            changes["satisfaction_note"] = said
        whole = ctx.elevated("satisfaction of the customer")
        changed = whole.because(**{CAUSE: PURPOSE}).update(TICKET, ticket.id, changes)
        tell_owner(whole, changed, "rated.told", "rated", score=score)
    return Redirect(f"/satisfaction/{request.path['secret']}")


def _shown(ctx: Context, ticket: Record, problem: str = "") -> Template:
    context = {
        "code": text(ticket, "code"),
        "subject": text(ticket, "subject"),
        "solution": text(ticket, "solution"),
        "score": ticket.value("satisfaction"),
        "scores": [(one, texts(f"score.{one}").to(ctx.language)) for one in reversed(_SCORES)],
        "problem": problem,
    }
    return Template("satisfaction.html", context, texts("page.satisfaction"))
