"""Search: found by fragment, word, initials and the end of a phone number; in step with writes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loopline.bootstrap import Platform
from loopline.query.lists import ListQuery, page
from loopline.services.bin import delete, restore
from loopline.services.editing import update
from loopline.services.records import create
from loopline.testing.fixtures import MakeRecord


def _found(platform: Platform, q: str) -> set[int]:
    with platform.read() as ctx:
        return {one.id for one in page(ctx, ListQuery(entity="x_thing", q=q)).records}


@pytest.fixture
def stock(make_record: MakeRecord) -> dict[str, int]:
    things = {
        "plant": {"name": "恒岳化工股份有限公司", "phone": "+8613812341234"},
        "press": {"name": "Hydraulic Press GTX-500", "mail": "sales@press.example"},
        "other": {"name": "江苏恒力机械", "code": "OLD-77"},
    }
    return {key: make_record("x_thing", **values).id for key, values in things.items()}


@pytest.mark.parametrize(
    ("q", "wanted"),
    [
        ("恒岳", {"plant"}),
        ("岳化", {"plant"}),
        ("恒", {"plant", "other"}),
        ("hyhg", {"plant"}),
        ("hg", {"plant"}),
        ("1234", {"plant"}),
        ("press", {"press"}),
        ("Hydra", {"press"}),
        ("gtx 500", {"press"}),
        ("hydraulic 恒岳", set()),
        ("old-77", {"other"}),
        ("sales", {"press"}),
        ("nothing", set()),
        ("…!?", set()),
        ("' OR 1=1 --", set()),
        ('"*', set()),
    ],
)
def test_a_search_finds_what_it_should(
    platform: Platform, stock: dict[str, int], q: str, wanted: set[str]
) -> None:
    assert _found(platform, q) == {stock[name] for name in wanted}


def test_a_search_follows_every_write(platform: Platform, make_record: MakeRecord) -> None:
    made = make_record("x_thing", name="first")
    with platform.write() as ctx:
        update(ctx, "x_thing", made.id, {"name": "second"})
    assert (_found(platform, "first"), _found(platform, "second")) == (set(), {made.id})
    with platform.write() as ctx:
        delete(ctx, "x_thing", made.id)
    assert _found(platform, "second") == set()
    with platform.write() as ctx:
        restore(ctx, "x_thing", made.id)
    assert _found(platform, "second") == {made.id}
    with platform.write() as ctx:
        update(ctx, "x_thing", made.id, {"name": "-"})
    assert _found(platform, "second") == set()


class _Undo(Exception):
    """Ends an example without keeping what it wrote."""


def _round(platform: Platform, text: str) -> None:
    with platform.write() as ctx:
        made = create(ctx, "x_thing", {"name": text})
        for word in str(made.values["name"]).split()[:3]:
            found = page(ctx, ListQuery(entity="x_thing", q=word)).records
            assert made.id in {one.id for one in found} or not any(map(str.isalnum, word))
        raise _Undo


@settings(max_examples=60)
@given(st.text(st.characters(categories=("L", "N", "P", "Zs", "S", "M")), min_size=1, max_size=12))
def test_a_record_is_found_by_each_of_its_words(platform: Platform, text: str) -> None:
    if text.strip():
        with pytest.raises(_Undo):
            _round(platform, text)


@pytest.mark.parametrize("text", ["a" * 255, "7" * 255, "恒" * 255, "a b " * 60])
def test_the_longest_text_is_stored_and_found(platform: Platform, text: str) -> None:
    with platform.write() as ctx:
        made = create(ctx, "x_part", {"name": text})
        found = page(ctx, ListQuery(entity="x_part", q=text[:4])).records
    assert made.id in {one.id for one in found}
