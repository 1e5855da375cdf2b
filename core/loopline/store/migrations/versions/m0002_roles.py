"""Who holds which role; people of before work as members, as they did."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from loopline.store.types import TEXT

revision: Final = "0002_roles"
down_revision: Final = "0001"


def upgrade() -> None:
    """Create the table and make everybody who has credentials a member."""
    op.create_table(
        "ll_user_role",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "role"),
    )
    op.create_index("ix_ll_user_role_role", "ll_user_role", ["role"])
    op.execute(
        "INSERT INTO ll_user_role (user_id, role) SELECT user_id, 'staff' FROM ll_credential"
    )
