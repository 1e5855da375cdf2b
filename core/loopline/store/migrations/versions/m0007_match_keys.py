"""Match keys: by what records are taken for the same."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from loopline.store.types import BIG, TEXT

revision: Final = "0007_match_keys"
down_revision: Final = "0001"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "ll_match_key",
        sa.Column("mark", TEXT, nullable=False),
        sa.Column("match", TEXT, nullable=False),
        sa.Column("entity", TEXT, nullable=False),
        sa.Column("record", BIG, nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("mark", "match", "entity", "record"),
        sqlite_with_rowid=False,  # its key is nearly all of it
    )
    op.create_index("ix_ll_match_key_record", "ll_match_key", ["entity", "record"])
    op.create_index(
        "ux_ll_match_key_held",
        "ll_match_key",
        ["mark", "match"],
        unique=True,
        sqlite_where=sa.text("holds"),
        postgresql_where=sa.text("holds"),
    )
