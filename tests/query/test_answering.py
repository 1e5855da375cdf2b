"""What a grid says besides its numbers, what it computes from them, and what it refuses."""

from decimal import Decimal

import pytest
from sqlalchemy import event

from kit.deals import DOCUMENTS, HUGE, make_deals
from loopline.errors import NotFound, NotValid
from loopline.query.answering import answer
from loopline.query.grid import ResultGrid
from loopline.query.reading import read_query

FACTS = {"line": {"entity": "x_line", "via": "deal"}}


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


@pytest.fixture
def ask(platform, make_record):
    """Answer whoever asks, over two firms with four deals, one of them with three lines."""
    firm = {name: make_record("x_firm", name=name, credit=Decimal(5)).id for name in ("丙", "阿")}
    rows = [("丙", "won", 100), ("丙", "talk", 300), ("阿", "won", 200), (None, None, None)]
    for at, (whose, stage, amount) in enumerate(rows):
        values = {"firm": firm.get(whose), "stage": stage, "size": at, "name": f"D{at % 2}"}
        made = make_record("x_deal", **values, amount=amount and Decimal(amount))
    for price in (1, 2, 3):
        make_record("x_line", deal=made.id, price=Decimal(price))

    def asked(actor=None, entity="x_deal", **parts: object) -> ResultGrid:
        measures = parts.pop("measures", {"n": {"aggregate": "count"}})
        dataset = {"entity": entity, "facts": FACTS}
        query = read_query({"dataset": dataset, "measures": measures, **parts})
        with platform.read(*([actor] if actor else [])) as ctx:
            return answer(ctx, query)

    return asked


def field(name: str, how: str = "sum", **more: object) -> dict[str, object]:
    return {"aggregate": how, "field": name, **more}


def table(grid: ResultGrid) -> list[tuple[object, ...]]:
    return [(*row.labels.values(), *row.values) for row in grid.rows]


def refused(ask, **parts: object) -> set[tuple[str, str]]:
    with pytest.raises(NotValid) as found:
        ask(**parts)
    return {(one.path, one.code) for one in found.value.problems}


def test_options_by_their_order_links_by_pinyin_blanks_last(ask) -> None:
    stages = ask(dimensions={"by": {"field": "stage"}})
    assert [row.key["by"] for row in stages.rows] == ["won", "talk", None]
    firms = ask(dimensions={"by": {"field": "firm"}}, sort="-by")
    assert table(firms) == [("丙", 2), ("阿", 1), ("", 1)]
    assert [row.filter for row in firms.rows][2] == "is_blank(firm)"


def test_a_ratio_is_computed_anew_for_its_total(ask) -> None:
    measures = {
        "won": field("amount", where='stage == "won"'),
        "amount": field("amount"),
        "rate": {"formula": "won / amount"},
        "twice": {"formula": "rate * 2"},
        "part": {"of": "amount", "show": "percent_of_total"},
    }
    grid = ask(measures=measures, dimensions={"firm": {"field": "firm"}}, sort="-amount")
    assert [row.values[2:] for row in grid.rows] == [
        (0.25, 0.5, pytest.approx(2 / 3)),
        (1.0, 2.0, pytest.approx(1 / 3)),
        (None, None, 0.0),
    ]
    assert grid.totals[0].values == (Decimal(300), Decimal(600), 0.5, 1.0, 1.0)
    assert [one.kind for one in grid.columns] == ["link", "money", "money", *["ratio"] * 3]


def test_lines_never_change_what_records_add_up_to(ask) -> None:
    plain = {"amount": field("amount"), "n": {"aggregate": "count"}}
    lines = {"lines": {"aggregate": "count", "fact": "line"}, "p": field("line.price", fact="line")}
    alone = ask(measures=plain, dimensions={"firm": {"field": "firm"}}, totals="levels")
    beside = ask(measures={**plain, **lines}, dimensions={"firm": {"field": "firm"}})
    assert [row.values[:2] for row in beside.rows] == [row.values for row in alone.rows]
    assert beside.rows[2].values[2:] == (3, Decimal(6))
    assert beside.totals[0].values == (Decimal(600), 4, 3, Decimal(6))


def test_distinct_values_of_a_total_are_no_sum(ask) -> None:
    grid = ask(
        measures={"names": field("name", "count_distinct")},
        dimensions={"firm": {"field": "firm"}, "stage": {"field": "stage"}},
        totals=[["firm"], []],
    )
    assert [row.values[0] for row in grid.rows] == [1, 1, 1, 1]
    assert [(row.level, row.values[0]) for row in grid.totals] == [(1, 1), (1, 2), (1, 1), (2, 2)]


def test_having_and_limit_leave_rows_out_but_not_of_totals(ask) -> None:
    grid = ask(
        measures={"amount": field("amount")},
        dimensions={"size": {"field": "size"}},
        having="amount >= 200",
        sort="-amount",
        limit=1,
    )
    assert (table(grid), grid.notes.left_out) == ([("1", Decimal(300))], 3)
    assert grid.totals[0].values == (Decimal(600),)


def test_nothing_adds_up_to_nothing(ask) -> None:
    measures = {"n": {"aggregate": "count"}, "sum": field("amount"), "avg": field("amount", "avg")}
    grid = ask(measures=measures, where="size > 99")
    assert (table(grid), grid.rows[0].filter) == ([(0, 0, None)], "size > 99")
    assert ask(measures=measures, where="size > 99", dimensions={"f": {"field": "firm"}}).rows == ()


