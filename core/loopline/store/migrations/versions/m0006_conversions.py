"""What records became."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from loopline.store.types import BIG, KEY, TEXT, Moment, Opaque

revision: Final = "0006_conversions"
down_revision: Final = "0001"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "ll_conversion",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("document", TEXT, nullable=False),
        sa.Column("entity", TEXT, nullable=False),
        sa.Column("record", BIG, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", BIG),
        sa.Column("became", Opaque(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ux_ll_conversion_record", "ll_conversion", ["entity", "record", "document"], unique=True
    )
