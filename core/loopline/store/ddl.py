"""What a candidate needs of the database beyond what the ledger holds, and how it is made.

Changes are additive: tables, nullable columns without server default, indexes. No data is ever
dropped or rewritten here; a retired field keeps its column. What goes are unique indexes that no
document asks for any more, since they would go on refusing what is now allowed.
"""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import sqlalchemy as sa

from loopline.errors import Conflict, Problem
from loopline.store.indexes import unique_index_pattern, wanted_indexes
from loopline.store.ledger import Owned, enter, strike
from loopline.store.locks import refusing_when_locked
from loopline.store.members import MEMBER, RECORD, member_index
from loopline.store.snapshot import Snapshot
from loopline.store.tables import RecordTable, table_name

if TYPE_CHECKING:
    from alembic.operations import Operations


@dataclass(frozen=True)
class TableChange:
    """One physical change: its ledger entries, and the schema element to make."""

    table: str
    kind: Literal["table", "column", "index", "foreign_key", "drop_index"]
    name: str
    element: sa.Table | sa.Column[object] | sa.Index | sa.ForeignKeyConstraint
    target: str = ""


def physical_changes(
    snapshot: Snapshot, owned: Owned, entities: Iterable[str]
) -> list[TableChange]:
    """Answer what the named entities lack: tables first, then columns, links, indexes."""
    tables = [snapshot.table(name) for name in entities]
    changes: list[TableChange] = []
    for one in tables:
        if one.table.name not in owned.tables:
            changes.append(TableChange(one.table.name, "table", one.table.name, one.table))
    for one in tables:
        changes += _missing_member_tables(one, owned)
    for one in tables:
        if one.table.name in owned.tables:
            changes += _missing_columns(one, owned)
    for one in tables:
        changes += _missing_links(one, owned)
    for one in tables:
        wanted = wanted_indexes(snapshot, one)
        changes += [
            TableChange(one.table.name, "index", index.name or "", index)
            for index in wanted
            if index.name not in owned.indexes
        ]
        changes += _obsolete(one, {str(index.name) for index in wanted}, owned)
    return changes


def _obsolete(one: RecordTable, wanted: set[str], owned: Owned) -> Iterator[TableChange]:
    """Yield the unique indexes of a table that are not wanted any more."""
    ours = re.compile(unique_index_pattern(one.table.name))
    for name in sorted(owned.indexes - wanted):
        if ours.fullmatch(name):
            yield TableChange(one.table.name, "drop_index", name, sa.Index(name))


def _missing_member_tables(one: RecordTable, owned: Owned) -> Iterator[TableChange]:
    """Yield the tables of members that are not there yet, with their links and their index."""
    for field in one.fields.values():
        rows = field.members
        if rows is None or rows.name in owned.tables:
            continue
        yield TableChange(rows.name, "table", rows.name, rows)
        yield _foreign_key(rows.name, RECORD, one.table.name)
        if field.definition.many:
            yield _foreign_key(rows.name, MEMBER, table_name(field.definition.many))
        index = member_index(rows)
        yield TableChange(rows.name, "index", str(index.name), index)


def _missing_columns(one: RecordTable, owned: Owned) -> Iterator[TableChange]:
    name = one.table.name
    for column in one.table.columns:
        if (name, column.name) not in owned.columns:
            yield TableChange(name, "column", str(column.name), column)


def _missing_links(one: RecordTable, owned: Owned) -> Iterator[TableChange]:
    name = one.table.name
    for field in (*one.fields.values(), *one.retired.values()):
        if field.definition.to and (name, field.main) not in owned.columns:
            yield _foreign_key(name, field.main, table_name(field.definition.to))


def _foreign_key(name: str, column: str, target: str) -> TableChange:
    constraint = sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{name}_{column}"[:63]
    )
    return TableChange(name, "foreign_key", column, constraint, target)


