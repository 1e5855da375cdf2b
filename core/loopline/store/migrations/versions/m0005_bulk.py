"""Bulk runs."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from loopline.store.types import KEY, TEXT, Moment

revision: Final = "0005_bulk"
down_revision: Final = "0001"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "ll_bulk_run",
        sa.Column("id", KEY, nullable=False),
        sa.Column("actor", sa.BigInteger(), nullable=True),
        sa.Column("entity", TEXT, nullable=False),
        sa.Column("what", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("after", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("reasons", TEXT, nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
