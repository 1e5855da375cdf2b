"""The trail by person and by entity, newest first."""

from typing import Final

from alembic import op

revision: Final = "0009_trail"
down_revision: Final = "0001"


def upgrade() -> None:
    """Create the indexes."""
    op.create_index("ix_ll_change_actor", "ll_change", ["actor", "id"])
    op.create_index("ix_ll_change_entity", "ll_change", ["entity", "id"])
