"""Posts of public forms, messages of mailboxes, and the site's secrets."""

import secrets
from typing import Final

import sqlalchemy as sa
from alembic import op

from loopline.store.types import BIG, KEY, TEXT, Moment

revision: Final = "0008_capture"
down_revision: Final = "0001"


def upgrade() -> None:
    """Create the tables and the secret by which tokens of public forms are signed."""
    op.create_table(
        "ll_submission",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("form", TEXT, nullable=False),
        sa.Column("address", TEXT, nullable=False),
        sa.Column("once", TEXT, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("once"),
    )
    op.create_index("ix_ll_submission_form", "ll_submission", ["form", "at"])
    op.create_index("ix_ll_submission_address", "ll_submission", ["address", "at"])
    secret = op.create_table(
        "ll_site_secret",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.bulk_insert(secret, [{"name": "public_forms", "value": secrets.token_urlsafe(32)}])
    op.create_table(
        "ll_mailbox",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("validity", BIG, nullable=False),
        sa.Column("last_uid", BIG, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "ll_mail_seen",
        sa.Column("message", TEXT, nullable=False),
        sa.Column("outcome", TEXT, nullable=False),
        sa.Column("entity", TEXT, nullable=True),
        sa.Column("record", BIG, nullable=True),
        sa.Column("reason", TEXT, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("message"),
    )
    op.create_index("ix_ll_mail_seen_outcome", "ll_mail_seen", ["outcome", "at"])
