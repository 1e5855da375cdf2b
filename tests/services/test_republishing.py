"""What is taken back by a later release is taken back in tables, caches and layers as well."""

import pytest

from loopline.bootstrap import Platform
from loopline.errors import Conflict
from loopline.query.lists import ListQuery, page
from loopline.services.editing import update
from loopline.services.records import create
from loopline.testing import publish_documents
from loopline.testing.fixtures import MakeRecord

FIELD = "{{kind: entity, id: x_thing, extend: true, fields: {{x_n: {{type: text, label: N{0}}}}}}}"
VIEW = (
    "{{kind: view, id: x_all, entity: x_thing, type: list, default: true, "
    "columns: {{name: {{}}}}, sort: [{0}]}}"
)


def test_values_may_be_alike_again_when_they_need_not_be_unique(platform: Platform) -> None:
    publish_documents(platform, FIELD.format(", unique: yes"))
    publish_documents(platform, FIELD.format(", unique: no"))
    with platform.write() as ctx:
        create(ctx, "x_thing", {"name": "a", "x_n": "twin"})
        assert create(ctx, "x_thing", {"name": "b", "x_n": "twin"}).values["x_n"] == "twin"


def test_sort_keys_are_filled_again_when_a_view_sorts_by_them_again(platform: Platform) -> None:
    publish_documents(platform, FIELD.format(""))
    publish_documents(platform, VIEW.format("x_n"))
    with platform.write() as ctx:
        first = create(ctx, "x_thing", {"name": "a", "x_n": "zeta"})
    publish_documents(platform, VIEW.format("name"))
    with platform.write() as ctx:
        update(ctx, "x_thing", first.id, {"x_n": "alpha"})
        create(ctx, "x_thing", {"name": "b", "x_n": "beta"})
    publish_documents(platform, VIEW.format("x_n"))
    platform.worker().run_due()
    with platform.read() as ctx:
        found = page(ctx, ListQuery(entity="x_thing", sort=("x_n",))).records
    assert [one.values["x_n"] for one in found] == ["alpha", "beta"]


def test_a_changed_translation_is_served_at_once(platform: Platform) -> None:
    publish_documents(platform, FIELD.format(""))
    texts = "{entity: {x_thing: {fields: {x_n: {label: WORD}}}}}"
    words = f"{{kind: translation, id: x_words, language: en, texts: {texts}}}"
    served = []
    for word in ("First", "Second"):
        publish_documents(platform, words.replace("WORD", word))
        with platform.read() as ctx:
            served.append(ctx.catalog.entity("x_thing").fields["x_n"].label.to("en"))
    assert served == ["First", "Second"]


def test_giving_up_a_word_twice_is_giving_it_up_once(platform: Platform) -> None:
    publish_documents(platform, FIELD.format(", help: H"))
    gone = "{kind: entity, id: x_thing, extend: true, unset: [fields.x_n.help, fields.x_m]}"
    publish_documents(platform, gone)
    publish_documents(platform, gone)
    with platform.read() as ctx:
        field = ctx.catalog.entity("x_thing").fields["x_n"]
    assert field.help.to("zh") == ""


def test_an_unaudited_field_is_never_merged_over_somebody(
    platform: Platform, make_record: MakeRecord
) -> None:
    publish_documents(platform, FIELD.format(", audited: false"))
    made = make_record("x_thing", name="a", x_n="old")
    with platform.write() as ctx:
        update(ctx, "x_thing", made.id, {"x_n": "theirs"}, base=made.version)
    with platform.write() as ctx, pytest.raises(Conflict):
        update(ctx, "x_thing", made.id, {"x_n": "mine"}, base=made.version)
