"""A quote as its customer reads it: on paper and on the public page."""

from decimal import Decimal

from loopline.sdk import Context, Record


def printed(ctx: Context, quote: Record) -> dict[str, object]:
    """Answer what the pages of a quote say: texts ready to be printed, in the actor's language."""
    held = ctx.elevated("print").lines("quote", "lines", [quote.id])[quote.id]
    return {
        "language": ctx.language,
        "site": ctx.portal.site,
        "code": str(quote.value("code")),
        "version": quote.value("version"),
        "name": str(quote.value("name")),
        "customer": _title(ctx, "customer", quote.value("customer")),
        "contact": _title(ctx, "contact", quote.value("contact")),
        "owner": _title(ctx, "user", quote.value("owner")),
        "date": str(ctx.today),
        "valid_until": str(quote.value("valid_until") or ""),
        "terms": str(quote.value("terms") or ""),
        "lines": [_line(line) for line in held],
        "list_total": _money(quote.value("list_total")),
        "total": _money(quote.value("total")),
        "tax_total": _money(quote.value("tax_total")),
        "currency": ctx.currency,
    }


def _line(line: Record) -> dict[str, str]:
    return {
        "description": str(line.value("description") or ""),
        "quantity": _quantity(line.value("quantity")),
        "price": _money(line.value("price")),
        "discount": _percent(line.value("discount")),
        "amount": _money(line.value("amount")),
    }


def _title(ctx: Context, entity: str, number: object) -> str:
    return ctx.elevated("print").title(entity, number) if isinstance(number, int) else ""


def _money(value: object) -> str:
    return f"{value:,.2f}" if isinstance(value, Decimal) else ""


def _quantity(value: object) -> str:
    return f"{value.normalize():,f}" if isinstance(value, Decimal) else ""


def _percent(value: object) -> str:
    if not isinstance(value, Decimal) or not value:
        return ""
    return f"{(value * 100).normalize():f}%"
