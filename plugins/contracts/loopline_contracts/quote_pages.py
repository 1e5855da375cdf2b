"""The page on which a customer reads a quote, accepts or declines it."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from loopline.sdk import Context, Page, PageRequest, Record, Redirect, Template
from loopline_contracts.quote_print import printed
from loopline_contracts.quotes import PURPOSE, QUOTE
from loopline_contracts.texts import texts

ANSWERS: Final = ("accepted", "declined")
_PATH: Final = "/quotes/{secret}"
_LONGEST: Final = 500


def pages() -> Iterable[Page]:
    """Yield the page and what its form does."""
    yield Page(path=_PATH, handler=show, permission="public")
    yield Page(path=_PATH, handler=answer, methods=("POST",), permission="public")


def show(ctx: Context, request: PageRequest) -> Template:
    """Show a quote to whoever holds its link. Raises NotFound."""
    return _shown(ctx, ctx.portal.opened(PURPOSE, request.path["secret"]))


def answer(ctx: Context, request: PageRequest) -> Template | Redirect:
    """Accept or decline a quote, once, in the name that the customer gives.

    Raises NotFound for a link that opens nothing, NotValid where the quote is no longer valid.
    """
    quote = ctx.portal.opened(PURPOSE, request.path["secret"])
    said, who = request.form.get("answer", ""), request.form.get("who", "").strip()[:100]
    if quote.value("status") == "sent" and said in ANSWERS:
        if not who:
            return _shown(ctx, quote, problem=texts("quote.name_missing").to(ctx.language))
        _record(ctx, quote, said, who, request.form.get("reason", "").strip()[:_LONGEST])
    return Redirect(f"/quotes/{request.path['secret']}")


def _record(ctx: Context, quote: Record, said: str, who: str, reason: str) -> None:
    whole = ctx.elevated("answer of the customer")
    changes = {"status": said, "answered_at": ctx.now, "answered_by": who}
    if said == "declined":
        changes["decline_reason"] = reason
    changed = whole.update(QUOTE, quote.id, changes)
    owner = quote.value("owner")
    if isinstance(owner, int):
        text = texts(f"quote.answered.{said}", who=who, title=str(quote.value("name")))
        whole.messages.notify([owner], text, changed)


def _shown(ctx: Context, quote: Record, problem: str = "") -> Template:
    data = printed(ctx, quote)
    title = texts("quote.page.title", code=str(quote.value("code")))
    state, until = str(quote.value("status")), quote.value("valid_until")
    timely = not isinstance(until, date) or until >= ctx.today
    context = {**data, "status": state, "open": state == "sent" and timely, "problem": problem}
    return Template("quote.html", context, title)
