"""What is done with contracts: made of a quote by a template, printed, signed on paper."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from loopline.sdk import Action, Context, Document, Label, Record, RecordsChanging, Result, Set
from loopline_contracts.found import number, only, plain
from loopline_contracts.kinds import TEMPLATE
from loopline_contracts.quote_print import printed
from loopline_contracts.texts import texts

CONTRACT: Final = "contract"


def actions() -> Iterable[Action]:
    """Yield the action that makes a contract, and those of contracts."""
    yield Action(
        id="contract",
        label=texts("action.contract"),
        entity="quote",
        run=make,
        settings=_MAKING,
        shown_if='status == "accepted"',
        tone="accent",
    )
    yield Action(
        id="print",
        label=texts("action.print"),
        entity=CONTRACT,
        run=print_contract,
        shown_if='!(status in ["terminated", "archived"])',
    )
    yield Action(
        id="sign",
        label=texts("action.sign"),
        entity=CONTRACT,
        run=sign,
        settings=_SIGNING,
        shown_if='status in ["approved", "signing"]',
        tone="accent",
    )


_MAKING: Final = {
    "type": "object",
    "properties": {
        "template": {
            "type": "string",
            "x-label": {"zh": "合同模板", "en": "Template"},
            "x-document": TEMPLATE,
        }
    },
    "additionalProperties": False,
}
_SIGNING: Final = {
    "type": "object",
    "properties": {
        "signed_at": {
            "type": "string",
            "format": "date",
            "x-label": {"zh": "签订日期", "en": "Signed on"},
        }
    },
    "required": ["signed_at"],
    "additionalProperties": False,
}


def make(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Make a contract of an accepted quote, its clauses written from a template.

    Raises NotFound for a template that is not there.
    """
    quote = only(records)
    values = {
        "name": quote.value("name"),
        "customer": quote.value("customer"),
        "quote": quote.id,
        "opportunity": quote.value("opportunity"),
        "amount": number(quote, "total"),
    }
    template = _template(ctx, str(settings.get("template") or ""))
    if template is not None:
        values |= {"template": template.id, "kind": template.body.get("for")}
    made = ctx.create(CONTRACT, plain(values))
    if template is not None:
        clauses = list(_clauses(ctx, template, made, printed(ctx, quote)))
        made = ctx.update(CONTRACT, made.id, {"clauses": clauses})
    said = texts("contract.made", code=str(made.value("code")))
    return Result(said, record=(CONTRACT, made.id))


def print_contract(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Print a contract with its clauses and keep the pages."""
    contract = only(records)
    pages = ctx.files.pdf("contract.typ", _printed(ctx, contract))
    number_of_file = ctx.files.keep(f"{contract.value('code')}.pdf", pages)
    ctx.update(CONTRACT, contract.id, {"pdf": number_of_file})
    return Result(texts("contract.printed"))


def sign(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Put a contract in force that was signed on paper: the day, and the copy kept with it.

    Raises NotValid where the signed copy is missing.
    """
    contract = only(records)
    changes: dict[str, object] = {"status": "active", "signed_at": settings["signed_at"]}
    if contract.value("starts") is None:
        changes["starts"] = settings["signed_at"]
    ctx.update(CONTRACT, contract.id, changes)
    return Result(texts("contract.signed"))


def guard_clauses(ctx: Context, event: RecordsChanging) -> Iterator[Set]:
    """Yield of each clause whether it says something else than its template."""
    for change in event.changes if event.action in {"create", "update"} else ():
        standard = change.new.get("standard")
        deviates = change.new.get("body") != standard
        if change.new.get("deviates") != deviates:
            yield Set(change, "deviates", deviates)


def _template(ctx: Context, name: str) -> Document | None:
    """Answer a template by name, the first one where none is named. Raises NotFound."""
    if name:
        return ctx.document(TEMPLATE, name)
    found = ctx.documents(TEMPLATE)
    return min(found, key=lambda one: (one.body.get("pos", 0), one.id), default=None)


def _clauses(
    ctx: Context, template: Document, contract: Record, said: Mapping[str, Any]
) -> Iterator[dict[str, object]]:
    """Yield the clauses of a template filled with what is known of the contract."""
    words = {
        "customer": said["customer"],
        "site": said["site"],
        "number": str(contract.value("code")),
        "amount": said["total"],
        "date": said["date"],
        "starts": str(contract.value("starts") or "____"),
        "ends": str(contract.value("ends") or "____"),
        "lines": "\n".join(
            f"- {line['description']} × {line['quantity']}  {line['amount']}"
            for line in said["lines"]
        ),
    }
    clauses = [(name, one) for name, one in template.body["clauses"].items() if _shown(one)]
    for name, one in sorted(clauses, key=lambda pair: pair[1].get("pos", 0)):
        body = _filled(_text(one["body"], ctx.language), words)
        title = _text(one["title"], ctx.language)
        yield {"clause": name, "title": title, "body": body, "standard": body}


def _shown(clause: Mapping[str, Any]) -> bool:
    return not (clause.get("hidden") or clause.get("retired"))


def _text(label: object, language: str) -> str:
    return label if isinstance(label, str) else Label(dict(label)).to(language)  # type: ignore[call-overload]


def _filled(text: str, words: Mapping[str, str]) -> str:
    """Answer a text with its words put in; braces that name none of them stay."""
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", word)
    return text


def _headline(ctx: Context, contract: Record) -> str:
    """Answer what the contract is headed: as its template says, else by its own name."""
    name = str(contract.value("template") or "")
    if not name or not ctx.has(TEMPLATE, name):
        return str(contract.value("name"))
    title = ctx.document(TEMPLATE, name).body.get("title")
    return _text(title, ctx.language) if title else str(contract.value("name"))


def _printed(ctx: Context, contract: Record) -> dict[str, object]:
    clauses = ctx.lines(CONTRACT, "clauses", [contract.id]).get(contract.id, ())
    customer = contract.value("customer")
    return {
        "language": ctx.language,
        "site": ctx.portal.site,
        "code": str(contract.value("code")),
        "name": str(contract.value("name")),
        "title": _headline(ctx, contract),
        "customer": ctx.title("customer", customer) if isinstance(customer, int) else "",
        "date": str(contract.value("signed_at") or ""),
        "clauses": [
            {"title": str(one.value("title")), "body": str(one.value("body") or "")}
            for one in clauses
        ],
    }
