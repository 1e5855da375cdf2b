"""Links by which people without an account open a record."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from loopline.store.types import BIG, TEXT, Moment

revision: Final = "0010_portal"
down_revision: Final = "0001"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "ll_portal_link",
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("plugin", TEXT, nullable=False),
        sa.Column("purpose", TEXT, nullable=False),
        sa.Column("entity", TEXT, nullable=False),
        sa.Column("record", BIG, nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", BIG, nullable=True),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index("ix_ll_portal_link_record", "ll_portal_link", ["entity", "record"])
