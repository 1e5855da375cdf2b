"""Who stands where: reports, department trees and memberships, each read when first asked for."""

from collections.abc import Iterator, Mapping
from typing import Final

import sqlalchemy as sa

from loopline.expr.moment import NOBODY
from loopline.store.rows import fetch
from loopline.store.snapshot import Snapshot
from loopline.store.tables import RecordTable

_USER, _DEPARTMENT = "user", "department"
_BELOW: Final[Mapping[str, str]] = {_USER: "manager", _DEPARTMENT: "parent"}
"""The link of each entity to the record above."""


class StoredOrganisation:
    """The organisation as one transaction finds it; implements ``expr.moment.Organisation``."""

    def __init__(self, connection: sa.Connection, snapshot: Snapshot) -> None:
        self._connection = connection
        self._snapshot = snapshot
        self._known: dict[tuple[str, int], frozenset[int]] = {}

    def reports(self, user: int) -> frozenset[int]:
        """Answer the users below one at any level, not the user."""
        return self._below(_USER, user) - {user}

    def tree(self, department: int) -> frozenset[int]:
        """Answer a department and all departments below it."""
        return self._below(_DEPARTMENT, department)

    def memberships(self, entity: str, user: int) -> frozenset[int]:
        """Answer the records of an entity of which the user is a member, by its links to people.

        A record names its members in fields of users and in its lines' fields of users.
        """
        key = (f"members of {entity}", user)
        if key not in self._known:
            self._known[key] = frozenset(self._memberships(entity, user))
        return self._known[key]

    def _below(self, entity: str, top: int) -> frozenset[int]:
        key = (entity, top)
        if key not in self._known:
            one = self._snapshot.table(entity)
            query = one.memo("below", lambda: _closure(one, _BELOW[entity]))
            found = self._connection.execute(query, {"top": top}).scalars()
            self._known[key] = frozenset(found) | {top}
        return self._known[key]

    def _memberships(self, entity: str, user: int) -> Iterator[int]:
        one = self._snapshot.table(entity)
        named = [f.id for f in one.entity.links if f.to == _USER]
        yield from self._naming(one, named, one.table.c.id, user)
        catalog = self._snapshot.catalog
        for source, link in catalog.incoming.get(entity, ()):
            lines = self._snapshot.table(source)
            if lines.entity.parent == entity:
                people = [f.id for f in lines.entity.links if f.to == _USER]
                yield from self._naming(lines, people, lines.table.c[link], user)

    def _naming(
        self, one: RecordTable, fields: list[str], answer: sa.Column[int], user: int
    ) -> Iterator[int]:
        if fields:
            named = sa.or_(*(one.table.c[field] == user for field in fields))
            query = sa.select(answer).where(named, one.table.c.deleted_at.is_(None))
            yield from self._connection.execute(query).scalars()


def _closure(one: RecordTable, link: str) -> sa.Select[int]:
    """Answer the query for the living records below ``:top``; a circle ends where it began."""
    table = one.table
    alive = table.c.deleted_at.is_(None)
    start = sa.select(table.c.id).where(table.c[link] == sa.bindparam("top"), alive)
    below = start.cte("below", recursive=True)
    further = sa.select(table.c.id).join(below, table.c[link] == below.c.id).where(alive)
    return sa.select(below.union(further).c.id)


class Profile(Mapping[str, object]):
    """The current user's own values, read when the first one is asked for."""

    def __init__(self, connection: sa.Connection, snapshot: Snapshot, user: int | None) -> None:
        self._connection = connection
        self._snapshot = snapshot
        self._user = user
        self._read: Mapping[str, object] | None = None

    def _values(self) -> Mapping[str, object]:
        if self._read is None:
            self._read = {}
            if self._user not in {None, NOBODY}:
                users = self._snapshot.table(_USER)
                found = fetch(self._connection, users, [int(str(self._user))])
                self._read = {"id": self._user}
                for record in found.values():
                    self._read = {**record.values, "id": record.id}
        return self._read

    def __getitem__(self, name: str) -> object:
        return self._values()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values())

    def __len__(self) -> int:
        return len(self._values())
