"""What is done with quotes: made of an opportunity, sent, answered, replaced by a new version."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from loopline.sdk import Action, Context, Label, NotValid, Problem, Record, Result
from loopline_contracts.found import only, plain
from loopline_contracts.quote_print import printed
from loopline_contracts.texts import texts

QUOTE: Final = "quote"
PURPOSE: Final = "quote"
"""What links to a quote are for."""
_CARRIED: Final = ("name", "customer", "contact", "price_book", "terms", "note", "opportunity")
_VALID: Final = timedelta(days=30)
"""How long a quote made of another record is valid, unless somebody says otherwise."""
_LINE: Final = ("product", "description", "quantity", "price", "discount", "tax_rate")


def actions(*, with_pipeline: bool) -> Iterable[Action]:
    """Yield the actions of quotes, and where opportunities are, the one that makes a quote."""
    yield Action(
        id="send",
        label=texts("action.send"),
        entity=QUOTE,
        run=send,
        settings=_SENDING,
        shown_if='status in ["draft", "approved", "sent"]',
        tone="accent",
    )
    yield Action(
        id="new_version",
        label=texts("action.new_version"),
        entity=QUOTE,
        run=new_version,
        shown_if='status in ["sent", "declined", "expired", "approved"]',
    )
    if with_pipeline:
        yield Action(
            id="quote",
            label=texts("action.quote"),
            entity="opportunity",
            run=quote_opportunity,
            shown_if='stage != "lost"',
            tone="accent",
        )


_SENDING: Final = {
    "type": "object",
    "properties": {
        "to": {
            "type": "string",
            "maxLength": 200,
            "x-label": {"zh": "收件邮箱", "en": "E-mail"},
            "x-help": {
                "zh": "空着就发给联系人；没有邮箱或本站不能发邮件时，把报价页上的链接转给客户",
                "en": "Blank sends it to the contact; without one pass on the link on the quote",
            },
        },
        "message": {
            "type": "string",
            "maxLength": 2000,
            "x-label": {"zh": "附言", "en": "Message"},
            "x-widget": "textarea",
        },
    },
    "additionalProperties": False,
}


def send(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Print a quote, open it to the customer by a link, and mail the link where it goes to.

    A link that is open already stays the one. Where the site cannot mail or does not know its own
    address, the link is to be passed on by hand. The quote's own rules decide whether it may be
    sent. Raises NotValid.
    """
    quote = only(records)
    if quote.value("status") != "sent":
        quote = ctx.update(QUOTE, quote.id, {"status": "sent", "sent_at": ctx.now})
    pages = ctx.files.pdf("quote.typ", printed(ctx, quote))
    number = ctx.files.keep(f"{quote.value('code')}.pdf", pages)
    quote = ctx.update(QUOTE, quote.id, {"pdf": number})
    secret = ctx.portal.link(PURPOSE, QUOTE, quote.id) or ctx.portal.share(PURPOSE, QUOTE, quote.id)
    link = f"{ctx.portal.address}/quotes/{secret}"
    to = str(settings.get("to") or _address(ctx, quote))
    if to and ctx.portal.address and ctx.messages.can_mail:
        _mail(ctx, quote, to, link, str(settings.get("message") or ""))
        return Result(texts("quote.sent", to=to), data={"link": link})
    return Result(texts("quote.link"), data={"link": link})


def new_version(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Copy a quote as its next version, a draft; the old one counts no longer."""
    old = only(records)
    number = int(str(old.value("version") or 1)) + 1
    values = {name: old.value(name) for name in _CARRIED if old.value(name) is not None}
    held = ctx.elevated("new version").lines(QUOTE, "lines", [old.id])[old.id]
    lines = [{name: line.value(name) for name in _LINE} for line in held]
    made = ctx.create(
        QUOTE,
        {
            **plain(values),
            "valid_until": ctx.today + _VALID,
            "version": number,
            "previous": old.id,
            "lines": _rows(lines),
        },
    )
    ctx.portal.withdraw(PURPOSE, QUOTE, old.id)
    ctx.update(QUOTE, old.id, {"status": "replaced"})
    return Result(texts("quote.new_version", version=number), record=(QUOTE, made.id))


def quote_opportunity(
    ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]
) -> Result:
    """Make a quote of an opportunity: its customer, its lines, else its product.

    Raises NotValid where the opportunity names no customer.
    """
    opportunity = only(records)
    if opportunity.value("customer") is None:
        label = Label({"zh": "请先填写商机的客户", "en": "Name the opportunity's customer first"})
        raise NotValid(Problem("fields.customer", "plugin.refused", {"message": label}))
    made = ctx.create(
        QUOTE,
        {
            "name": opportunity.value("name"),
            "customer": opportunity.value("customer"),
            "opportunity": opportunity.id,
            "valid_until": ctx.today + _VALID,
            "lines": _rows(_wanted(ctx, opportunity)),
        },
    )
    return Result(texts("quote.made", code=str(made.value("code"))), record=(QUOTE, made.id))


def _wanted(ctx: Context, opportunity: Record) -> list[dict[str, object]]:
    """Answer what an opportunity asks for: its lines where it has any, else its product, once."""
    if ctx.has("entity", "opportunity_line"):
        held = ctx.lines("opportunity", "lines", [opportunity.id]).get(opportunity.id, ())
        if held:
            names = ("product", "quantity", "price")
            return [{name: line.value(name) for name in names} for line in held]
    product = opportunity.value("product")
    return [{"product": product, "quantity": 1}] if product is not None else []


def _mail(ctx: Context, quote: Record, to: str, link: str, message: str) -> None:
    language = ctx.language
    params = {
        "site": ctx.portal.site,
        "name": str(quote.value("name")),
        "code": str(quote.value("code")),
        "message": message,
        "link": link,
        "until": str(quote.value("valid_until")),
    }
    subject = texts("quote.mail.subject", **params).to(language)
    text = texts("quote.mail.text", **params).to(language)
    ctx.messages.mail(to, subject, text, key=f"quote:{quote.id}:{quote.version}")


def _address(ctx: Context, quote: Record) -> str:
    """Answer where the quote's contact gets mail; blank where that is not known."""
    contact = quote.value("contact")
    found = ctx.get("contact", contact) if isinstance(contact, int) else None
    address = found.value("email") if found else None
    return address if isinstance(address, str) else ""


def _rows(lines: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    return [plain(line) for line in lines]
