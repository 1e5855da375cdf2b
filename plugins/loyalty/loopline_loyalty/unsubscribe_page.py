"""The page on which people ask for no more mails; only its button does anything."""

from collections.abc import Iterable
from typing import Final

from loopline.sdk import Context, Page, PageRequest, Redirect, Template
from loopline_loyalty.found import text
from loopline_loyalty.reaching import CONTACT, SUPPRESSION, reachable
from loopline_loyalty.texts import texts

PURPOSE: Final = "unsubscribe"
_PATH: Final = "/unsubscribe/{secret}"


def pages() -> Iterable[Page]:
    """Yield the page and what its button does; programs that follow links change nothing."""
    yield Page(path=_PATH, handler=show, permission="public")
    yield Page(path=_PATH, handler=leave, methods=("POST",), permission="public")


def show(ctx: Context, request: PageRequest) -> Template:
    """Show the button, or that it was pressed. Raises NotFound."""
    contact = ctx.portal.opened(PURPOSE, request.path["secret"])
    gone = not reachable(ctx.elevated("unsubscribe"), [contact])
    context = {
        "gone": gone,
        "text": texts("unsubscribe.done" if gone else "unsubscribe.ask").to(ctx.language),
        "button": texts("unsubscribe.button").to(ctx.language),
    }
    return Template("unsubscribe.html", context, texts("unsubscribe.title"))


def leave(ctx: Context, request: PageRequest) -> Redirect:
    """Note that somebody wants no more mails. Raises NotFound."""
    contact = ctx.portal.opened(PURPOSE, request.path["secret"])
    moves = ctx.elevated("unsubscribe")
    if reachable(moves, [contact]):
        values = {
            CONTACT: contact.id,
            "address": text(contact, "email"),
            "channel": "email",
            "reason": texts("unsubscribe.reason").to(ctx.language),
            "at": ctx.now,
        }
        moves.create(SUPPRESSION, values)
    return Redirect(f"/unsubscribe/{request.path['secret']}")
