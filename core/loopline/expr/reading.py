"""Which fields an expression reads."""

from loopline.expr.tree import Field, Name, Node, walk


def references(node: Node) -> frozenset[tuple[str, ...]]:
    """Answer the paths of all fields that an expression reads of its record and linked ones."""
    return frozenset(
        each.path if isinstance(each, Name) else each.ref.path
        for each in walk(node)
        if isinstance(each, Field) or (isinstance(each, Name) and each.path[0] != "me")
    )
