"""Fixtures of the expression tests: fields of every type, and both databases."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import psycopg
import pytest
import sqlalchemy as sa

from kit.expression_rows import TABLE
from loopline.expr.functions import KERNEL_FUNCTIONS
from loopline.expr.moment import Moment
from loopline.expr.scope import Ref
from loopline.expr.types import ExprType


class Fields(dict[tuple[str, ...], Ref]):
    """A scope made of a table of fields."""

    functions = KERNEL_FUNCTIONS

    def resolve(self, path: tuple[str, ...]) -> Ref | None:
        return self.get(path)

    def member(self, name: str) -> Ref | None:
        return self.get(("me", name))

    def names(self, path: tuple[str, ...]) -> list[str]:
        return [each[-1] for each in self if each[:-1] == path]


@pytest.fixture(scope="session")
def fields() -> Fields:
    types = {
        "count": ExprType.NUMBER,
        "name": ExprType.TEXT,
        "alias": ExprType.TEXT,
        "note": ExprType.LONG_TEXT,
        "stage": ExprType.CODE,
        "source": ExprType.CODE,
        "active": ExprType.BOOLEAN,
        "hot": ExprType.BOOLEAN,
        "born": ExprType.DATE,
        "due": ExprType.DATE,
        "met": ExprType.DATETIME,
        "left": ExprType.DATETIME,
        "owner": ExprType.LINK,
        "boss": ExprType.LINK,
        "interests": ExprType.SET,
        "extra": ExprType.OPAQUE,
        "customer.level": ExprType.CODE,
        "customer.name": ExprType.TEXT,
        "customer.owner.department": ExprType.LINK,
        "me.department": ExprType.LINK,
        "me.title": ExprType.TEXT,
        "department": ExprType.LINK,
    }
    scope = Fields()
    for name, kind in types.items():
        path = tuple(name.split("."))
        scope[path] = Ref(path, kind)
    for name, scale in {"amount": 2, "paid": 2, "rate": 6}.items():
        scope[(name,)] = Ref((name,), ExprType.NUMBER, scale)
    return scope


@pytest.fixture
def moment() -> Moment:
    return Moment(datetime(2026, 1, 31, 17, 30, tzinfo=UTC), "Asia/Shanghai", me=7)


@pytest.fixture(scope="session")
def expr_engines(pg_server: psycopg.Connection) -> Iterator[Mapping[str, sa.Engine]]:
    url = f"postgresql+psycopg://postgres@/postgres?host={pg_server.info.host}"
    engines = {
        "sqlite": sa.create_engine("sqlite://", poolclass=sa.StaticPool),
        "postgresql": sa.create_engine(url),
    }
    yield engines
    for engine in engines.values():
        engine.dispose()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(
    request: pytest.FixtureRequest, expr_engines: Mapping[str, sa.Engine]
) -> Iterator[sa.Connection]:
    with expr_engines[request.param].connect() as connection:
        TABLE.drop(connection, checkfirst=True)
        TABLE.create(connection)
        connection.commit()
        # One connection throughout: the table is temporary.
        yield connection
