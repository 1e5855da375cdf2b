"""The tables of clocks, schedules, outgoing mail and outgoing webhooks."""

import sqlalchemy as sa

from loopline.store.system import metadata
from loopline.store.types import BIG, KEY, TEXT, Moment, Opaque

clock = sa.Table(
    "ll_clock",
    metadata,
    sa.Column("id", KEY, primary_key=True, autoincrement=True),
    sa.Column("clock", TEXT, nullable=False),
    sa.Column("entity", TEXT, nullable=False),
    sa.Column("record", BIG, nullable=False),
    sa.Column("state", TEXT, nullable=False),  # running, paused, met, breached, stopped
    sa.Column("started_at", Moment(), nullable=False),
    sa.Column("due_at", Moment(), nullable=False),
    sa.Column("next_at", Moment()),  # when something happens next; blank while nothing can
    sa.Column("paused_at", Moment()),
    sa.Column("pause_reason", TEXT),
    sa.Column("paused_seconds", BIG, nullable=False),  # working time, of pauses that are over
    sa.Column("passed", Opaque(), nullable=False),  # ids of the marks that have been passed
    sa.Column("breached_at", Moment()),
    sa.Column("finished_at", Moment()),
    sa.Column("known", sa.Boolean, nullable=False),  # whether all holidays on the way were known
    sa.Column("told", Opaque(), nullable=False),  # how it was computed, by language
    sa.Index("ix_ll_clock_next", "next_at"),
    sa.Index("ix_ll_clock_record", "entity", "record"),
    sa.Index(
        "ux_ll_clock_open",
        "clock",
        "entity",
        "record",
        unique=True,
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    ),
)

schedule = sa.Table(
    "ll_schedule",
    metadata,
    sa.Column("name", TEXT, primary_key=True),
    sa.Column("slot", Moment(), nullable=False),  # the newest moment whose job was enqueued
)

mail = sa.Table(
    "ll_mail",
    metadata,
    sa.Column("id", KEY, primary_key=True, autoincrement=True),
    sa.Column("key", TEXT, unique=True),
    sa.Column("message_id", TEXT, nullable=False),
    sa.Column("recipients", Opaque(), nullable=False),
    sa.Column("pending", Opaque(), nullable=False),  # those whose server has not taken it yet
    sa.Column("subject", TEXT, nullable=False),
    sa.Column("text", TEXT, nullable=False),
    sa.Column("html", TEXT),
    sa.Column("state", TEXT, nullable=False),  # waiting, sent, kept
    sa.Column("error", TEXT),
    sa.Column("created_at", Moment(), nullable=False),
    sa.Column("sent_at", Moment()),
)

webhook = sa.Table(
    "ll_webhook",
    metadata,
    sa.Column("id", KEY, primary_key=True, autoincrement=True),
    sa.Column("name", TEXT, nullable=False),
    sa.Column("url", TEXT, nullable=False),
    sa.Column("secret", TEXT, nullable=False),
    sa.Column("events", Opaque(), nullable=False),  # names of events; none means all
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("created_at", Moment(), nullable=False),
)

delivery = sa.Table(
    "ll_webhook_delivery",
    metadata,
    sa.Column("id", KEY, primary_key=True, autoincrement=True),
    sa.Column("webhook", BIG, nullable=False),
    sa.Column("key", TEXT, unique=True),
    sa.Column("event", TEXT, nullable=False),
    sa.Column("body", TEXT, nullable=False),
    sa.Column("state", TEXT, nullable=False),  # waiting, delivered, failed
    sa.Column("created_at", Moment(), nullable=False),
    sa.Column("finished_at", Moment()),
    sa.Index("ix_ll_webhook_delivery_webhook", "webhook", "id"),
)

attempt = sa.Table(
    "ll_webhook_attempt",
    metadata,
    sa.Column("id", KEY, primary_key=True, autoincrement=True),
    sa.Column("delivery", BIG, nullable=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("milliseconds", sa.Integer, nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("answer", TEXT),
    sa.Column("error", TEXT),
    sa.Index("ix_ll_webhook_attempt_delivery", "delivery", "id"),
)
