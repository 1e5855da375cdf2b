"""The tables of a PostgreSQL database as statements that make them anew, from its own catalogue.

Whatever an older release left behind comes along too: retired columns, constraints that are not
yet validated. Only tables of the kernel and of its ledger are looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from loopline.store.ledger import ledger

KERNEL: Final = "ll_"
_TABLES: Final = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"
_COLUMNS: Final = """
SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS needed,
  a.attidentity::text AS identity, a.attgenerated::text AS generated,
  pg_get_expr(d.adbin, d.adrelid) AS value,
  CASE WHEN a.attcollation <> t.typcollation THEN c.collname END AS collation,
  pg_get_serial_sequence(quote_ident(:table), a.attname) AS sequence
FROM pg_attribute a
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_collation c ON c.oid = a.attcollation
WHERE a.attrelid = quote_ident(:table)::regclass AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum
"""
_CONSTRAINTS: Final = """
SELECT conname AS name, contype::text AS kind, pg_get_constraintdef(oid, true) AS said
FROM pg_constraint
WHERE conrelid = quote_ident(:table)::regclass AND contype IN ('p', 'u', 'c', 'x', 'f')
ORDER BY array_position(ARRAY['p', 'u', 'x', 'c', 'f'], contype::text), conname
"""
_INDEXES: Final = """
SELECT pg_get_indexdef(i.indexrelid, 0, true) AS said
FROM pg_index i
WHERE i.indrelid = quote_ident(:table)::regclass AND i.indisvalid
  AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.indexrelid AND contype <> 'f')
ORDER BY 1
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class TableShape:
    """A table as statements: ``before`` and ``after`` its rows, ``last`` when all tables stand.

    ``columns`` are those whose values are copied; the database works the others out.
    """

    name: str
    columns: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    last: tuple[str, ...]


def own_tables(connection: sa.Connection) -> list[str]:
    """Answer the tables that the kernel made, of those that stand in the database."""
    standing = list(connection.execute(sa.text(_TABLES)).scalars())
    if ledger.name not in standing:
        return [name for name in standing if name.startswith(KERNEL)]
    entered = sa.select(ledger.c.table_name).where(ledger.c.kind == "table")
    made = set(connection.execute(entered).scalars())
    return [name for name in standing if name.startswith(KERNEL) or name in made]


def read_shape(connection: sa.Connection, table: str) -> TableShape:
    """Answer how a table is made anew."""
    quote = connection.dialect.identifier_preparer.quote
    named = {"table": table}
    columns = [dict(one) for one in connection.execute(sa.text(_COLUMNS), named).mappings()]
    constraints = connection.execute(sa.text(_CONSTRAINTS), named).mappings().all()
    indexes = connection.execute(sa.text(_INDEXES), named).scalars().all()
    alter = f"ALTER TABLE {quote(table)} ADD CONSTRAINT"
    added = [(one["kind"], f"{alter} {quote(one['name'])} {one['said']}") for one in constraints]
    lines = ", ".join(_column(quote(one["name"]), one, quote) for one in columns)
    counted = [one for one in columns if one["sequence"] and not one["identity"]]
    return TableShape(
        name=table,
        columns=tuple(one["name"] for one in columns if not one["generated"]),
        before=(
            *(f"CREATE SEQUENCE {_bare(one['sequence'])} AS {one['type']}" for one in counted),
            f"CREATE TABLE {quote(table)} ({lines})",
        ),
        after=(
            *_counters(connection, quote(table), columns, quote),
            *(said for kind, said in added if kind != "f"),
            *indexes,
        ),
        last=tuple(said for kind, said in added if kind == "f"),
    )


def _column(name: str, one: Mapping[str, Any], quote: Any) -> str:
    words = [name, one["type"]]
    if one["collation"]:
        words.append(f"COLLATE {quote(one['collation'])}")
    if one["generated"]:
        words.append(f"GENERATED ALWAYS AS ({one['value']}) STORED")
    elif one["identity"]:
        how = "ALWAYS" if one["identity"] == "a" else "BY DEFAULT"
        words.append(f"GENERATED {how} AS IDENTITY")
    elif one["value"] is not None:
        words.append(f"DEFAULT {one['value']}")
    return " ".join((*words, "NOT NULL") if one["needed"] else words)


def _counters(
    connection: sa.Connection, table: str, columns: Sequence[Mapping[str, Any]], quote: Any
) -> list[str]:
    """Answer what lets the counters of a table go on where they stand."""
    found: list[str] = []
    for one in columns:
        if not one["sequence"]:
            continue
        stands = connection.execute(
            sa.text(f"SELECT last_value, is_called FROM {one['sequence']}")  # noqa: S608 its own name
        ).one()
        name = quote(one["name"])
        if not one["identity"]:
            found.append(f"ALTER SEQUENCE {_bare(one['sequence'])} OWNED BY {table}.{name}")
        asked = f"pg_get_serial_sequence({_literal(table)}, {_literal(one['name'])})"
        called = str(bool(stands.is_called)).lower()
        found.append(f"SELECT setval({asked}, {int(stands.last_value)}, {called})")
    return found


def _bare(sequence: str) -> str:
    """Answer a sequence without its schema: it is made in the schema of the target."""
    return sequence.rpartition(".")[2]


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
