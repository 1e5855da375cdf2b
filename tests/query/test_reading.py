"""Semantic queries are read with every problem at its place."""

import re
from decimal import Decimal

import orjson
import pytest

from kit.sources import ROOT
from loopline.errors import NotValid
from loopline.query.document import Aggregate, Derived, Fact, Formula, Grain, How
from loopline.query.reading import read_query

WHOLE = {
    "dataset": {
        "entity": "x_deal",
        "paths": {"customer": {"via": "firm"}},
        "facts": {"line": {"entity": "x_line", "via": "deal", "many": True}},
    },
    "dimensions": {
        "band": {"field": "amount", "bucket": [0, "2.5"], "pos": 3},
        "month": {"field": "met_at", "grain": "month", "pos": 1},
        "region": {"field": "customer.region", "label": "Region"},
    },
    "measures": {
        "n": {"aggregate": "count"},
        "price": {"aggregate": "sum", "field": "line.price", "fact": "line"},
        "won": {"aggregate": "sum", "field": "amount", "where": 'stage == "won"'},
        "rate": {"formula": "won / n", "format": "percent1"},
        "part": {"of": "won", "show": "percent_of_total"},
    },
    "where": "hot",
    "having": "n > 1",
    "sort": "-won,region",
    "limit": 10,
    "totals": "levels",
}


def wrong(**changed: object) -> set[tuple[str, str]]:
    with pytest.raises(NotValid) as refused:
        read_query({**WHOLE, **changed})
    return {(one.path, one.code) for one in refused.value.problems}


def test_dimensions_stand_by_pos_with_links_by_their_names() -> None:
    found = read_query(WHOLE)
    assert [(one.id, one.path) for one in found.dimensions] == [
        ("region", ("firm", "region")),
        ("month", ("met_at",)),
        ("band", ("amount",)),
    ]
    assert found.dimensions[1].grain is Grain.MONTH
    assert found.dimensions[2].bounds == (Decimal(0), Decimal("2.5"))
    assert found.facts == {"line": Fact(id="line", entity="x_line", via="deal")}


def test_measures_are_of_three_sorts() -> None:
    n, price, _, rate, part = read_query(WHOLE).measures
    assert n == Aggregate(id="n", how=How.COUNT)
    assert price == Aggregate(id="price", how=How.SUM, path=("price",), fact="line")
    assert rate == Formula(id="rate", text="won / n", format="percent1")
    assert part == Derived(id="part", of="won")


def test_totals_by_level_or_by_named_sets() -> None:
    assert read_query(WHOLE).totals == (("region", "month"), ("region",), ())
    asked = {**WHOLE, "totals": [["month", "region"], [], ["band", "month", "region"]]}
    assert read_query(asked).totals == (("region", "month"), ())
    assert read_query({**WHOLE, "totals": "none"}).totals == ()


def test_what_is_wrong_is_named_at_its_place() -> None:
    assert wrong(dataset={}) == {("dataset.entity", "query.missing")}
    assert wrong(wibble=1) == {("wibble", "query.unknown_key")}
    assert wrong(limit=0) == {("limit", "query.limit")}
    assert wrong(sort="-nobody") == {("sort", "query.unknown_name")}
    assert wrong(totals="some") == {("totals", "query.totals")}
    assert wrong(totals=[["nobody"]]) == {("totals", "query.totals")}
    assert wrong(where=1, having=[]) == {
        ("where", "query.needs_text"),
        ("having", "query.needs_text"),
    }


def test_wrong_dimensions() -> None:
    dimensions = {
        "Bad": {"field": "a"},
        "n": {"field": "a", "grain": "hour"},
        "none": {},
        "bands": {"field": "a", "bucket": [2, 1]},
        "texts": {"field": "a", "bucket": ["x"]},
        "long": {"field": "a", "bucket": ["1" * 19]},
        "far": {"field": ".".join("a" * 5000)},
        "list": [],
    }
    assert wrong(dimensions=dimensions, sort="", totals="none") == {
        ("dimensions.Bad", "query.id"),
        ("dimensions.n.grain", "query.choice"),
        ("dimensions.none.field", "query.missing"),
        ("dimensions.bands.bucket", "query.bands"),
        ("dimensions.texts.bucket", "query.bands"),
        ("dimensions.long.bucket", "query.bands"),
        ("dimensions.far.field", "query.hops"),
        ("dimensions.list", "query.needs_map"),
        ("dimensions.list.field", "query.missing"),
        ("measures.n", "query.taken"),
    }


def test_wrong_measures() -> None:
    measures = {
        "none": {},
        "both": {"formula": "n", "of": "n"},
        "how": {"aggregate": "mode", "field": "a"},
        "what": {"aggregate": "sum"},
        "shown": {"of": "n", "show": "bars"},
    }
    assert wrong(measures=measures, sort="") >= {
        ("measures.none", "query.measure_kind"),
        ("measures.both", "query.measure_kind"),
        ("measures.how.aggregate", "query.choice"),
        ("measures.what.field", "query.missing"),
        ("measures.shown.show", "query.choice"),
    }


def test_too_much_is_refused_before_it_is_looked_at() -> None:
    many = {f"d{at}": {"field": "a"} for at in range(9)}
    assert ("dimensions", "query.too_many") in wrong(dimensions=many, sort="", totals="none")
    assert wrong(dimensions={}, measures={}, sort="") == {("measures", "query.missing")}


def test_the_example_of_the_reference_is_a_query() -> None:
    page = (ROOT / "docs" / "reference" / "query.md").read_text("utf-8")
    example = re.findall(r"^```json\n(.*?)^```", page, re.S | re.M)[0]
    assert len(read_query(orjson.loads(example)).measures) == 7


@pytest.mark.parametrize(
    ("bucket", "found"),
    [
        ({"quantiles": 0}, ("dimensions.a.bucket.quantiles", "query.limit")),
        ({}, ("dimensions.a.bucket.quantiles", "query.missing")),
        ({"quantiles": 5, "by": 1}, ("dimensions.a.bucket.by", "query.unknown_key")),
    ],
)
def test_quantiles_are_a_number_of_bands(bucket, found) -> None:
    assert found in wrong(dimensions={"a": {"field": "amount", "bucket": bucket}}, totals="none")
