"""The history of stages."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from loopline.store.types import BIG, KEY, TEXT, Moment

revision: Final = "0011_stages"
down_revision: Final = "0001"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "ll_stage_history",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("entity", TEXT, nullable=False),
        sa.Column("record", BIG, nullable=False),
        sa.Column("field", TEXT, nullable=False),
        sa.Column("pipeline", TEXT, nullable=True),
        sa.Column("before", TEXT, nullable=True),
        sa.Column("after", TEXT, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", BIG, nullable=True),
        sa.Column("owner", BIG, nullable=True),
        sa.Column("department", BIG, nullable=True),
        sa.Column("amount", BIG, nullable=True),
        sa.Column("currency", TEXT, nullable=True),
        sa.Column("stay", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    record = ["entity", "record", "field", "id"]
    op.create_index("ix_ll_stage_history_record", "ll_stage_history", record)
    op.create_index("ix_ll_stage_history_at", "ll_stage_history", ["entity", "field", "at"])