def test_sums_beyond_sixty_four_bits_are_exact(ask, make_record) -> None:
    for _ in range(12):
        make_record("x_deal", amount=HUGE, name="huge")
    grid = ask(measures={"a": field("amount")}, where='name == "huge"')
    assert grid.rows[0].values == (HUGE * 12,)


def test_a_value_that_several_records_share_is_not_added_up(ask) -> None:
    assert refused(ask, measures={"c": field("firm.credit")}) == {
        ("measures.c.field", "query.fan_out")
    }
    assert ask(measures={"c": field("firm.credit", "max")}).rows[0].values == (Decimal(5),)


def test_every_part_that_does_not_fit_is_named(ask) -> None:
    dimensions = {
        "a": {"field": "wibble"},
        "b": {"field": "note"},
        "c": {"field": "name", "show_empty": True},
        "d": {"field": "stage", "grain": "month"},
        "e": {"field": "met_at", "bucket": [1]},
    }
    measures = {
        "x": field("name"),
        "y": field("size", fact="wibble"),
        "z": field("size", where="wibble == 1"),
    }
    assert refused(ask, dimensions=dimensions, measures=measures) == {
        ("dimensions.a.field", "query.no_field"),
        ("dimensions.b.field", "query.not_a_dimension"),
        ("dimensions.c.show_empty", "query.no_options"),
        ("dimensions.d.grain", "query.not_a_date"),
        ("dimensions.e.bucket", "query.not_a_number"),
        ("measures.x.aggregate", "query.not_a_measure"),
        ("measures.y.fact", "query.unknown_name"),
        ("measures.z.where", "expr.unknown_field"),
    }


def test_formulas_that_cannot_be(ask) -> None:
    measures = {
        "n": {"aggregate": "count"},
        "a": {"formula": "b + 1"},
        "b": {"formula": "a + 1"},
        "t": {"formula": "concat('a', 'b')"},
        "s": {"of": "wibble", "show": "percent_of_total"},
        "avg": field("size", "avg"),
        "r": {"of": "avg", "show": "running", "along": "wobble"},
    }
    assert refused(ask, measures=measures, having="wibble > 1") >= {
        ("measures.a.formula", "query.circle"),
        ("measures.s.of", "query.unknown_name"),
        ("measures.r.show", "query.not_running"),
        ("measures.r.along", "query.unknown_name"),
        ("having", "expr.unknown_field"),
    }


def test_formulas_that_double_without_end_are_refused(ask) -> None:
    measures = {"n": {"aggregate": "count"}, "f0": {"formula": "n + n"}}
    measures |= {f"f{at}": {"formula": f"f{at - 1} + f{at - 1}"} for at in range(1, 40)}
    assert ("measures.f39.formula", "query.too_many") in refused(ask, measures=measures)


def test_what_may_not_be_read_is_not_there(ask, as_user) -> None:
    rep, nobody = as_user("Rep", roles=("x_rep",)), as_user("Nobody", roles=())
    for name in ("secret", "veiled"):
        at = {("dimensions.d.field", "query.no_field"), ("measures.m.field", "query.no_field")}
        parts = {"dimensions": {"d": {"field": name}}, "measures": {"m": field(name)}}
        assert refused(ask, actor=rep, **parts) == at
        assert refused(ask, actor=rep, where=f"{name} > 1") == {("where", "expr.unknown_field")}
    with pytest.raises(NotFound):
        ask(actor=nobody)
    assert ask(actor=rep).rows[0].values == (0,)


def test_an_ordinary_query_is_one_statement(platform) -> None:
    make_deals(platform, [None])
    dimensions = {"stage": {"field": "stage"}, "month": {"field": "met_at", "grain": "month"}}
    measures = {"n": {"aggregate": "count"}, "avg": field("amount", "avg")}
    asked = {"dataset": {"entity": "x_deal"}, "dimensions": dimensions, "measures": measures}
    statements: list[str] = []
    with platform.read() as ctx:
        event.listen(
            ctx.connection, "before_cursor_execute", lambda *given: statements.append(given[2])
        )
        grid = answer(ctx, read_query({**asked, "totals": "levels"}))
    assert len(statements) == 1
    assert len(grid.totals) == 5


def test_plugins_ask_as_whoever_acts(platform, as_user) -> None:
    make_deals(platform, [None])
    asked = {"dataset": {"entity": "x_deal"}, "measures": {"n": {"aggregate": "count"}}}
    with platform.read(as_user("Rep", roles=("x_rep",))) as ctx:
        assert ctx.contexts("acme").query(asked).rows[0].values == (0,)


def test_what_a_link_may_not_lead_to_is_neither_named_nor_counted(
    platform, as_user, make_record
) -> None:
    rep = as_user("Rep", roles=("x_rep",))
    mine = make_record("x_firm", name="Mine", credit=Decimal(1), owner=rep.id).id
    other = make_record("x_firm", name="Hidden", credit=Decimal(9)).id
    for firm in (mine, other):
        deal = make_record("x_deal", firm=firm, owner=rep.id).id
        for price in (400, 600):  # lines from 500 are kept from the role
            make_record("x_line", deal=deal, price=Decimal(price))
    asked = {
        "dataset": {"entity": "x_deal", "facts": FACTS},
        "dimensions": {"name": {"field": "firm.name"}, "firm": {"field": "firm"}},
        "measures": {
            "credit": field("firm.credit", "max"),
            "price": field("line.price", fact="line"),
        },
    }
    with platform.read(rep) as ctx:
        grid = answer(ctx, read_query(asked))
    assert table(grid) == [
        ("Mine", "Mine", Decimal(1), Decimal(400)),
        ("", f"#{other}", None, Decimal(400)),
    ]
    assert grid.totals[0].values == (Decimal(1), Decimal(800))
