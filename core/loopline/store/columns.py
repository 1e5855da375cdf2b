"""The columns of a statement over one entity, joining linked entities as expressions name them."""

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from loopline.store.members import holding
from loopline.store.snapshot import Snapshot
from loopline.store.tables import RecordTable, StoredField


@dataclass
class RecordColumns:
    """Columns by field path; each link that is followed becomes one outer join."""

    snapshot: Snapshot
    one: RecordTable
    joins: dict[str, tuple[RecordTable, sa.FromClause]] = field(default_factory=dict)

    def stored(self, path: tuple[str, ...]) -> StoredField:
        """Answer the stored field at ``path``; the expression check made sure that it is there."""
        found = (self.one if len(path) == 1 else self._join(path[0])[0]).field(path[-1])
        if found is None:
            raise KeyError(".".join(path))
        return found

    def column(self, path: tuple[str, ...]) -> sa.ColumnElement[Any]:
        """Answer the main storage column of a field."""
        return self._column(path, self.stored(path).main)

    def key(self, path: tuple[str, ...]) -> sa.ColumnElement[Any]:
        """Answer the folded key column of a short text."""
        stored = self.stored(path)
        return self._column(path, stored.key or stored.main)

    def holding(
        self, path: tuple[str, ...], code: str, *, negated: bool
    ) -> sa.ColumnElement[bool] | None:
        """Answer the condition that a field of several has a member; None without own rows."""
        stored = self.stored(path)
        if stored.members is None:
            return None
        return holding(stored, self._column(path, "id"), code, negated=negated)

    def source(self) -> sa.FromClause:
        """Answer the FROM clause: the table and the links that were followed."""
        source: sa.FromClause = self.one.table
        for link, (_, alias) in self.joins.items():
            stored = self.stored((link,))
            source = source.outerjoin(alias, alias.c.id == self.one.table.c[stored.main])
        return source

    def _column(self, path: tuple[str, ...], name: str) -> sa.ColumnElement[Any]:
        source = self.one.table if len(path) == 1 else self._join(path[0])[1]
        column: sa.ColumnElement[Any] = source.c[name]
        return column

    def _join(self, link: str) -> tuple[RecordTable, sa.FromClause]:
        if link not in self.joins:
            target = self.snapshot.table(self.stored((link,)).definition.to)
            self.joins[link] = (target, target.table.alias(f"l_{link}"))
        return self.joins[link]
