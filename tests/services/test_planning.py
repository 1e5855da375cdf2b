"""Plans: what a candidate would do is said before it is done, and what would break is refused."""

import pytest

from loopline.bootstrap import Platform
from loopline.errors import Conflict, NotValid
from loopline.meta.load import Loaded, load_text
from loopline.meta.release import SITE
from loopline.meta.settle import merge_documents
from loopline.query.lists import ListQuery, page
from loopline.services.metadata import edited_layer
from loopline.services.planning import Plan, make_plan
from loopline.services.publishing import publish
from loopline.testing import publish_documents
from loopline.testing.fixtures import MakeRecord

HOP = """
kind: view
id: x_part_far
format: 1
entity: x_part
label: Far
type: list
filter: thing.count > 3
columns: {name: {}}
"""
RETIRE = "{{kind: entity, id: x_thing, extend: true, fields: {{{0}: {{retired: true}}}}}}"
GROWN = """
kind: entity
id: x_thing
extend: true
fields:
  x_size: {type: text, label: Size, required: true}
  phone: {unique: yes}
"""


def _plan(platform: Platform, text: str) -> Plan:
    loaded = Loaded()
    load_text(text.encode(), "test.yaml", platform.schemas, "zh", loaded)
    with platform.read() as ctx:
        site = ctx.catalog.release.layer(SITE)
        assert site is not None
        edited = [merge_documents(site, loaded.documents)]
        return make_plan(ctx, edited, platform.schemas, platform.related_plugins)


def test_a_plan_says_each_step_with_its_class_and_sql(
    platform: Platform, make_record: MakeRecord
) -> None:
    make_record("x_thing", name="a")
    plan = _plan(platform, GROWN)
    steps = [(one.kind, one.key, one.params["name"], one.rows) for one in plan.operations]
    assert [step[:3] for step in steps[:2]] == [
        ("instant", "plan.column", "x_size"),
        ("instant", "plan.column", "x_size__key"),
    ]
    assert [(step[0], step[1], step[3]) for step in steps[2:]] == [("scan", "plan.index", 1)]
    assert plan.operations[0].sql.startswith("ALTER TABLE r_x_thing ADD COLUMN x_size TEXT")


def test_a_plan_names_the_leaves_that_change(platform: Platform) -> None:
    plan = _plan(platform, "{kind: entity, id: x_thing, extend: true, label: Other}")
    assert [(str(one.document), one.path, one.old, one.new) for one in plan.changes] == [
        ("entity/x_thing", ("label", "zh"), "物品", "Other")
    ]
    assert plan.operations == ()


def test_blanks_under_a_new_requirement_are_counted(
    platform: Platform, make_record: MakeRecord
) -> None:
    for name in "abc":
        make_record("x_thing", name=name)
    (warning,) = _plan(platform, GROWN).findings.warnings
    assert (warning.code, warning.params["count"]) == ("publish.blanks", 3)
    assert warning.path == "entity/x_thing fields.x_size"


def test_duplicates_under_a_new_unique_index_are_refused(
    platform: Platform, make_record: MakeRecord
) -> None:
    for name in "abc":
        make_record("x_thing", name=name, phone="+8613812341234")
    (problem,) = _plan(platform, GROWN).findings.errors
    assert (problem.code, problem.params["count"]) == ("publish.duplicates", 1)


def test_what_others_refer_to_through_a_link_is_not_retired(platform: Platform) -> None:
    publish_documents(platform, HOP)
    with pytest.raises(NotValid, match="view/x_part_far filter"):
        publish_documents(platform, RETIRE.format("count"))


def test_what_nobody_refers_to_is_retired(platform: Platform) -> None:
    publish_documents(platform, HOP)
    publish_documents(platform, RETIRE.format("note"))
    with platform.read() as ctx:
        assert "note" in ctx.catalog.entity("x_thing").retired


def test_a_field_that_a_rule_reads_is_not_retired(platform: Platform) -> None:
    with pytest.raises(NotValid, match="entity/x_thing rules"):
        publish_documents(platform, RETIRE.format("kind_of"))


def test_a_document_that_others_name_is_not_removed(platform: Platform) -> None:
    with platform.write() as ctx:
        site = ctx.catalog.release.layer(SITE)
        assert site is not None
        kept = {key: one for key, one in site.documents.items() if key.kind != "numbering"}
        edited = [site.with_documents(kept)]
        plan = make_plan(ctx, edited, platform.schemas, platform.related_plugins)
        with pytest.raises(NotValid, match=r"entity/x_thing fields\.code\.numbering"):
            publish(ctx, plan)


def test_a_plan_of_an_older_head_is_refused(platform: Platform) -> None:
    plan = _plan(platform, "{kind: entity, id: x_thing, extend: true, label: Mine}")
    publish_documents(platform, "{kind: entity, id: x_thing, extend: true, label: Theirs}")
    with platform.write() as ctx, pytest.raises(Conflict, match=r"publish\.head_moved"):
        publish(ctx, plan)


def test_the_same_change_of_the_same_head_has_the_same_hash(platform: Platform) -> None:
    assert _plan(platform, GROWN).hash == _plan(platform, GROWN).hash
    assert _plan(platform, GROWN).hash != _plan(platform, HOP).hash


def test_saying_what_is_said_already_changes_nothing(platform: Platform) -> None:
    text = "{kind: entity, id: x_thing, extend: true, fields: {name: {max_length: 80}}}"
    assert _plan(platform, text).empty


def test_new_columns_of_old_rows_are_filled_afterwards(
    platform: Platform, make_record: MakeRecord
) -> None:
    for name in ("乙", "甲", "丙"):
        make_record("x_thing", name="t", mail=f"{name}@x.cn")
    sorting = HOP.replace("x_part", "x_thing").replace("thing.count > 3", "count == null")
    publish_documents(platform, sorting + "sort: [mail]\n")
    assert platform.worker().run_due() > 0
    with platform.read() as ctx:
        records = page(ctx, ListQuery(entity="x_thing", sort=("mail",))).records
    assert [str(one.values["mail"])[0] for one in records] == ["丙", "甲", "乙"]


def test_ops_that_are_unset_give_the_lower_value_back(platform: Platform) -> None:
    publish_documents(platform, "{kind: entity, id: user, extend: true, label: Person}")
    with platform.read() as ctx:
        assert ctx.catalog.entity("user").label.to("zh") == "Person"
    publish_documents(platform, "{kind: entity, id: user, extend: true, unset: [label]}")
    with platform.read() as ctx:
        assert ctx.catalog.entity("user").label.to("zh") == "用户"


def test_what_a_layer_may_not_say_hides_nothing_that_does_not_hold(platform: Platform) -> None:
    text = "fields: {size: {type: text, label: S}}, title_field: gone"
    plan = _plan(platform, f"{{kind: entity, id: x_thing, extend: true, {text}}}")
    assert [one.code for one in plan.findings.errors] == ["metadata.no_field"]
    plan = _plan(platform, f"{{kind: entity, id: user, extend: true, {text}}}")
    codes = ["metadata.prefix", "metadata.no_field"]
    assert [one.code for one in plan.findings.errors] == codes


@pytest.mark.parametrize(
    ("body", "place"),
    [("text", "documents.0"), ({"kind": "beast"}, "documents.0 kind"), ({}, "documents.0 kind")],
)
def test_a_document_that_is_none_is_named_by_its_place_once(
    platform: Platform, body: object, place: str
) -> None:
    with platform.read() as ctx, pytest.raises(NotValid) as refused:
        edited_layer(ctx, SITE, [body], platform.schemas, "zh")
    assert [one.path for one in refused.value.problems] == [place]
