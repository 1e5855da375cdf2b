"""Whether rules name what there is, asked before a release with them is published.

Schemas, references between documents and expressions are the kernel's to check; options of
tickets, and people, departments and categories, which are records, are looked up here.
"""

from collections.abc import Iterable, Iterator, Mapping

from loopline.sdk import Context, Document, Label, Publishing, Refuse, quoted
from loopline_service.found import TICKET
from loopline_service.kinds import SLA_POLICY, TICKET_RULE, VISIT_RULE
from loopline_service.rules import elements, read_policy, read_ticket_rule, read_visit_rule
from loopline_service.texts import texts
from loopline_service.visits import VISIT


def refusals(ctx: Context, event: Publishing) -> Iterable[Refuse]:
    """Yield what is wrong with the rules that a release changes."""
    check = _Check(ctx.elevated("checking rules"), event)
    for document in event.resolved:
        for message in check.problems(document):
            yield Refuse(None, message, place=f"{document.kind}/{document.id}")


class _Check:
    """The documents of a release as they will be, and the records that rules name."""

    def __init__(self, ctx: Context, event: Publishing) -> None:
        self._ctx = ctx
        self._fresh = {one.id: one for one in event.resolved if one.kind == "entity"}

    def problems(self, document: Document) -> Iterator[Label]:
        """Yield what is wrong with one document."""
        if document.kind == SLA_POLICY:
            for code in read_policy(document).limits:
                yield from self._option(document, TICKET, "priority", code)
        elif document.kind == TICKET_RULE:
            yield from self._ticket_rule(document)
        elif document.kind == VISIT_RULE:
            rule = read_visit_rule(document)
            yield from self._option(document, rule.entity, "status", rule.enters)
            yield from self._option(document, VISIT, "reason", rule.reason)
            yield from self._option(document, VISIT, "channel", rule.channel)

    def _ticket_rule(self, document: Document) -> Iterator[Label]:
        rule = read_ticket_rule(document)
        for field, code in rule.set.items():
            if field == "category":
                yield from self._record(document, "ticket_category", "code", code)
            else:
                yield from self._option(document, TICKET, field, code)
        for one in rule.assign:
            if not (one.users or one.role or one.department or one.skill):
                yield texts("publish.nobody", rule=document.id)
            for email in one.users:
                yield from self._record(document, "user", "email", email)
            if one.department:
                yield from self._record(document, "department", "code", one.department)

    def _option(self, document: Document, entity: str, field: str, code: str) -> Iterator[Label]:
        options = self._options(entity, field)
        if code and options is not None and code not in options:
            yield texts("publish.option", rule=document.id, field=f"{entity}.{field}", code=code)

    def _options(self, entity: str, field: str) -> frozenset[str] | None:
        """Answer the options of a choice; None where the entity is not there to ask."""
        found = self._fresh.get(entity)
        if found is None and self._ctx.has("entity", entity):
            found = self._ctx.document("entity", entity)
        fields: Mapping[str, Mapping[str, object]] = found.body.get("fields", {}) if found else {}
        if field not in fields:
            return None
        return frozenset(name for name, _ in elements(fields[field].get("options")))

    def _record(self, document: Document, entity: str, field: str, code: str) -> Iterator[Label]:
        """Yield that a record is missing; a site that has none of them yet is being made."""
        there = self._ctx.has("entity", entity) and self._ctx.count(entity)
        if there and not self._ctx.count(entity, f"{field} == {quoted(code)}"):
            kind = texts(f"publish.{entity}")
            yield texts("publish.record", rule=document.id, kind=kind, code=code)
