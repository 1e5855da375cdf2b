"""Approvals: requests, steps, seats, events and one-time links."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from loopline.store.types import BIG, KEY, TEXT, Moment, Opaque

revision: Final = "0004_approvals"
down_revision: Final = "0001"


def upgrade() -> None:
    """Create the tables."""
    _create_requests()
    _create_steps()
    _create_events()


def _create_requests() -> None:
    op.create_table(
        "ll_approval",
        sa.Column("id", KEY, nullable=False),
        sa.Column("document", TEXT, nullable=False),
        sa.Column("entity", TEXT, nullable=False),
        sa.Column("record", BIG, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("submitted_by", BIG, nullable=True),
        sa.Column("submitted_at", Moment(), nullable=False),
        sa.Column("comment", TEXT, nullable=True),
        sa.Column("lock_hash", TEXT, nullable=False),
        sa.Column("locked", Opaque(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ll_approval_record", "ll_approval", ["entity", "record"])
    op.create_index("ix_ll_approval_submitter", "ll_approval", ["submitted_by", "id"])
    op.create_index(
        "ux_ll_approval_live",
        "ll_approval",
        ["document", "entity", "record"],
        unique=True,
        sqlite_where=sa.text("state IN ('pending', 'approved')"),
        postgresql_where=sa.text("state IN ('pending', 'approved')"),
    )


def _create_steps() -> None:
    op.create_table(
        "ll_approval_step",
        sa.Column("id", KEY, nullable=False),
        sa.Column("approval", BIG, nullable=False),
        sa.Column("step", TEXT, nullable=False),
        sa.Column("mode", TEXT, nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("reason", Opaque(), nullable=True),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ll_approval_step_approval", "ll_approval_step", ["approval"])
    op.create_index("ix_ll_approval_step_state", "ll_approval_step", ["state"])
    op.create_table(
        "ll_approval_seat",
        sa.Column("id", KEY, nullable=False),
        sa.Column("approval", BIG, nullable=False),
        sa.Column("step", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("for_user", BIG, nullable=True),
        sa.Column("origin", TEXT, nullable=False),
        sa.Column("after", BIG, nullable=True),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("decided_by", BIG, nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("comment", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ll_approval_seat_approval", "ll_approval_seat", ["approval"])
    op.create_index("ix_ll_approval_seat_user", "ll_approval_seat", ["user_id", "state"])
    op.create_index("ix_ll_approval_seat_decided", "ll_approval_seat", ["decided_by", "id"])


def _create_events() -> None:
    op.create_table(
        "ll_approval_event",
        sa.Column("id", KEY, nullable=False),
        sa.Column("approval", BIG, nullable=False),
        sa.Column("step", TEXT, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", BIG, nullable=True),
        sa.Column("for_user", BIG, nullable=True),
        sa.Column("act", TEXT, nullable=False),
        sa.Column("comment", TEXT, nullable=True),
        sa.Column("detail", Opaque(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ll_approval_event_approval", "ll_approval_event", ["approval", "id"])
    op.create_table(
        "ll_approval_link",
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("seat", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("hash"),
    )
