"""The tables of access: credentials, sessions, tokens, roles, login attempts."""

import sqlalchemy as sa

from loopline.store.system import metadata
from loopline.store.types import BIG, KEY, TEXT, Moment

credential = sa.Table(
    "ll_credential",
    metadata,
    sa.Column("user_id", BIG, primary_key=True, autoincrement=False),
    sa.Column("password_hash", TEXT),
    sa.Column("administrator", sa.Boolean, nullable=False),
    sa.Column("disabled_at", Moment()),
    sa.Column("changed_at", Moment(), nullable=False),
)
session = sa.Table(
    "ll_session",
    metadata,
    sa.Column("hash", TEXT, primary_key=True),
    sa.Column("user_id", BIG, nullable=False),
    sa.Column("csrf", TEXT, nullable=False),
    sa.Column("created_at", Moment(), nullable=False),
    sa.Column("expires_at", Moment(), nullable=False),
    sa.Column("address", TEXT),
    sa.Column("agent", TEXT),
    sa.Index("ix_ll_session_user", "user_id"),
)
user_role = sa.Table(
    "ll_user_role",
    metadata,
    sa.Column("user_id", BIG, primary_key=True, autoincrement=False),
    sa.Column("role", TEXT, primary_key=True),
    sa.Index("ix_ll_user_role_role", "role"),
)
token = sa.Table(
    "ll_token",
    metadata,
    sa.Column("id", KEY, primary_key=True, autoincrement=True),
    sa.Column("hash", TEXT, nullable=False, unique=True),
    sa.Column("user_id", BIG, nullable=False),
    sa.Column("scopes", TEXT, nullable=False),
    sa.Column("label", TEXT, nullable=False),
    sa.Column("created_at", Moment(), nullable=False),
    sa.Column("revoked_at", Moment()),
)
attempt = sa.Table(
    "ll_login_attempt",
    metadata,
    sa.Column("id", KEY, primary_key=True, autoincrement=True),
    sa.Column("subject", TEXT, nullable=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Index("ix_ll_login_attempt_subject", "subject", "at"),
)
