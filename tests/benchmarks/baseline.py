"""What one would write by hand for one table: Starlette, SQLAlchemy Core, and the same duties.

Each request checks a token, reads the revision, and validates; each write looks for a duplicate,
and writes record, audit and search row in one transaction, written through like ours.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import event
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.workload import leads

TOKEN = "bench"
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXTS = ("name", "company", "title", "phone", "email", "wechat", "region", "source", "need")
_TEXTS += ("level", "status", "invalid_reason", "utm_source", "utm_medium", "utm_campaign", "note")
_metadata = sa.MetaData()
lead = sa.Table(
    "lead",
    _metadata,
    sa.Column("id", _KEY, primary_key=True),
    *(sa.Column(name, sa.Text) for name in _TEXTS),
    *(sa.Column(name, sa.BigInteger) for name in ("industry", "product", "budget", "owner")),
    sa.Column("next_follow_up", sa.Date),
    sa.Column("created_at", sa.DateTime(timezone=True)),
    sa.Column("row_version", sa.Integer),
    sa.Column("deleted_at", sa.DateTime(timezone=True)),
    sa.Index("ix_created", "created_at", "id"),
    sa.Index("ix_phone", "phone"),
    sa.Index("ix_source", "source", "created_at"),
)
change = sa.Table(
    "change",
    _metadata,
    sa.Column("id", _KEY, primary_key=True),
    sa.Column("at", sa.DateTime(timezone=True)),
    sa.Column("actor", sa.BigInteger),
    sa.Column("record", sa.BigInteger, index=True),
    sa.Column("diff", sa.Text),
)
search = sa.Table(
    "search",
    _metadata,
    sa.Column("record", sa.BigInteger, primary_key=True),
    sa.Column("words", sa.Text),
)
head = sa.Table("head", _metadata, sa.Column("revision", sa.Integer))
token = sa.Table(
    "token",
    _metadata,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("user_id", sa.BigInteger),
)

_WHO = sa.select(token.c.user_id).where(token.c.hash == sa.bindparam("hash"))
_REVISION = sa.select(head.c.revision)
_TWIN = sa.select(lead.c.id).where(lead.c.phone == sa.bindparam("phone")).limit(1)
_ONE = sa.select(lead).where(lead.c.id == sa.bindparam("id"))
_SHOWN = ("id", "name", "company", "phone", "email", "budget", "source", "status")
_SHOWN += ("next_follow_up", "owner", "created_at")
_PAGE = (
    sa.select(*(lead.c[name] for name in _SHOWN))
    .where(
        lead.c.source == sa.bindparam("source"),
        lead.c.budget > sa.bindparam("budget"),
        lead.c.deleted_at.is_(None),
    )
    .order_by(lead.c.created_at.desc(), lead.c.id.desc())
    .limit(51)
)
_TOTAL = sa.select(sa.func.count()).where(
    lead.c.source == sa.bindparam("source"),
    lead.c.budget > sa.bindparam("budget"),
    lead.c.deleted_at.is_(None),
)
_DEEP = (
    sa.select(*(lead.c[name] for name in _SHOWN))
    .where(lead.c.id < sa.bindparam("below"), lead.c.deleted_at.is_(None))
    .order_by(lead.c.id.desc())
    .limit(51)
)
_SUMMARY = (
    sa.select(
        lead.c.source,
        lead.c.level,
        sa.func.count(),
        sa.cast(sa.func.sum(lead.c.budget), sa.BigInteger),
    )
    .where(lead.c.deleted_at.is_(None))
    .group_by(lead.c.source, lead.c.level)
)
_UPDATE = (
    lead.update()
    .where(lead.c.id == sa.bindparam("id_"), lead.c.row_version == sa.bindparam("version"))
    .values(name=sa.bindparam("name"), row_version=sa.bindparam("next"))
)
_SEARCH_UPDATE = (
    search.update()
    .where(search.c.record == sa.bindparam("id_"))
    .values(words=sa.bindparam("words"))
)


def open_engine(url: str) -> sa.Engine:
    """Open a database the way ours is opened."""
    address = sa.make_url(url)
    if address.get_backend_name() != "sqlite":
        return sa.create_engine(address.set(drivername="postgresql+psycopg"), pool_size=20)
    driver = {"check_same_thread": False, "isolation_level": None}
    engine = sa.create_engine(address, connect_args=driver, pool_size=20)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def prepare(url: str, rows: int) -> None:
    """Make the tables and fill them."""
    engine = open_engine(url)
    _metadata.create_all(engine)
    now = datetime.now(UTC)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(head.insert(), {"revision": 1})
        hashed = hashlib.sha256(TOKEN.encode()).hexdigest()
        connection.execute(token.insert(), {"hash": hashed, "user_id": 1})
        for first in range(0, rows, 5000):
            fixed = {"created_at": now, "row_version": 1, "owner": 1, "status": "new"}
            some = leads(first, min(5000, rows - first))
            values = [{**one, "budget": int(one["budget"] * 100), **fixed} for one in some]
            connection.execute(lead.insert(), values)
        words = sa.select(lead.c.id, lead.c.name + " " + lead.c.company)
        connection.execute(search.insert().from_select(["record", "words"], words))
    engine.dispose()


class _Api:
    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @contextmanager
    def _open(self, request: Request, *, writes: bool) -> Iterator[tuple[sa.Connection, int]]:
        opened = self._engine.connect().execution_options(writes=writes)
        with opened as connection, connection.begin():
            secret = request.headers["authorization"][7:]
            hashed = hashlib.sha256(secret.encode()).hexdigest()
            user = connection.execute(_WHO, {"hash": hashed}).scalar_one()
            connection.execute(_REVISION).scalar_one()
            yield connection, user

    def page(self, request: Request, body: bytes) -> object:
        asked, query = {"source": "expo", "budget": 100_00}, request.query_params
        with self._open(request, writes=False) as (connection, _):
            if "below" in query:
                found = connection.execute(_DEEP, {"below": int(query["below"])})
            else:
                found = connection.execute(_PAGE, asked)
            rows = [{str(k): value for k, value in row.items()} for row in found.mappings()]
            if "count" not in query:
                return rows
            return {"items": rows, "total": connection.execute(_TOTAL, asked).scalar_one()}

    def summary(self, request: Request, body: bytes) -> object:
        with self._open(request, writes=False) as (connection, _):
            return [list(row) for row in connection.execute(_SUMMARY)]

    def get(self, request: Request, body: bytes) -> object:
        with self._open(request, writes=False) as (connection, _):
            row = connection.execute(_ONE, {"id": request.path_params["id"]}).mappings().one()
            return {str(name): value for name, value in row.items()}

    def create(self, request: Request, body: bytes) -> object:
        values: dict[str, Any] = orjson.loads(body)
        if any(len(values.get(name) or "") > 5000 for name in _TEXTS):
            raise ValueError("too long")
        values["budget"] = int(float(values["budget"]) * 100)
        values["next_follow_up"] = date.fromisoformat(values["next_follow_up"])
        with self._open(request, writes=True) as (connection, user):
            connection.execute(_TWIN, {"phone": values["phone"]}).scalar()
            now = datetime.now(UTC)
            new = {**values, "owner": user, "created_at": now, "row_version": 1, "status": "new"}
            key = connection.execute(lead.insert(), new).inserted_primary_key
            record = 0 if key is None else key[0]
            diff = orjson.dumps({name: [None, value] for name, value in values.items()}).decode()
            self._audit(connection, user, record, diff)
            words = " ".join(str(values[name]) for name in ("name", "company", "phone", "email"))
            connection.execute(search.insert(), {"record": record, "words": words})
            return {"id": record, **new}

    def update(self, request: Request, body: bytes) -> object:
        name = str(orjson.loads(body)["name"])
        with self._open(request, writes=True) as (connection, user):
            asked = {"id": request.path_params["id"]}
            row = dict(connection.execute(_ONE, asked).mappings().one())
            version = row["row_version"]
            values = {"id_": row["id"], "version": version, "name": name, "next": version + 1}
            connection.execute(_UPDATE, values)
            diff = orjson.dumps({"name": [row["name"], name]}).decode()
            self._audit(connection, user, row["id"], diff)
            words = f"{name} {row['company']} {row['phone']} {row['email']}"
            connection.execute(_SEARCH_UPDATE, {"id_": row["id"], "words": words})
            return {str(k): v for k, v in row.items()} | {"name": name, "row_version": version + 1}

    def _audit(self, connection: sa.Connection, user: int, record: int, diff: str) -> None:
        row = {"at": datetime.now(UTC), "actor": user, "record": record, "diff": diff}
        connection.execute(change.insert(), row)


def _endpoint(run: Callable[[Request, bytes], object]) -> Callable[[Request], Any]:
    async def answer(request: Request) -> Response:
        content = await run_in_threadpool(run, request, await request.body())
        return Response(orjson.dumps(content), media_type="application/json")

    return answer


def application() -> Starlette:
    """Answer the application over the database in BASELINE_DB."""
    api = _Api(open_engine(os.environ["BASELINE_DB"]))
    return Starlette(
        routes=[
            Route("/leads", _endpoint(api.page)),
            Route("/summary", _endpoint(api.summary)),
            Route("/leads", _endpoint(api.create), methods=["POST"]),
            Route("/leads/{id:int}", _endpoint(api.get)),
            Route("/leads/{id:int}", _endpoint(api.update), methods=["PATCH"]),
        ]
    )
