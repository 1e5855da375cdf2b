"""Uploaded files."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from loopline.store.types import BIG, KEY, TEXT, Moment

revision: Final = "0003_files"
down_revision: Final = "0001"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "ll_file",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("media_type", TEXT, nullable=False),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", BIG),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ll_file_hash", "ll_file", ["hash"])
