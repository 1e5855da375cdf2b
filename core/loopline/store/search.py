"""The token table of the site: what a search finds, on either database behind one function.

SQLite indexes it with FTS5 over the content table (kept in step by triggers), PostgreSQL with a
generated tsvector and GIN. Both are made in the migration chain.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

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


def write_tokens(
    connection: sa.Connection, entity: str, tokens: Mapping[int, str], *, new: bool
) -> None:
    """Set the tokens of records; ``new`` ones are known not to have any yet."""
    if not new:
        delete_tokens(connection, entity, list(tokens))
    rows = [
        {"entity": entity, "record": record, "tokens": text}
        for record, text in tokens.items()
        if text
    ]
    if rows:
        connection.execute(search.insert(), rows)


def delete_tokens(connection: sa.Connection, entity: str, records: Sequence[int]) -> None:
    """Forget the tokens of records."""
    for start in range(0, len(records), 500):
        some = records[start : start + 500]
        connection.execute(
            search.delete().where(search.c.entity == entity, search.c.record.in_(some))
        )


def matching(dialect: str, entity: str, text: str) -> sa.Select[tuple[Any]] | None:
    """Answer the query for the ids of records that match a search; None if it asks for nothing."""
    wanted = query_tokens(text)
    if not wanted:
        return None
    ids = sa.select(search.c.record).where(search.c.entity == entity)
    if dialect == "sqlite":
        asked = " AND ".join(
            f'"{token}"{"*" if open_ended else ""}' for token, open_ended in wanted
        )
        hits = sa.text(
            "ll_search.id IN (SELECT rowid FROM ll_search_fts WHERE ll_search_fts MATCH :asked)"
        )
        return ids.where(hits.bindparams(asked=asked))
    asked = " & ".join(f"'{token}'{':*' if open_ended else ''}" for token, open_ended in wanted)
    return ids.where(sa.text("ll_search.vector @@ CAST(:asked AS tsquery)").bindparams(asked=asked))
