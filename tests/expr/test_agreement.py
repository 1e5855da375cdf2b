"""Python and SQL say the same of every row, and a rule and its opposite split the rows in two."""

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loopline.expr.check import check
from loopline.expr.fold import folded_key
from loopline.expr.moment import Moment
from loopline.expr.parse import parse
from loopline.expr.python import compile_predicate
from loopline.expr.scope import Scope
from loopline.fields.base import StorageKind
from loopline.store.expressions import to_sql
from loopline.store.types import COLUMN_TYPES, TEXT

EXAMPLES = 100 * (10 if os.environ.get("LOOPLINE_TEST_DEEP") else 1)
SCALES = {"count": 0, "amount": 2, "paid": 2, "rate": 6}
TEXTS = ("name", "alias", "customer.name")
CODES = ("stage", "source", "customer.level")
KINDS = {
    **dict.fromkeys(SCALES, StorageKind.SCALED),
    **dict.fromkeys((*TEXTS, *CODES, "note", "interests", "extra"), StorageKind.TEXT),
    **dict.fromkeys(("active", "hot"), StorageKind.BOOLEAN),
    **dict.fromkeys(("born", "due"), StorageKind.DATE),
    **dict.fromkeys(("met", "left"), StorageKind.DATETIME),
    **dict.fromkeys(("owner", "boss"), StorageKind.LINK),
}
TABLE = sa.Table(
    "expression_row",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    *(sa.Column(name, COLUMN_TYPES[kind]) for name, kind in KINDS.items()),
    *(sa.Column(f"{name}__key", TEXT) for name in TEXTS),
    prefixes=["TEMPORARY"],
)

Row = Mapping[str, Any]

# Values of rows


def unscaled(whole: int, scale: int) -> Decimal:
    return Decimal(whole).scaleb(-scale)


def near_row(base: int, steps: list[int | None]) -> Row:
    numbers = {
        name: None if step is None else unscaled(base * 10**scale + step, scale)
        for (name, scale), step in zip(SCALES.items(), steps, strict=True)
    }
    return BLANK | numbers


