"""Finding records by what identifies them, and reading links in bodies."""

import pytest

from loopline.bootstrap import Platform
from loopline.errors import NotValid
from loopline.services.bin import delete
from loopline.services.links import find
from loopline.services.titles import titles
from loopline.services.values import read_bodies, read_body
from loopline.testing.fixtures import MakeRecord


@pytest.mark.parametrize(
    ("by", "value"),
    [
        ("name", "  ACME　Ltd "),
        ("name", "acme ltd"),
        ("mail", "Info@Acme.cn"),
        ("phone", "138 1234 1234"),
        ("code", "A-1"),
        ("count", "1,200"),
    ],
)
def test_a_record_is_found_as_people_write_it(
    platform: Platform, make_record: MakeRecord, by: str, value: str
) -> None:
    values = {"mail": "info@acme.cn", "phone": "+8613812341234", "code": "A-1", "count": 1200}
    made = make_record("x_thing", name="Acme Ltd", **values)
    with platform.read() as ctx:
        assert find(ctx, "x_thing", by, [value, "999"]) == {value: [made.id], "999": []}
        assert find(ctx, "x_thing", "id", [str(made.id)]) == {str(made.id): [made.id]}


def test_several_of_one_name_come_oldest_first(platform: Platform, make_record: MakeRecord) -> None:
    ids = [make_record("x_thing", name="twin").id for _ in range(3)]
    with platform.write() as ctx:
        delete(ctx, "x_thing", ids[1])
        assert find(ctx, "x_thing", "name", ["twin"]) == {"twin": [ids[0], ids[2]]}


def test_many_values_are_found_in_one_go(platform: Platform, make_record: MakeRecord) -> None:
    made = make_record("x_thing", name="n7")
    with platform.read() as ctx:
        found = find(ctx, "x_thing", "name", [f"n{number}" for number in range(1200)])
    assert {name for name, ids in found.items() if ids} == {"n7"}
    assert found["n7"] == [made.id]


def test_what_the_field_cannot_read_finds_nothing(platform: Platform) -> None:
    with platform.read() as ctx:
        assert find(ctx, "x_thing", "count", ["many"]) == {"many": []}


@pytest.mark.parametrize("by", ["nothing", "parent"])
def test_an_unknown_way_is_refused(platform: Platform, by: str) -> None:
    with platform.read() as ctx, pytest.raises(NotValid, match=r"link\.by"):
        find(ctx, "x_thing", by, ["1"])


def test_a_body_names_a_link_by_what_identifies_it(
    platform: Platform, make_record: MakeRecord
) -> None:
    made = make_record("x_thing", name="parent", mail="p@x.cn")
    bodies = [
        {"name": "a", "parent": {"by": {"mail": "P@x.cn"}}},
        {"name": "b", "parent": made.id},
        {"name": "c", "parent": {"by": {"mail": "nobody@x.cn"}}},
        {"name": "d", "parent": {"mail": "p@x.cn"}},
        {"name": "e", "count": "many"},
    ]
    with platform.read() as ctx:
        read = read_bodies(ctx, "x_thing", bodies)
    assert [values.get("parent") for values, _ in read[:2]] == [made.id, made.id]
    assert [[problem.code for problem in problems] for _, problems in read] == [
        [],
        [],
        ["link.none"],
        ["link.shape"],
        ["number.unreadable"],
    ]


def test_a_link_that_means_several_is_refused(platform: Platform, make_record: MakeRecord) -> None:
    for _ in range(2):
        make_record("x_thing", name="twin")
    with platform.read() as ctx, pytest.raises(NotValid, match=r"link\.many"):
        read_body(ctx, "x_thing", {"parent": {"by": {"name": "twin"}}})


def test_titles_are_read_for_the_binned_too(platform: Platform, make_record: MakeRecord) -> None:
    one, two = make_record("x_thing", name="one"), make_record("x_part", name=None)
    with platform.write() as ctx:
        delete(ctx, "x_thing", one.id)
        assert titles(ctx, "x_thing", {one.id, 999}) == {one.id: "one"}
        assert titles(ctx, "x_part", {two.id}) == {two.id: f"#{two.id}"}
        assert titles(ctx, "x_part", ()) == {}
