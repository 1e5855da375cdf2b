"""Comments, notifications, saved views, tags given by rules."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from loopline.store.types import BIG, KEY, TEXT, Moment, Opaque

revision: Final = "0005_comments"
down_revision: Final = "0001"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "ll_comment",
        sa.Column("id", KEY, nullable=False),
        sa.Column("entity", TEXT, nullable=False),
        sa.Column("record", BIG, nullable=False),
        sa.Column("author", BIG, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("mentions", Opaque(), nullable=False),
        sa.Column("edited_at", Moment(), nullable=True),
        sa.Column("deleted_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ll_comment_record", "ll_comment", ["entity", "record"])
    _create_notifications()
    _create_views()
    op.create_table(
        "ll_rule_tag",
        sa.Column("entity", TEXT, nullable=False),
        sa.Column("field", TEXT, nullable=False),
        sa.Column("record", BIG, nullable=False),
        sa.Column("tag", TEXT, nullable=False),
        sa.Column("rule", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("entity", "field", "rule", "record"),
    )
    op.create_index("ix_ll_rule_tag_record", "ll_rule_tag", ["entity", "field", "tag", "record"])


def _create_notifications() -> None:
    op.create_table(
        "ll_notification",
        sa.Column("id", KEY, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("params", Opaque(), nullable=False),
        sa.Column("entity", TEXT, nullable=True),
        sa.Column("record", BIG, nullable=True),
        sa.Column("by_user", BIG, nullable=True),
        sa.Column("event", TEXT, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("read_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ux_ll_notification_event", "ll_notification", ["user_id", "event"], unique=True
    )
    op.create_index("ix_ll_notification_user", "ll_notification", ["user_id", "id"])
    op.create_index(
        "ix_ll_notification_unread",
        "ll_notification",
        ["user_id", "id"],
        sqlite_where=sa.text("read_at IS NULL"),
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_table(
        "ll_notification_mail",
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "kind"),
    )


def _create_views() -> None:
    op.create_table(
        "ll_saved_view",
        sa.Column("id", KEY, nullable=False),
        sa.Column("entity", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("owner", BIG, nullable=False),
        sa.Column("shared", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("state", Opaque(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ll_saved_view_entity", "ll_saved_view", ["entity", "owner"])
    op.create_table(
        "ll_view_choice",
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("entity", TEXT, nullable=False),
        sa.Column("view", TEXT, nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "entity", "view"),
    )
