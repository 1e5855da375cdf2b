"""What a list asks for."""

from dataclasses import dataclass
from typing import Literal

Counting = Literal["none", "estimate", "exact"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ListQuery:
    """What a list asks for. ``filter`` is an expression, ``fields`` limits what is read.

    ``cursor`` comes from a page before; ``backwards`` reads the page that ends before it.
    ``deleted`` lists the recycle bin instead of the living. ``action`` lists only records on which
    the actor may do it too, besides reading them.
    """

    entity: str
    filter: str = ""
    q: str = ""
    sort: tuple[str, ...] = ()
    fields: tuple[str, ...] | None = None
    limit: int = 50
    cursor: str | None = None
    backwards: bool = False
    count: Counting = "none"
    deleted: bool = False
    action: str = "read"
