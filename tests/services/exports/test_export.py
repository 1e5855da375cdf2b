"""What an export writes: columns, headings, order, links."""

from io import BytesIO

import orjson
import pytest

from loopline.errors import NotFound, NotValid
from loopline.services.exports.export import ExportRequest, export
from loopline.services.records import create_many
from loopline.testing import publish_documents

BY_COUNT = """
kind: view
id: x_by_count
format: 1
entity: x_thing
type: list
label: {zh: 按数量, en: By count}
columns: {name: {}}
sort: [-count]
"""


def exported(platform, **asked) -> list[dict[str, object]]:
    target = BytesIO()
    with platform.read() as ctx:
        export(ctx, ExportRequest(format="json", **asked), target)
    return orjson.loads(target.getvalue())


def test_the_id_comes_first_and_headings_are_labels(platform, make_record) -> None:
    thing = make_record("x_thing", name="Bolt", count=3)
    row = exported(platform, entity="x_thing")[0]
    assert list(row)[:3] == ["ID", "名称", "编码"]
    assert (row["ID"], row["名称"], row["数量"]) == (thing.id, "Bolt", 3)


def test_a_faulty_filter_is_told_by_its_place_in_it(platform) -> None:
    with pytest.raises(NotValid, match=r"expr\.incomplete \(position=8"):
        exported(platform, entity="x_thing", filter="count >")


def test_a_filter_narrows_and_fields_choose(platform, make_record) -> None:
    make_record("x_thing", name="Bolt", count=3)
    make_record("x_thing", name="Nut", count=5)
    rows = exported(platform, entity="x_thing", filter="count > 4", fields=("name",))
    assert rows == [{"ID": 2, "名称": "Nut"}]


def test_more_records_than_a_page_come_out_once(platform) -> None:
    with platform.write(via="cli") as ctx:
        create_many(ctx, "x_part", [{"name": f"part {n}"} for n in range(2100)])
    assert len({row["ID"] for row in exported(platform, entity="x_part")}) == 2100


def test_records_come_in_the_order_that_is_asked_for(platform, make_record) -> None:
    publish_documents(platform, BY_COUNT)
    for name, count in (("Nut", 5), ("Bolt", 9), ("Cog", 7)):
        make_record("x_thing", name=name, count=count)
    asked = {"entity": "x_thing", "view": "x_by_count"}
    assert [row["名称"] for row in exported(platform, **asked)] == ["Bolt", "Cog", "Nut"]
    sorted_by_name = exported(platform, **asked, sort=("-name",))
    assert [row["名称"] for row in sorted_by_name] == ["Nut", "Cog", "Bolt"]


def test_links_are_titles_with_a_number_where_that_is_needed(platform, make_record) -> None:
    alone, first = make_record("x_thing", name="Nut"), make_record("x_thing", name="Bolt")
    make_record("x_thing", name="bolt")
    make_record("x_part", name="a", thing=alone.id)
    make_record("x_part", name="b", thing=first.id)
    assert [row["物品"] for row in exported(platform, entity="x_part")] == ["Nut", "Bolt #2"]


def test_an_unknown_view_is_refused(platform) -> None:
    with pytest.raises(NotFound):
        exported(platform, entity="x_thing", view="wibble")
