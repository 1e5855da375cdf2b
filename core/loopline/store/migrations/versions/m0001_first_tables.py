"""The first tables of the kernel."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from loopline.store.types import KEY, TEXT, Moment

revision: Final = "0001"
down_revision: Final = None


def upgrade() -> None:
    """Create the tables and the search index."""
    _create_tables()
    if op.get_bind().dialect.name == "sqlite":
        _index_search_on_sqlite()
    else:
        _index_search_on_postgresql()


def _index_search_on_sqlite() -> None:
    """FTS5 over the content table; tokens are split beforehand, their places never asked for."""
    op.execute(
        "CREATE VIRTUAL TABLE ll_search_fts USING fts5("
        "tokens, content='ll_search', content_rowid='id', detail=none, tokenize=ascii)"
    )
    # Merging twice as seldom halves what the index costs a single write.
    op.execute("INSERT INTO ll_search_fts(ll_search_fts, rank) VALUES ('automerge', 8)")


def _index_search_on_postgresql() -> None:
    """A generated vector of the tokens as they are, under GIN."""
    op.execute(
        "ALTER TABLE ll_search ADD COLUMN vector tsvector "
        "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(tokens, ' '))) STORED"
    )
    op.execute("CREATE INDEX ix_ll_search_vector ON ll_search USING gin (vector)")


def _create_tables() -> None:
    op.create_table(
        "ll_change",
        sa.Column("id", KEY, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", sa.BigInteger(), nullable=True),
        sa.Column("entity", TEXT, nullable=False),
        sa.Column("record", sa.BigInteger(), nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("via", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("source", TEXT, nullable=True),
        sa.Column("diff", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ll_change_record", "ll_change", ["entity", "record", "id"])
    op.create_table(
        "ll_counter",
        sa.Column("numbering", TEXT, nullable=False),
        sa.Column("period", TEXT, nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("numbering", "period"),
    )
    op.create_table(
        "ll_credential",
        sa.Column("user_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("password_hash", TEXT, nullable=True),
        sa.Column("administrator", sa.Boolean(), nullable=False),
        sa.Column("disabled_at", Moment(), nullable=True),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("user_id"),
    )
    op.create_table(
        "ll_document",
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("content", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_table(
        "ll_draft",
        sa.Column("plan", TEXT, nullable=False),
        sa.Column("layers", TEXT, nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("plan"),
    )
    op.create_table(
        "ll_head",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "ll_import",
        sa.Column("id", KEY, nullable=False),
        sa.Column("entity", TEXT, nullable=False),
        sa.Column("file_name", TEXT, nullable=False),
        sa.Column("file_hash", TEXT, nullable=False),
        sa.Column("stored_file", TEXT, nullable=False),
        sa.Column("signature", TEXT, nullable=False),
        sa.Column("options", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("done_row", sa.BigInteger(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.Column("skipped", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.BigInteger(), nullable=True),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.Column("error", TEXT, nullable=True),
        sa.Column("notes", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ux_ll_import_open",
        "ll_import",
        ["signature"],
        unique=True,
        sqlite_where=sa.text("state IN ('waiting', 'running')"),
        postgresql_where=sa.text("state IN ('waiting', 'running')"),
    )
    op.create_table(
        "ll_import_mapping",
        sa.Column("entity", TEXT, nullable=False),
        sa.Column("headings", TEXT, nullable=False),
        sa.Column("mapping", TEXT, nullable=False),
        sa.Column("used_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("entity", "headings"),
    )
    op.create_table(
        "ll_import_problem",
        sa.Column("id", KEY, nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("column", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("params", TEXT, nullable=False),
        sa.Column("cells", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ll_import_problem_import", "ll_import_problem", ["import_id", "row"])
    op.create_table(
        "ll_import_waiting",
        sa.Column("import_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("row", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("import_id", "row"),
    )
    op.create_table(
        "ll_job",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("payload", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("due", Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("lease_token", TEXT, nullable=True),
        sa.Column("unique_key", TEXT, nullable=True),
        sa.Column("error", TEXT, nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("unique_key"),
    )
    op.create_index("ix_ll_job_state", "ll_job", ["state", "due"])
    op.create_table(
        "ll_ledger",
        sa.Column("table_name", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("table_name", "kind", "name"),
    )
    op.create_table(
        "ll_login_attempt",
        sa.Column("id", KEY, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ll_login_attempt_subject", "ll_login_attempt", ["subject", "at"])
    op.create_table(
        "ll_release",
        sa.Column("revision", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("published_at", Moment(), nullable=False),
        sa.Column("published_by", sa.BigInteger(), nullable=True),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("plan", TEXT, nullable=False),
        sa.Column("manifest", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("revision"),
    )
    op.create_table(
        "ll_search",
        sa.Column("id", KEY, nullable=False),
        sa.Column("entity", TEXT, nullable=False),
        sa.Column("record", sa.BigInteger(), nullable=False),
        sa.Column("tokens", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ux_ll_search_record", "ll_search", ["entity", "record"], unique=True)
    op.create_table(
        "ll_session",
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("csrf", TEXT, nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("address", TEXT, nullable=True),
        sa.Column("agent", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index("ix_ll_session_user", "ll_session", ["user_id"])
    op.create_table(
        "ll_token",
        sa.Column("id", KEY, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("scopes", TEXT, nullable=False),
        sa.Column("label", TEXT, nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hash"),
    )
