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
        "lines": [line_texts(ctx, line) for line in held],
        "list_total": money(ctx, quote.value("list_total")),
        "total": money(ctx, quote.value("total")),
        "tax_total": money(ctx, quote.value("tax_total")),
    }


def money(ctx: Context, value: object) -> str:
    """Answer an amount to the cent: ``¥1,234.50`` in Chinese, ``CNY 1,234.50`` in English."""
    if not isinstance(value, Decimal):
        return ""
    sign = "¥" if (ctx.currency, ctx.language) == ("CNY", "zh") else f"{ctx.currency}\u00a0"
    return f"{'-' if value < 0 else ''}{sign}{abs(value):,.2f}"


def amount(ctx: Context, value: object) -> str:
    """Answer an amount to the cent for colleagues, who read one sign in either language."""
    if not isinstance(value, Decimal):
        return ""
    sign = "¥" if ctx.currency == "CNY" else f"{ctx.currency}\u00a0"
    return f"{'-' if value < 0 else ''}{sign}{abs(value):,.2f}"


def line_texts(ctx: Context, line: Record) -> dict[str, str]:
    """Answer what a line says, each value as a text."""
    return {
        "description": str(line.value("description") or ""),
        "quantity": _quantity(line.value("quantity")),
        "price": money(ctx, line.value("price")),
        "discount": _percent(line.value("discount")),
        "amount": money(ctx, line.value("amount")),
    }


def _title(ctx: Context, entity: str, number: object) -> str:
    return ctx.elevated("print").title(entity, number) if isinstance(number, int) else ""


def _quantity(value: object) -> str:
    return f"{value.normalize():,f}" if isinstance(value, Decimal) else ""


def _percent(value: object) -> str:
    if not isinstance(value, Decimal) or not value:
        return ""
    return f"{(value * 100).normalize():f}%"
