"""The token table of the site: what a search finds, on either database behind one function.

SQLite indexes it with FTS5 over the content table, PostgreSQL with a generated tsvector and GIN;
both are made in the migration chain. The FTS index is written here, a statement for a whole batch:
kept in step by triggers, every row would flush it, which took five times as long.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from loopline.store.inserts import insert_columns
from loopline.store.system import metadata
from loopline.store.tokens import query_tokens
from loopline.store.types import BIG, KEY, TEXT

search = sa.Table(
    "ll_search",
    metadata,
    sa.Column("id", KEY, primary_key=True, autoincrement=True),
    sa.Column("entity", TEXT, nullable=False),
    sa.Column("record", BIG, nullable=False),
    sa.Column("tokens", TEXT, nullable=False),
    sa.Index("ux_ll_search_record", "entity", "record", unique=True),
)
_CHUNK: Final = 500
_FTS: Final = sa.table(
    "ll_search_fts", sa.column("ll_search_fts"), sa.column("rowid"), sa.column("tokens")
)
_THOSE: Final = sa.and_(
    search.c.entity == sa.bindparam("entity"),
    search.c.record.in_(sa.bindparam("records", expanding=True)),
)
_DELETE: Final = search.delete().where(_THOSE)
_INDEX: Final = _FTS.insert().from_select(
    ["rowid", "tokens"], sa.select(search.c.id, search.c.tokens).where(_THOSE)
)
_UNINDEX: Final = _FTS.insert().from_select(
    ["ll_search_fts", "rowid", "tokens"],
    sa.select(sa.literal("delete"), search.c.id, search.c.tokens).where(_THOSE),
)


def write_tokens(
    connection: sa.Connection, entity: str, tokens: Mapping[int, str], *, new: bool
) -> None:
    """Set the tokens of records; ``new`` ones are known not to have any yet."""
    if not new:
        delete_tokens(connection, entity, list(tokens))
    found = {record: text for record, text in tokens.items() if text}
    if found:
        columns: dict[str, Sequence[object]] = {
            "entity": [entity] * len(found),
            "record": list(found),
            "tokens": list(found.values()),
        }
        insert_columns(connection, search, columns)
        if connection.dialect.name == "sqlite":
            _on_each(connection, _INDEX, entity, list(found))


def delete_tokens(connection: sa.Connection, entity: str, records: Sequence[int]) -> None:
    """Forget the tokens of records."""
    if connection.dialect.name == "sqlite":
        _on_each(connection, _UNINDEX, entity, records)
    _on_each(connection, _DELETE, entity, records)


def _on_each(
    connection: sa.Connection, statement: sa.Executable, entity: str, records: Sequence[int]
) -> None:
    for start in range(0, len(records), _CHUNK):
        some = records[start : start + _CHUNK]
        connection.execute(statement, {"entity": entity, "records": some})


def matching(
    dialect: str, entity: str, text: str, prefixes: Sequence[str] = ("",), layout: str = ""
) -> sa.Select[tuple[Any]] | None:
    """Answer the query for the ids of records that match a search; None if it asks for nothing.

    A token may stand behind any of ``prefixes``. With ``layout`` only records that have that token
    besides are found.
    """
    wanted = query_tokens(text)
    if not wanted:
        return None
    ids = sa.select(search.c.record).where(search.c.entity == entity)
    tokens = [[(before + token, more) for before in prefixes] for token, more in wanted]
    if layout:
        tokens.append([(layout, False)])
    if dialect == "sqlite":
        asked = _asked(tokens, '"', "*", " OR ", " AND ")
        hits = sa.text(
            "ll_search.id IN (SELECT rowid FROM ll_search_fts WHERE ll_search_fts MATCH :asked)"
        )
        return ids.where(hits.bindparams(asked=asked))
    asked = _asked(tokens, "'", ":*", " | ", " & ")
    return ids.where(sa.text("ll_search.vector @@ CAST(:asked AS tsquery)").bindparams(asked=asked))


def _asked(
    tokens: Sequence[Sequence[tuple[str, bool]]], quote: str, more: str, either: str, both: str
) -> str:
    """Answer the text of a query: one of the alternatives of each token."""
    groups = [
        either.join(
            f"{quote}{token}{quote}{more if open_ended else ''}" for token, open_ended in one
        )
        for one in tokens
    ]
    return groups[0] if len(groups) == 1 else both.join(f"({one})" for one in groups)
