"""Formulas and lookups on pages, over the API, in files and in grids: shown, never written."""

import pytest

from loopline.bootstrap import Platform
from loopline.testing.fixtures import MakeRecord
from web.visitor import Visitor

ORDER = """
kind: entity
id: x_order
format: 1
label: {zh: 订单, en: Order}
title_field: name
fields:
  name:   {type: text, label: Name, required: true}
  count:  {type: integer, label: Count}
  buyer:  {type: link, to: x_buyer, label: Buyer}
  size:   {type: formula, returns: text, formula: 'if(count > 9, "Bulk", "Piece")', label: Size}
  twice:  {type: formula, returns: integer, formula: "count * 2", label: Twice}
  city:   {type: lookup, via: buyer, field: city, label: City}
  keeper: {type: lookup, via: buyer, field: keeper, label: Keeper}
---
kind: entity
id: x_buyer
format: 1
label: {zh: 买家, en: Buyer}
title_field: name
fields:
  name:   {type: text, label: Name}
  city:   {type: choice, label: City, options: {bj: {label: Beijing}, sh: {label: Shanghai}}}
  keeper: {type: link, to: user, label: Keeper}
"""


@pytest.fixture
def site_documents() -> str:
    return ORDER


@pytest.fixture
def order(make_record: MakeRecord, platform: Platform, ada: Visitor) -> int:
    with platform.read() as ctx:
        user = ctx.connection.exec_driver_sql("SELECT max(id) FROM r_user").scalar_one()
    buyer = make_record("x_buyer", name="Bolt", city="bj", keeper=user)
    make_record("x_order", name="small", count=1)
    return make_record("x_order", name="large", count=10, buyer=buyer.id).id


@pytest.mark.parametrize(
    "address",
    [
        "/x_order",
        "/x_order/{0}",
        "/x_order?sort=-twice&columns=size&columns=twice&columns=city&columns=keeper",
        "/x_order?sort=city&columns=size&columns=twice&columns=city&columns=keeper",
    ],
)
def test_pages_show_them(ada: Visitor, order: int, address: str) -> None:
    page = ada.get(f"/records{address}".format(order))
    assert page.status_code == 200
    assert all(text in page.text for text in ("Bulk", "Beijing", "Ada"))


@pytest.mark.parametrize("address", ["/records/x_order/new", "/records/x_order/{0}/edit"])
def test_forms_open(ada: Visitor, order: int, address: str) -> None:
    assert ada.get(address.format(order)).status_code == 200
