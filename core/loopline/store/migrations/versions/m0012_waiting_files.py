"""Uploads that wait for a record to hold them."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from loopline.store.types import Moment

revision: Final = "0012_waiting_files"
down_revision: Final = "0003_files"


def upgrade() -> None:
    """Add the column; files from before it wait for nothing, so none of them is removed."""
    op.add_column("ll_file", sa.Column("waits_since", Moment()))
    op.create_index(
        "ix_ll_file_waiting",
        "ll_file",
        ["waits_since"],
        sqlite_where=sa.text("waits_since IS NOT NULL"),
        postgresql_where=sa.text("waits_since IS NOT NULL"),
    )