class Builder:
    """Applies changes through Alembic, or writes them as SQL for a plan."""

    def __init__(self, operations: "Operations", dialect: str) -> None:
        self._op = operations
        self._sqlite = dialect == "sqlite"

    @classmethod
    def on(cls, connection: sa.Connection) -> "Builder":
        """Build on a live connection, inside its transaction."""
        from alembic.migration import MigrationContext  # heavy leaf
        from alembic.operations import Operations

        return cls(Operations(MigrationContext.configure(connection)), connection.dialect.name)

    def apply(self, change: TableChange, links: dict[tuple[str, str], str]) -> None:
        """Make one change. ``links`` says which new columns point to which table."""
        match change.element:
            case sa.Table() as table:
                counted = table.dialect_options["sqlite"]["autoincrement"]
                options = {"sqlite_autoincrement": True} if self._sqlite and counted else {}
                self._op.create_table(table.name, *self._columns(table, links), **options)
            case sa.Column() as column:
                new = self._column(change.table, column, links)
                self._op.add_column(change.table, new, inline_references=self._sqlite or None)
            case sa.Index() if change.kind == "drop_index":
                self._op.drop_index(change.name, table_name=change.table)
            case sa.Index() as index:
                from alembic.operations.ops import CreateIndexOp  # heavy leaf

                self._op.invoke(CreateIndexOp.from_index(index))
            case sa.ForeignKeyConstraint() if not self._sqlite:
                # NOT VALID: checks new rows at once and never scans the table under the lock
                self._op.create_foreign_key(
                    f"fk_{change.table}_{change.name}"[:63],
                    change.table,
                    change.target,
                    [change.name],
                    ["id"],
                    postgresql_not_valid=True,
                )

    def _columns(
        self, table: sa.Table, links: dict[tuple[str, str], str]
    ) -> list[sa.Column[object]]:
        return [self._column(table.name, column, links) for column in table.columns]

    def _column(
        self, table: str, column: sa.Column[object], links: dict[tuple[str, str], str]
    ) -> sa.Column[object]:
        copy = column._copy()
        target = links.get((table, str(column.name)))
        if target and self._sqlite:
            copy.append_foreign_key(sa.ForeignKey(f"{target}.id"))
        return copy


def apply_changes(connection: sa.Connection, changes: Iterable[TableChange], revision: int) -> None:
    """Make all changes and enter them in the ledger.

    Raises Conflict for a table or column of that name that is not the kernel's, Unavailable when
    a table is in use for too long.
    """
    changes = list(changes)
    _refuse_foreign(connection, changes)
    builder = Builder.on(connection)
    links = _links(changes)
    with refusing_when_locked():
        for change in changes:
            builder.apply(change, links)
    enter(connection, [row for change in changes for row in _ledger_rows(change)], revision)
    strike(connection, [change.name for change in changes if change.kind == "drop_index"])


def changes_as_sql(dialect: str, changes: Iterable[TableChange]) -> list[tuple[TableChange, str]]:
    """Answer each change with the SQL it will run, for the plan."""
    from alembic.migration import MigrationContext  # heavy leaf
    from alembic.operations import Operations

    changes = list(changes)
    links = _links(changes)
    written = []
    for change in changes:
        buffer = io.StringIO()
        context = MigrationContext.configure(
            dialect_name=dialect, opts={"as_sql": True, "output_buffer": buffer}
        )
        Builder(Operations(context), dialect).apply(change, links)
        written.append((change, " ".join(buffer.getvalue().split())))
    return written


def _links(changes: list[TableChange]) -> dict[tuple[str, str], str]:
    return {(c.table, c.name): c.target for c in changes if c.kind == "foreign_key"}


def _ledger_rows(change: TableChange) -> Iterator[tuple[str, str, str]]:
    if change.kind in {"foreign_key", "drop_index"}:
        return
    yield change.table, change.kind, change.name
    if isinstance(change.element, sa.Table):
        for column in change.element.columns:
            yield change.table, "column", str(column.name)


def _refuse_foreign(connection: sa.Connection, changes: list[TableChange]) -> None:
    inspector = sa.inspect(connection)
    existing = set(inspector.get_table_names())
    problems = []
    for change in changes:
        if change.kind == "table" and change.table in existing:
            problems.append(Problem(change.table, "publish.foreign_table", {"table": change.table}))
        if change.kind == "column":
            names = {column["name"] for column in inspector.get_columns(change.table)}
            if change.name in names:
                where = f"{change.table}.{change.name}"
                problems.append(Problem(where, "publish.foreign_column", {"column": where}))
    if problems:
        raise Conflict(*problems, code="publish.foreign")
