"""Rows of every type, programs over them, and what Python and a database say of both."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st

from loopline.expr.check import check
from loopline.expr.fold import folded_key
from loopline.expr.formula import read_formula
from loopline.expr.moment import Moment
from loopline.expr.parse import parse
from loopline.expr.python import compile_formula, compile_predicate
from loopline.expr.scope import Scope
from loopline.expr.types import ValueType
from loopline.fields.base import StorageKind
from loopline.store.expressions import formula_to_sql, to_sql
from loopline.store.types import COLUMN_TYPES, TEXT

SCALES = {"count": 0, "amount": 2, "paid": 2, "rate": 6}
TEXTS = ("name", "alias", "customer.name")
CODES = ("stage", "source", "customer.level")
KINDS = {
    **dict.fromkeys(SCALES, StorageKind.SCALED),
    **dict.fromkeys((*TEXTS, *CODES, "note", "interests", "extra"), StorageKind.TEXT),
    **dict.fromkeys(("active", "hot"), StorageKind.BOOLEAN),
    **dict.fromkeys(("born", "due"), StorageKind.DATE),
    **dict.fromkeys(("met", "left"), StorageKind.DATETIME),
    **dict.fromkeys(("owner", "boss", "department"), StorageKind.LINK),
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
BLANK: dict[str, Any] = dict.fromkeys(KINDS)
HOSTILE = """% _ a% a_ A ab aB \\ \\\\ ' " '' "" '"; ; -- İ i̇ I ı ß SS ẞ é É é ﬁ fi Ａ Ａｂ １ 1
    中文 中 Ω ω Å 😀 👩‍👩 \ufffd \U0010ffff \uff5e \x01 \u00ad ss\u0301""".split()
HOSTILE += ["a b", "a  B", " a", "a\n", "a\u3000b", "\u3000", " "]

# Values of rows


def near_row(base: int, steps: Iterable[int]) -> Row:
    """Answer numbers that differ, if at all, in the last decimal of the finer one."""
    both = zip(SCALES.items(), steps, strict=True)
    return BLANK | {name: unscaled(base * 10**scale + step, scale) for (name, scale), step in both}


def unscaled(whole: int, scale: int) -> Decimal:
    return Decimal(whole).scaleb(-scale)


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


@dataclass(frozen=True)
class Organisation:
    """The same for everybody."""

    users: frozenset[int]
    others: frozenset[int]

    def reports(self, user: int) -> frozenset[int]:
        return self.users

    def tree(self, department: int) -> frozenset[int]:
        return self.others | {department}

    def memberships(self, entity: str, user: int) -> frozenset[int]:
        return self.others


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
    profile=st.fixed_dictionaries({"department": st.none() | ids, "title": st.none() | hostile}),
    organisation=st.none() | st.builds(Organisation, st.frozensets(ids), st.frozensets(ids)),
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


def assert_agreement(
    connection: sa.Connection,
    scope: Scope,
    content: Sequence[Row],
    rules: list[str],
    moment: Moment,
) -> None:
    both = [text for rule in rules for text in (rule, f"!({rule})")]
    checked = [check(parse(text), scope) for text in both]
    found = asked(connection, content, [to_sql(node, Columns(), moment) for node in checked])
    values = [reader(row) for row in content]
    wanted = [[test(row, moment) for row in values] for test in map(compile_predicate, checked)]
    differing = [text for text, one, other in zip(both, found, wanted, strict=True) if one != other]
    assert not differing
    assert [[not each for each in row] for row in wanted[::2]] == wanted[1::2]


def assert_values_agree(
    connection: sa.Connection,
    scope: Scope,
    content: Sequence[Row],
    formulas: list[str],
    moment: Moment,
) -> None:
    read = [read_formula(text, scope) for text in formulas]
    columns = [formula_to_sql(each.node, Columns(), moment) for each in read]
    found = fetched(connection, content, columns)
    values = [reader(row) for row in content]
    for text, one, column in zip(formulas, read, found, strict=True):
        compute = compile_formula(one.node)
        wanted = [stored(compute(row, moment), one.type) for row in values]
        assert (text, list(column)) == (text, wanted)


def stored(value: Any, kind: ValueType) -> Any:
    """Answer a value as a database gives it: exact numbers scaled."""
    exact = kind.number and kind.exact and value is not None
    return int(Decimal(value).scaleb(kind.scale)) if exact else value


def fetched(
    connection: sa.Connection, content: Sequence[Row], columns: list[sa.ColumnElement[Any]]
) -> list[tuple[Any, ...]]:
    """Answer, per column expression, its value in each row."""
    with connection.begin() as transaction:
        connection.execute(TABLE.insert(), [dump(*numbered) for numbered in enumerate(content)])
        named = [each.label(f"c{n}") for n, each in enumerate(columns)]
        query = sa.select(sa.literal(0), *named).select_from(TABLE).order_by(TABLE.c.id)
        found = [tuple(row)[1:] for row in connection.execute(query).all()]
        transaction.rollback()
    return list(zip(*found, strict=True))


def reader(row: Row) -> Callable[[tuple[str, ...]], object]:
    return lambda path: row[".".join(path)]


def asked(
    connection: sa.Connection, content: Sequence[Row], conditions: list[sa.ColumnElement[bool]]
) -> list[list[bool]]:
    """Answer, per condition, for which rows the database finds it true."""
    answers: list[list[bool]] = []
    with connection.begin() as transaction:
        connection.execute(TABLE.insert(), [dump(*numbered) for numbered in enumerate(content)])
        for batch in batched(conditions):
            columns = [sa.case((each, 1), else_=0).label(f"c{n}") for n, each in enumerate(batch)]
            query = sa.select(*columns).select_from(TABLE).order_by(TABLE.c.id)
            found = connection.execute(query).all()
            answers += [[bool(each) for each in column] for column in zip(*found, strict=True)]
        transaction.rollback()
    return answers


def batched(
    conditions: list[sa.ColumnElement[bool]], size: int = 500
) -> Iterator[list[sa.ColumnElement[bool]]]:
    return (conditions[start : start + size] for start in range(0, len(conditions), size))
