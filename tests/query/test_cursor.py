"""A cursor serves the list it was made for, and no other."""

import pytest

from loopline.bootstrap import Platform
from loopline.errors import BadRequest
from loopline.query.cursor import decode, encode
from loopline.query.lists import ListQuery, page
from loopline.testing.fixtures import MakeRecord

OTHERS = (
    {"entity": "x_part", "sort": ("name",)},
    {"entity": "x_thing", "sort": ("-name",)},
    {"entity": "x_thing", "sort": ("count",)},
    {"entity": "x_thing"},
)


@pytest.fixture
def cursor(platform: Platform, make_record: MakeRecord) -> str:
    for name in "ab":
        make_record("x_thing", name=name)
        make_record("x_part", name=name)
    with platform.read() as ctx:
        found = page(ctx, ListQuery(entity="x_thing", sort=("name",), limit=1)).next
    assert found is not None
    return found


def test_a_cursor_goes_on_in_its_own_list(platform: Platform, cursor: str) -> None:
    query = ListQuery(entity="x_thing", sort=("name",), cursor=cursor)
    with platform.read() as ctx:
        assert [one.values["name"] for one in page(ctx, query).records] == ["b"]


@pytest.mark.parametrize("other", OTHERS)
def test_a_cursor_of_another_list_is_refused(platform: Platform, cursor: str, other) -> None:
    with platform.read() as ctx, pytest.raises(BadRequest, match=r"query\.cursor"):
        page(ctx, ListQuery(**other, cursor=cursor))


def test_a_cursor_made_before_its_column_changed_is_refused() -> None:
    made = encode(["a", 1], ("x_thing", "size Text()", "id BigInteger()"))
    with pytest.raises(BadRequest, match=r"query\.cursor"):
        decode(made, ("x_thing", "size BigInteger()", "id BigInteger()"))
