"""Where the columns of a statement come from."""

from typing import Any, Protocol, runtime_checkable

from sqlalchemy import ColumnElement

Condition = ColumnElement[bool]
Column = ColumnElement[Any]


class ColumnSource(Protocol):
    """The columns of a statement by field path; joins through links must be outer joins."""

    def column(self, path: tuple[str, ...]) -> ColumnElement[Any]:
        """Answer the main storage column of a field."""
        ...

    def key(self, path: tuple[str, ...]) -> ColumnElement[Any]:
        """Answer the column that holds the folded key of a short text, NULL when blank."""
        ...


@runtime_checkable
class MemberSource(Protocol):
    """Columns where some fields of several have their members in rows of their own."""

    def holding(
        self, path: tuple[str, ...], code: str, *, negated: bool
    ) -> ColumnElement[bool] | None:
        """Answer the condition that the field has the member, None where it has no such rows."""
        ...