hostile = st.text(
    st.sampled_from("aAbBiI%_'\"\\,-: \t\n1.İıßſÉé\u0301ﬁＡ１　中文Ωω😀\U0010ffff\ufffd")
    | st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    max_size=4,
)
small = st.integers(-250, 250)
stored = (
    small
    | st.sampled_from([2**63 - 1, -(2**63), 10**18 - 1, 1 - 10**18])
    | st.integers(-(10**18), 10**18)
)
codes = st.sampled_from(["a", "b", "ab", "A", "a%", "a_", "İ"])
days = st.dates(date(2026, 3, 5), date(2026, 3, 11)) | st.sampled_from([date.min, date.max])
START = datetime(2026, 3, 6, tzinfo=UTC)
moments = st.builds(
    lambda hours, ticks: START + timedelta(hours=hours, microseconds=ticks),
    st.integers(0, 96),
    st.integers(-1, 1),
) | st.sampled_from([datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
ids = st.integers(1, 3)
VALUES: dict[StorageKind, st.SearchStrategy[Any]] = {
    StorageKind.BOOLEAN: st.booleans(),
    StorageKind.DATE: days,
    StorageKind.DATETIME: moments,
    StorageKind.LINK: ids,
    StorageKind.TEXT: hostile.filter(bool),
    StorageKind.SCALED: stored,
}
OWN_VALUES: dict[str, st.SearchStrategy[Any]] = {
    **{name: st.builds(unscaled, stored, st.just(scale)) for name, scale in SCALES.items()},
    **dict.fromkeys(CODES, codes),
    "interests": st.lists(codes, min_size=1, max_size=3, unique=True).map(tuple),
}
rows = st.lists(
    st.fixed_dictionaries(
        {name: st.none() | OWN_VALUES.get(name, VALUES[kind]) for name, kind in KINDS.items()}
    ),
    min_size=1,
    max_size=6,
)
contexts = st.builds(
    Moment,
    now=moments.filter(lambda at: at.year == 2026),
    zone=st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York", "Africa/Cairo"]),
    me=st.none() | ids,
)

# Numbers that differ, if at all, in the last decimal of the finer one, up to the widest there are.
BLANK: dict[str, Any] = dict.fromkeys(KINDS)
near_rows = st.lists(
    st.builds(
        near_row,
        st.integers(-3, 3) | st.sampled_from([10**12, -(10**12)]),
        st.lists(st.integers(-2, 2) | st.none(), min_size=len(SCALES), max_size=len(SCALES)),
    ),
    min_size=3,
    max_size=8,
)

# Moments at midnight somewhere, give or take the least step.
near_midnight = st.builds(
    lambda day, hour, ticks: START + timedelta(days=day, hours=hour, microseconds=ticks),
    st.integers(0, 3),
    st.sampled_from([0, 4, 5, 16, 22]),
    st.integers(-1, 1),
)
midnight_rows = st.lists(
    st.builds(lambda met, left: BLANK | {"met": met, "left": left}, near_midnight, near_midnight),
    min_size=6,
    max_size=10,
)

# Programs, as text


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def compared(
    names: tuple[str, ...], values: st.SearchStrategy[str], *, ordered: bool = True
) -> st.SearchStrategy[str]:
    """Comparisons of a field with a value (on either side) or with another field."""
    signs = ["==", "!=", "<", "<=", ">", ">="] if ordered else ["==", "!="]
    field, sign = st.sampled_from(names), st.sampled_from(signs)
    return (
        st.tuples(field, sign, values).map(" ".join)
        | st.tuples(values, sign, field).map(" ".join)
        | st.tuples(field, sign, field).map(" ".join)
    )


def listed(names: tuple[str, ...], values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    items = st.lists(values, max_size=3).map(", ".join)
    return st.tuples(st.sampled_from(names), items).map(lambda it: f"{it[0]} in [{it[1]}]")


def searched(
    names: tuple[str, ...], parts: st.SearchStrategy[str], *functions: str
) -> st.SearchStrategy[str]:
    return st.tuples(st.sampled_from(functions), st.sampled_from(names), parts).map(
        lambda it: f"{it[0]}({it[1]}, {it[2]})"
    )


whole = small | st.integers(1 - 10**18, 10**18 - 1)
numbers = st.tuples(whole, st.sampled_from([0, 0, 1, 2, 3, 7])).map(
    lambda it: f"{Decimal(it[0]).scaleb(-it[1]):f}"
)
texts = hostile.filter(folded_key).map(quoted)
exact = (codes | hostile.filter(bool)).map(quoted)
plain_days = days.map(lambda day: f'"{day.isoformat()}"')
near_days = st.integers(-3, 3).map(lambda n: f"today() {'-' if n < 0 else '+'} {abs(n)}")
instants = moments.map(lambda at: f'"{at.isoformat()}"') | st.just("now()")
users = ids.map(str) | st.just("me")
dates = plain_days | near_days | st.just("today()")
numeric = tuple(SCALES)

atoms = st.one_of(
    compared(numeric, numbers),
    compared(TEXTS, texts),
    compared(CODES, exact),
    compared(("active", "hot"), st.sampled_from(["true", "false"]), ordered=False),
    compared(("born", "due"), dates),
    compared(("met", "left"), instants | dates),
    compared(("owner", "boss"), users, ordered=False),
    listed(numeric, numbers),
    listed(TEXTS, texts),
    listed(CODES, exact),
    listed(("born", "due"), dates),
    listed(("met", "left"), instants),
    listed(("owner", "boss"), users),
    searched(TEXTS, texts, "contains", "starts_with"),
    searched(CODES, exact, "contains", "starts_with"),
    searched(("note",), hostile.filter(bool).map(quoted), "contains"),
    codes.map(lambda code: f"{quoted(code)} in interests"),
    st.sampled_from(tuple(KINDS)).map(lambda name: f"is_blank({name})"),
    st.sampled_from(tuple(KINDS)).map(lambda name: f"{name} != null"),
    st.sampled_from(["active", "hot", "true", "false", 'today() > "2026-03-08"', "me == 2"]),
)
programs = st.recursive(
    atoms,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(lambda it: f"({' '.join(it)})")
        | inner.map(lambda text: f"!({text})")
    ),
    max_leaves=5,
)

edges = st.sampled_from(["92233720368547758", "92233720368547759", "-999999999999999999"])
near_numbers = edges | st.builds(
    lambda base, step, digits: f"{base + Decimal(step).scaleb(-digits):f}",
    st.integers(-3, 3),
    st.integers(-2, 2),
    st.sampled_from([0, 2, 3, 6, 7]),
)
number_rules = compared(numeric, near_numbers) | listed(numeric, near_numbers)
near_dates = st.integers(5, 10).map(lambda day: f'"2026-03-{day:02}"')
day_rules = compared(("met", "left"), near_dates | near_days)

# Storing and asking


class Columns:
    def column(self, path: tuple[str, ...]) -> sa.ColumnElement[Any]:
        return TABLE.c[".".join(path)]

    def key(self, path: tuple[str, ...]) -> sa.ColumnElement[Any]:
        return TABLE.c[f"{'.'.join(path)}__key"]


def dump(number: int, row: Row) -> Row:
    scaled = {
        name: row[name] if row[name] is None else int(row[name].scaleb(scale))
        for name, scale in SCALES.items()
    }
    keys = {f"{name}__key": folded_key(row[name]) for name in TEXTS}
    chosen = row["interests"] and f",{','.join(row['interests'])},"
    return {**row, **scaled, **keys, "interests": chosen, "id": number}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(
    request: pytest.FixtureRequest, expr_engines: Mapping[str, sa.Engine]
) -> Iterator[sa.Connection]:
    with expr_engines[request.param].connect() as connection:
        TABLE.create(connection)
        connection.commit()
        # One connection throughout: the table is temporary.
        yield connection


QUICK = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


@QUICK
@given(content=rows, rules=st.lists(programs, min_size=1, max_size=4), moment=contexts)
def test_python_and_sql_agree_and_opposites_split_the_rows(
    engine: sa.Connection, fields: Scope, content: list[Row], rules: list[str], moment: Moment
) -> None:
    assert_agreement(engine, fields, content, rules, moment)


@QUICK
@given(content=near_rows, rules=st.lists(number_rules, min_size=3, max_size=6), moment=contexts)
def test_numbers_of_different_scales_agree(
    engine: sa.Connection, fields: Scope, content: list[Row], rules: list[str], moment: Moment
) -> None:
    assert_agreement(engine, fields, content, rules, moment)


@QUICK
@given(content=midnight_rows, rules=st.lists(day_rules, min_size=3, max_size=6), moment=contexts)
def test_days_of_moments_agree(
    engine: sa.Connection, fields: Scope, content: list[Row], rules: list[str], moment: Moment
) -> None:
    assert_agreement(engine, fields, content, rules, moment)


def assert_agreement(
    connection: sa.Connection, scope: Scope, content: list[Row], rules: list[str], moment: Moment
) -> None:
    both = [text for rule in rules for text in (rule, f"!({rule})")]
    checked = [check(parse(text), scope) for text in both]
    tests = [compile_predicate(node) for node in checked]
    wanted = [[test(reader(row), moment) for test in tests] for row in content]
    found = asked(connection, content, [to_sql(node, Columns(), moment) for node in checked])
    assert found == wanted, both
    assert all(row[::2] == [not each for each in row[1::2]] for row in wanted), both


def reader(row: Row) -> Callable[[tuple[str, ...]], object]:
    return lambda path: row[".".join(path)]


def asked(
    connection: sa.Connection, content: list[Row], conditions: list[sa.ColumnElement[bool]]
) -> list[list[bool]]:
    columns = [sa.case((each, 1), else_=0).label(f"c{n}") for n, each in enumerate(conditions)]
    with connection.begin() as transaction:
        connection.execute(TABLE.insert(), [dump(*numbered) for numbered in enumerate(content)])
        answers = connection.execute(
            sa.select(*columns).select_from(TABLE).order_by(TABLE.c.id)
        ).all()
        transaction.rollback()
    return [[bool(each) for each in answer] for answer in answers]
