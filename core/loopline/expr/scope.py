"""What an expression may refer to: fields of one entity and, one link away, of another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from loopline.expr.functions import Function
from loopline.expr.types import ExprType

if TYPE_CHECKING:
    from loopline.expr.tree import Node


@dataclass(frozen=True, slots=True)
class Ref:
    """A field as expressions see it. ``scale`` (0–18) counts the stored decimals of a number.

    ``path`` is ``("amount",)`` or, through links, ``("customer", "owner", "level")``. ``to`` names
    the entity that a link points to. ``formula`` is, for a field that is stored nowhere, the
    checked tree of its value, over the record that the expression is about.
    """

    path: tuple[str, ...]
    type: ExprType
    scale: int = 0
    to: str = ""
    formula: "Node | None" = None


class Scope(Protocol):
    """What may be named; built from the catalog."""

    @property
    def functions(self) -> Mapping[str, Function]:
        """The functions that may be applied, by name."""
        ...

    def resolve(self, path: tuple[str, ...]) -> Ref | None:
        """Answer the field at ``path``, None when there is no such field.

        Raises Unusable for a formula that cannot be worked out.
        """
        ...

    def member(self, name: str) -> Ref | None:
        """Answer a field of the current user (``me.name``), None when there is no such field."""
        ...

    def names(self, path: tuple[str, ...]) -> Iterable[str]:
        """Answer the names that may follow ``path``: fields, for suggestions."""
        ...
