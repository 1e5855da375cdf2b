"""Whether rules name what there is, asked before a release with them is published.

Schemas, references between documents and expressions are the kernel's to check; people,
departments and pools are records, which only the plugin knows to look for.
"""

from collections.abc import Iterable, Iterator

from loopline.sdk import Context, Document, Label, Publishing, Refuse, quoted
from loopline_leads.kinds import ASSIGNMENT, POOL_RULE
from loopline_leads.leads import POOL
from loopline_leads.rules import AssignmentRule, PoolRule, read_assignment, read_pool_rule
from loopline_leads.texts import told


def refusals(ctx: Context, event: Publishing) -> Iterable[Refuse]:
    """Yield what is wrong with the rules that a release changes.

    A site that has no pools yet is being made: its pools come with its first records.
    """
    whole = ctx.elevated("checking rules")
    changed = [one for one in event.resolved if one.kind in {ASSIGNMENT, POOL_RULE}]
    if not changed or not whole.has("entity", POOL) or not whole.count(POOL):
        return
    for document in changed:
        for message in _problems(whole, event, document):
            yield Refuse(None, message, place=f"{document.kind}/{document.id}")


def _problems(ctx: Context, event: Publishing, document: Document) -> Iterator[Label]:
    if document.kind == ASSIGNMENT:
        yield from _of_assignment(ctx, read_assignment(document), document)
    else:
        yield from _of_pool_rule(ctx, event, read_pool_rule(document))


def _of_assignment(ctx: Context, rule: AssignmentRule, document: Document) -> Iterator[Label]:
    for receiver in rule.to:
        if not (receiver.users or receiver.role or receiver.department or receiver.pool):
            yield told("publish.receiver", name=document.id, entry="to")
        for email in receiver.users:
            if not ctx.count("user", f"email == {quoted(email)}"):
                yield told("publish.user", name=rule.label, code=email)
        code = receiver.department
        if code and not ctx.count("department", f"code == {quoted(code)}"):
            yield told("publish.department", name=rule.label, code=code)
        if receiver.pool:
            yield from _pool(ctx, "kind.assignment", rule.label, receiver.pool)


def _of_pool_rule(ctx: Context, event: Publishing, rule: PoolRule) -> Iterator[Label]:
    for code in dict.fromkeys((rule.pool, *(entry.to for entry in rule.recycle if entry.to))):
        yield from _pool(ctx, "kind.pool_rule", rule.label, code)
    now = {one.id: one for one in ctx.documents(POOL_RULE)}
    gone = {name.partition("/")[2] for name in event.documents if name.startswith(f"{POOL_RULE}/")}
    will = {one.id: one for one in event.resolved if one.kind == POOL_RULE}
    others = {**{name: one for name, one in now.items() if name not in gone}, **will}
    for name, document in others.items():
        other = name > rule.id if name in will else name != rule.id  # two at once: told once
        if other and _concerns_same(document, rule):
            yield told("publish.twice", code=rule.pool, name=rule.id, other=name)


def _concerns_same(document: Document, rule: PoolRule) -> bool:
    return (document.body.get("pool"), document.body.get("entity")) == (rule.pool, rule.entity)


def _pool(ctx: Context, kind: str, name: Label, code: str) -> Iterator[Label]:
    if not ctx.count(POOL, f"code == {quoted(code)}"):
        yield told("publish.pool", kind=told(kind), name=name, code=code)
