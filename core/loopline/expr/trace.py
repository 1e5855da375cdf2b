"""Why an expression holds for a record, or does not: the facts that decided."""

from collections.abc import Iterator
from dataclasses import dataclass

from loopline.expr.evaluate import Values
from loopline.expr.moment import Moment
from loopline.expr.prose import Prose
from loopline.expr.python import compile_predicate
from loopline.expr.tree import And, Field, Node, Not, Or, walk


@dataclass(frozen=True, slots=True)
class Trace:
    """A condition, whether it holds, and the parts below it, traced in turn."""

    node: Node
    holds: bool
    parts: "tuple[Trace, ...]" = ()

    @property
    def deciding(self) -> Iterator["Trace"]:
        """Yield the tests without which the outcome would be another, or all that led to it."""
        if not self.parts:
            yield self
        for part in self.parts:
            agrees = isinstance(self.node, Not) or part.holds is self.holds
            if agrees:
                yield from part.deciding


def trace(node: Node, values: Values, moment: Moment) -> Trace:
    """Answer how a checked condition comes out for one record."""
    match node:
        case And(below) | Or(below):
            parts = tuple(trace(part, values, moment) for part in below)
        case Not(part):
            parts = (trace(part, values, moment),)
        case _:
            parts = ()
    return Trace(node, compile_predicate(node)(values, moment), parts)


def told(found: Trace, values: Values, prose: Prose) -> str:
    """Answer one sentence: true or false, because of these values of the record."""
    facts: dict[str, None] = {}
    for each in found.deciding:
        fields = [one for one in walk(each.node) if isinstance(one, Field)]
        for field in fields:
            said = prose.value(field, values(field.ref.path))
            facts[prose.say("fact", left=prose.tell(field), right=said)] = None
        if not fields:
            facts[prose.tell(each.node)] = None
    key = "holds" if found.holds else "fails"
    return prose.say(key, facts=prose.say("and").join(facts))
