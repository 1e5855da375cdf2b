"""What of the moment a checked expression depends on: the key under which its SQL may be kept."""

from collections.abc import Hashable, Iterable

from loopline.expr.moment import Moment
from loopline.expr.tree import (
    InSet,
    Literal,
    LocalDay,
    Me,
    Member,
    Node,
    Now,
    OnDay,
    Today,
    walk,
)


def passing(  # noqa: C901 one case for each kind of node
    nodes: Iterable[Node], moment: Moment
) -> tuple[Hashable, ...] | None:
    """Answer the parts of a moment that expressions depend on; None if on the very instant.

    Two moments with equal answers give equal SQL, values bound in it included.
    """
    found: dict[Hashable, Hashable] = {}
    for node in nodes:
        for each in walk(node):
            match each:
                case Now():
                    return None
                case Today():
                    found["today"] = moment.today()
                case OnDay() | LocalDay():
                    found["zone"] = moment.zone
                case Me():
                    found["me"] = moment.me
                case Member(ref):
                    value = moment.profile.get(ref.path[-1])
                    found[ref.path] = value if isinstance(value, Hashable) else repr(value)
                case InSet(relation, _, of, to):
                    key = (relation, to, of)
                    found[key] = moment.members(relation, to, member_of(of, moment))
    return tuple(found.items())


def member_of(node: Node, moment: Moment) -> object:
    """Answer whose set is asked for: the current user, a record of their profile, or one named."""
    if isinstance(node, Me):
        return moment.user()
    if isinstance(node, Literal):
        return node.value
    return moment.profile.get(node.ref.path[-1]) if isinstance(node, Member) else None
