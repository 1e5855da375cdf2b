"""The page on which a customer reads a quote, accepts or declines it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from loopline.sdk import Context, File, NotFound, Page, PageRequest, Record, Redirect, Template
from loopline_contracts.quote_print import printed
from loopline_contracts.quotes import PURPOSE, QUOTE
from loopline_contracts.texts import texts

ANSWERS: Final = ("accepted", "declined")
_PATH: Final = "/quotes/{secret}"
_LONGEST: Final = 500
_ONE_VISIT: Final = timedelta(minutes=30)
"""Within this time, being opened again is the same visit."""


def pages() -> Iterable[Page]:
    """Yield the page, what its form does, the printed quote, and the note that it was opened."""
    yield Page(path=_PATH, handler=show, permission="public")
    yield Page(path=_PATH, handler=answer, methods=("POST",), permission="public")
    yield Page(path=f"{_PATH}/pdf", handler=download, permission="public")
    yield Page(path=f"{_PATH}/seen", handler=note_visit, methods=("POST",), permission="public")


def show(ctx: Context, request: PageRequest) -> Template:
    """Show a quote to whoever holds its link; a ``preview`` is not noted. Raises NotFound."""
    quote = ctx.portal.opened(PURPOSE, request.path["secret"])
    return _shown(ctx, quote, request)


def answer(ctx: Context, request: PageRequest) -> Template | Redirect:
    """Accept or decline a quote, once, in the name that the customer gives.

    Raises NotFound for a link that opens nothing, NotValid where the quote is no longer valid.
    """
    quote = ctx.portal.opened(PURPOSE, request.path["secret"])
    said, who = request.form.get("answer", ""), request.form.get("who", "").strip()[:100]
    if quote.value("status") == "sent" and said in ANSWERS:
        if not who:
            problem = texts("quote.name_missing").to(ctx.language)
            return _shown(ctx, quote, request, problem=problem)
        _record(ctx, quote, said, who, request.form.get("reason", "").strip()[:_LONGEST])
    return Redirect(f"/quotes/{request.path['secret']}")


def download(ctx: Context, request: PageRequest) -> File:
    """Answer the quote as it was printed. Raises NotFound."""
    quote = ctx.portal.opened(PURPOSE, request.path["secret"])
    number = quote.value("pdf")
    if not isinstance(number, int):
        raise NotFound(code="portal.unknown")
    content = ctx.elevated("printed quote").files.read(number)
    return File(content=content, name=f"{quote.value('code')}.pdf", media_type="application/pdf")


def note_visit(ctx: Context, request: PageRequest) -> File:
    """Note that somebody looks at a quote that waits for its answer, once a visit."""
    quote = ctx.portal.opened(PURPOSE, request.path["secret"])
    before, count = quote.value("opened_at"), quote.value("opens")
    again = isinstance(before, datetime) and ctx.now - before < _ONE_VISIT
    if quote.value("status") == "sent" and not again:
        times = (count if isinstance(count, int) else 0) + 1
        whole = ctx.elevated("opened by the customer")
        whole.update(QUOTE, quote.id, {"opened_at": ctx.now, "opens": times})
    return File(content=b"", name="seen.txt", media_type="text/plain")


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


def _shown(ctx: Context, quote: Record, request: PageRequest, problem: str = "") -> Template:
    data = printed(ctx, quote)
    title = texts("quote.page.title", code=str(quote.value("code")))
    state, until = str(quote.value("status")), quote.value("valid_until")
    timely = not isinstance(until, date) or until >= ctx.today
    here = f"/quotes/{request.path['secret']}"
    context = {
        **data,
        "status": state,
        "open": state == "sent" and timely,
        "problem": problem,
        "pdf": f"{here}/pdf" if quote.value("pdf") else "",
        "seen": "" if "preview" in request.query else f"{here}/seen",
    }
    return Template("quote.html", context, title)
