"""Clocks, recurring jobs, outgoing mail, outgoing webhooks."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from loopline.store.types import BIG, KEY, TEXT, Moment, Opaque

revision: Final = "0002_clocks"
down_revision: Final = "0001"


def upgrade() -> None:
    """Create the tables."""
    _create_clocks()
    _create_mail()
    _create_webhooks()


def _create_clocks() -> None:
    op.create_table(
        "ll_clock",
        sa.Column("id", KEY, nullable=False),
        sa.Column("clock", TEXT, nullable=False),
        sa.Column("entity", TEXT, nullable=False),
        sa.Column("record", BIG, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("next_at", Moment(), nullable=True),
        sa.Column("paused_at", Moment(), nullable=True),
        sa.Column("pause_reason", TEXT, nullable=True),
        sa.Column("paused_seconds", BIG, nullable=False),
        sa.Column("passed", Opaque(), nullable=False),
        sa.Column("breached_at", Moment(), nullable=True),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("told", Opaque(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ll_clock_next", "ll_clock", ["next_at"])
    op.create_index("ix_ll_clock_record", "ll_clock", ["entity", "record"])
    op.create_index(
        "ux_ll_clock_open",
        "ll_clock",
        ["clock", "entity", "record"],
        unique=True,
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_table(
        "ll_schedule",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("slot", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def _create_mail() -> None:
    op.create_table(
        "ll_mail",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", TEXT, nullable=True),
        sa.Column("message_id", TEXT, nullable=False),
        sa.Column("recipients", Opaque(), nullable=False),
        sa.Column("pending", Opaque(), nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("html", TEXT, nullable=True),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("error", TEXT, nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )


def _create_webhooks() -> None:
    op.create_table(
        "ll_webhook",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("secret", TEXT, nullable=False),
        sa.Column("events", Opaque(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "ll_webhook_delivery",
        sa.Column("id", KEY, nullable=False),
        sa.Column("webhook", BIG, nullable=False),
        sa.Column("key", TEXT, nullable=True),
        sa.Column("event", TEXT, nullable=False),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_ll_webhook_delivery_webhook", "ll_webhook_delivery", ["webhook", "id"])
    op.create_table(
        "ll_webhook_attempt",
        sa.Column("id", KEY, nullable=False),
        sa.Column("delivery", BIG, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", TEXT, nullable=True),
        sa.Column("error", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ll_webhook_attempt_delivery", "ll_webhook_attempt", ["delivery", "id"])
