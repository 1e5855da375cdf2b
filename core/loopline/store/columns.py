"""The columns of a statement over one entity, joining linked entities as expressions name them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from loopline.store.members import holding
from loopline.store.snapshot import Snapshot
from loopline.store.tables import RecordTable, StoredField


@dataclass
class RecordColumns:
    """Columns by field path; each link that is followed becomes one outer join.

    With ``visible``, which answers the ids of an entity that may be seen (None for all of them), a
    link to anything else leads nowhere. ``prefix`` keeps the joins of two of these apart that
    share a statement.
    """

    snapshot: Snapshot
    one: RecordTable
    visible: Callable[[str], sa.Select[int] | None] | None = None
    prefix: str = "l_"
    joins: dict[tuple[str, ...], tuple[RecordTable, sa.FromClause]] = field(default_factory=dict)

    def stored(self, path: tuple[str, ...]) -> StoredField:
        """Answer the stored field at ``path``; the expression check made sure that it is there."""
        found = self._at(path[:-1])[0].field(path[-1])
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

    def all_columns(self, path: tuple[str, ...]) -> tuple[sa.ColumnElement[Any], ...]:
        """Answer the columns that hold the value of a field."""
        return tuple(self._column(path, name) for name in self.stored(path).columns)

    def order(self, path: tuple[str, ...]) -> sa.ColumnElement[Any]:
        """Answer the column by which lists sort for a field."""
        return self._column(path, self.stored(path).order)

    def holding(
        self, path: tuple[str, ...], code: str, *, negated: bool
    ) -> sa.ColumnElement[bool] | None:
        """Answer the condition that a field of several has a member; None without own rows."""
        stored = self.stored(path)
        if stored.members is None:
            return None
        return holding(stored, self._column(path, "id"), code, negated=negated)

    def source(self, base: sa.FromClause | None = None) -> sa.FromClause:
        """Answer the FROM clause: the table (or what it is in already) and the links followed."""
        source: sa.FromClause = self.one.table if base is None else base
        for link, (target, alias) in sorted(self.joins.items(), key=lambda join: len(join[0])):
            on = alias.c.id == self.column(link)
            seen = self.visible(target.entity.id) if self.visible else None
            source = source.outerjoin(alias, on if seen is None else on & alias.c.id.in_(seen))
        return source

    def _column(self, path: tuple[str, ...], name: str) -> sa.ColumnElement[Any]:
        column: sa.ColumnElement[Any] = self._at(path[:-1])[1].c[name]
        return column

    def _at(self, links: tuple[str, ...]) -> tuple[RecordTable, sa.FromClause]:
        """Answer the table that a row of links leads to, joining it the first time."""
        if not links:
            return self.one, self.one.table
        if links not in self.joins:
            target = self.snapshot.table(self.stored(links).definition.to)
            # names of several ids may be longer than a database takes
            last = links[0] if len(links) == 1 else len(self.joins)
            name = f"{self.prefix}{last}"
            self.joins[links] = (target, target.table.alias(name))
        return self.joins[links]
