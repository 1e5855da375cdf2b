"""What an expression may refer to: fields of one entity and, one link away, of another."""

from dataclasses import dataclass
from typing import Protocol

from loopline.expr.types import ExprType


@dataclass(frozen=True, slots=True)
class Ref:
    """A field as expressions see it. ``scale`` (0–18) counts the stored decimals of a number.

    ``path`` is ``("amount",)`` or, through a link, ``("customer", "level")``.
    """

    path: tuple[str, ...]
    type: ExprType
    scale: int = 0


class Scope(Protocol):
    """The fields that may be named; built from the catalog."""

    def resolve(self, path: tuple[str, ...]) -> Ref | None:
        """Answer the field at ``path``, None when there is no such field."""
        ...
