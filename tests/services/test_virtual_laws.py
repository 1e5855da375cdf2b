"""Laws of formulas and lookups: one value by SQL and by Python, whatever the records hold."""

import os
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.expression_rows import hostile
from loopline.query.lists import ListQuery, page
from loopline.services.records import create_many, readable

DOCUMENTS = """
kind: entity
id: x_far
format: 1
label: Far
title_field: name
fields:
  name: {type: text, label: Name}
  rate: {type: percent, label: Rate}
  days: {type: multi_choice, label: Days, options: {mo: {label: Mo}, tu: {label: Tu}}}
  loud: {type: formula, returns: text, formula: 'concat(name, "!")', label: Loud}
---
kind: entity
id: x_near
format: 1
label: Near
title_field: name
fields:
  name:  {type: text, label: Name}
  far:   {type: link, to: x_far, label: Far}
  money: {type: money, label: Money}
  count: {type: integer, label: Count}
  day:   {type: date, label: Day}
  met:   {type: datetime, label: Met}
  yes:   {type: boolean, label: "Yes"}
  f_sum:   {type: formula, returns: money, formula: "money + count", label: Sum}
  f_fine:  {type: formula, returns: decimal, scale: 4, formula: "money * 2", label: Fine}
  f_whole: {type: formula, returns: integer, formula: "money * far.rate", label: Whole}
  f_part:  {type: formula, returns: percent, formula: "money / count", label: Part}
  f_text:  {type: formula, returns: text, formula: 'concat(name, " ", far.name)', label: Text}
  f_day:   {type: formula, returns: date, formula: "day + count", label: Later}
  f_met:   {type: formula, returns: datetime, formula: "coalesce(met, created_at)", label: When}
  f_if:    {type: formula, returns: boolean, formula: "yes || count > 3", label: If}
  f_flag:  {type: formula, returns: boolean, formula: "yes", label: Flag}
  f_past:  {type: formula, returns: boolean, formula: "!(day > today())", label: Past}
  f_twice: {type: formula, returns: decimal, scale: 1, formula: "f_part * 2", label: Twice}
  l_rate:  {type: lookup, via: far, field: rate, label: Rate}
  l_days:  {type: lookup, via: far, field: days, label: Days}
  l_loud:  {type: lookup, via: far, field: loud, label: Loud}
  l_made:  {type: lookup, via: far, field: created_at, label: Made}
"""
EXAMPLES = 25 * (10 if os.environ.get("LOOPLINE_TEST_DEEP") else 1)
NAMES = tuple(
    line.partition(":")[0].strip()
    for line in DOCUMENTS.splitlines()
    if line.startswith(("  f_", "  l_"))
)
_MOST = 10**9
_NEAR = st.fixed_dictionaries(
    {},
    optional={
        "name": hostile.filter(str.strip),
        "money": st.decimals(-_MOST, _MOST, places=2) | st.just(Decimal(10**16) - 1),
        "count": st.integers(-5, 5) | st.integers(-_MOST, _MOST),
        "day": st.dates(date(1, 1, 1)),
        "met": st.datetimes(datetime(1971, 1, 1), datetime(2068, 1, 1), timezones=st.just(UTC)),
        "yes": st.booleans(),
        "far": st.integers(0, 1),
    },
)
_FAR = st.fixed_dictionaries(
    {},
    optional={
        "name": hostile.filter(str.strip),
        "rate": st.decimals(-10, 10, places=4),
        "days": st.sampled_from([("mo",), ("mo", "tu")]),
    },
)


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


@settings(max_examples=EXAMPLES)
@given(
    far=st.lists(_FAR, min_size=2, max_size=2),
    near=st.lists(_NEAR, min_size=1, max_size=5),
    first=st.sampled_from(NAMES),
    sign=st.sampled_from(["", "-"]),
)
def test_lists_and_records_agree(platform, far, near, first, sign) -> None:
    with platform.write(via="cli") as ctx:
        targets = create_many(ctx, "x_far", far)
        rows = [r | ({"far": targets[r["far"]]} if "far" in r else {}) for r in near]
        made = create_many(ctx, "x_near", rows)
        wanted = {key: one.values for key, one in readable(ctx, "x_near", made).items()}
        assert set(NAMES) <= wanted[made[0]].keys()
        sort, since = (f"{sign}{first}",), f"id >= {made[0]}"
        query = ListQuery(entity="x_near", filter=since, sort=sort, limit=2)
        assert dict(_walk(ctx, query)) == wanted


def _walk(ctx, query: ListQuery):
    while True:
        one = page(ctx, query)
        yield from ((record.id, record.values) for record in one.records)
        if one.next is None:
            return
        query = replace(query, cursor=one.next)
