"""Law I10: an exported layer applied to where it came from changes nothing, ever again."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from loopline.bootstrap import Platform
from loopline.errors import Conflict, Forbidden, NotFound, NotValid
from loopline.meta.document import DocumentKey
from loopline.meta.layers import Op
from loopline.meta.load import Loaded, load_text
from loopline.meta.release import Layer, Release, StoredDocument
from loopline.meta.schemas import Schemas
from loopline.services.packs import export_layer
from loopline.services.publishing import publish, rollback_plan
from loopline.sites import plan_pack
from loopline.testing import publish_documents

SITE = """
{kind: entity, id: x_thing, extend: true, fields: {name: {label: 名字}, note: {retired: true}}}
---
{kind: entity, id: user, extend: true, fields: {x_badge: {type: text, label: Badge, pos: 2.5}}}
---
kind: view
id: x_all
format: 1
entity: x_thing
label: {zh: "是: 否", en: 'no'}
type: list
columns: {name: {}, mail: {}}
sort: [-name]
filter: count > 3 && name == "2026-01-01"
"""
PACK = """
kind: entity
id: herd
format: 1
label: Herd
title_field: name
fields: {name: {type: text, label: Name}, size: {type: integer, label: Size}}
---
kind: entity
id: user
extend: true
fields: {farm__role: {type: text, label: Role}}
"""
HEAD = """
{id: farm, title: {zh: 农场, en: Farm}, requires: {loopline: ">=0.1"}, version: "1.2", layer: pack}
"""


def _export(platform: Platform, folder: Path, layer: str = "site") -> int:
    with platform.read() as ctx:
        return export_layer(ctx.catalog.release, layer, folder)


def _files(folder: Path) -> dict[str, str]:
    return {str(one.relative_to(folder)): one.read_text("utf-8") for one in folder.rglob("*.yaml")}


@pytest.fixture
def farm(tmp_path: Path) -> Path:
    folder = tmp_path / "farm"
    folder.mkdir()
    (folder / "pack.yaml").write_text(HEAD, encoding="utf-8")
    (folder / "all.yaml").write_text(PACK, encoding="utf-8")
    return folder


def _apply(platform: Platform, folder: Path) -> None:
    plan = plan_pack(platform, str(folder))
    with platform.write() as ctx:
        publish(ctx, plan)


def _roll_back(platform: Platform, revision: int) -> None:
    with platform.write() as ctx:
        plan = rollback_plan(ctx, revision, platform.schemas, platform.related_plugins)
        publish(ctx, plan)


def test_an_exported_site_applied_to_itself_plans_nothing(
    platform: Platform, tmp_path: Path
) -> None:
    publish_documents(platform, SITE)
    assert _export(platform, tmp_path / "out") == 6
    plan = plan_pack(platform, str(tmp_path / "out"))
    assert (plan.empty, plan.changes, plan.physical, plan.findings.errors) == (True, (), (), [])


def test_an_exported_pack_applied_to_itself_plans_nothing(
    platform: Platform, farm: Path, tmp_path: Path
) -> None:
    _apply(platform, farm)
    _export(platform, tmp_path / "out", "farm")
    assert plan_pack(platform, str(tmp_path / "out")).empty


def test_an_exported_pack_says_of_itself_what_it_said(
    platform: Platform, farm: Path, tmp_path: Path
) -> None:
    _apply(platform, farm)
    yaml = YAML(typ="safe")
    for _ in range(2):
        _export(platform, tmp_path / "out", "farm")
        assert yaml.load(tmp_path / "out" / "pack.yaml") == yaml.load(HEAD)


def test_a_pack_that_says_something_new_of_itself_is_a_release(
    platform: Platform, farm: Path
) -> None:
    _apply(platform, farm)
    (farm / "pack.yaml").write_text(HEAD.replace("农场", "牧场"), encoding="utf-8")
    assert not plan_pack(platform, str(farm)).empty


def test_applying_twice_is_applying_once(platform: Platform, farm: Path) -> None:
    _apply(platform, farm)
    with platform.read() as ctx:
        first = ctx.snapshot.revision
    _apply(platform, farm)
    with platform.read() as ctx:
        assert ctx.snapshot.revision == first


def test_a_rollback_to_before_a_pack_leaves_nothing_of_it(platform: Platform, farm: Path) -> None:
    with platform.read() as ctx:
        before = ctx.catalog.release
    _apply(platform, farm)
    _roll_back(platform, before.revision)
    with platform.read() as ctx:
        assert ctx.catalog.release.layers == before.layers
    _roll_back(platform, before.revision + 1)
    assert plan_pack(platform, str(farm)).empty


def test_a_pack_leaves_other_layers_as_they_are(
    platform: Platform, farm: Path, tmp_path: Path
) -> None:
    publish_documents(platform, SITE)
    _export(platform, tmp_path / "before")
    _apply(platform, farm)
    _export(platform, tmp_path / "after")
    assert _files(tmp_path / "before") == _files(tmp_path / "after")


def test_exporting_again_writes_the_same_files(platform: Platform, tmp_path: Path) -> None:
    publish_documents(platform, SITE)
    _export(platform, tmp_path / "out")
    first = _files(tmp_path / "out")
    _export(platform, tmp_path / "out")
    assert _files(tmp_path / "out") == first


def test_a_new_export_keeps_the_words_of_the_manifest_and_drops_what_is_gone(
    platform: Platform, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    _export(platform, out)
    (out / "pack.yaml").write_text("{id: site, title: Our own, version: '7', layer: site}")
    (out / "view").mkdir()
    (out / "view" / "x_gone.yaml").write_text("{kind: view, id: x_gone}")
    _export(platform, out)
    assert YAML(typ="safe").load(out / "pack.yaml")["title"] == "Our own"
    assert not (out / "view" / "x_gone.yaml").exists()


def test_a_folder_with_something_else_is_refused(platform: Platform, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear reader")
    with pytest.raises(Conflict):
        _export(platform, tmp_path)


def test_a_layer_that_comes_from_files_is_refused(platform: Platform, tmp_path: Path) -> None:
    with pytest.raises(Forbidden):
        _export(platform, tmp_path / "out", "kernel")


def test_an_unknown_layer_is_refused(platform: Platform, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        _export(platform, tmp_path / "out", "nothing")


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn")))
VALUES = st.one_of(
    TEXTS,
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.lists(st.one_of(TEXTS, st.booleans())).map(tuple),
    st.sampled_from(["yes", "no", "null", "~", "2026-01-01", "1e3", "0x1f", "|", "- a", "# b"]),
)


@settings(max_examples=30)
@given(st.dictionaries(st.sampled_from(["a", "b", "yes", "1", "no_1"]), VALUES, min_size=1))
def test_every_value_survives_the_files(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, object]
) -> None:
    key = DocumentKey("seed", "x_any")
    stated = {"entity": Op("user"), "label": Op("x")}
    ops = {(name,): op for name, op in stated.items()}
    ops |= {("rows", "one", name): Op(value) for name, value in values.items()}  # type: ignore[misc]
    stored = StoredDocument.of(ops, extend=False)
    layer = Layer(name="site", kind="site", documents={key: stored})
    folder = tmp_path_factory.mktemp("export") / "out"
    export_layer(Release(revision=1, layers=(layer,)), "site", folder)
    content = YAML(typ="safe").load(folder / "seed" / "x_any.yaml")
    assert content["rows"]["one"] == stored.body["rows"]["one"]


def test_an_export_is_read_as_it_was_stored(platform: Platform, tmp_path: Path) -> None:
    publish_documents(platform, SITE)
    _export(platform, tmp_path / "out")
    loaded = Loaded()
    file = tmp_path / "out" / "entity" / "x_thing.yaml"
    load_text(file.read_bytes(), file.name, Schemas(), "zh", loaded)
    assert loaded.problems == []
    assert loaded.documents[0].leaves["fields", "name", "label", "zh"] == "名字"


@pytest.mark.parametrize(
    ("requires", "code"),
    [
        ('{nowhere: ">=0.1"}', "pack.plugin_missing"),
        ('{loopline: ">=99"}', "pack.loopline_unfit"),
        ('{loopline: "<0.1"}', "pack.loopline_unfit"),
        ('{loopline: "newest"}', "pack.range"),
    ],
)
def test_what_a_pack_requires_must_be_there(
    platform: Platform, farm: Path, requires: str, code: str
) -> None:
    head = HEAD.replace('{loopline: ">=0.1"}', requires)
    (farm / "pack.yaml").write_text(head, encoding="utf-8")
    with pytest.raises(NotValid) as refused:
        plan_pack(platform, str(farm))
    assert [one.code for one in refused.value.problems] == [code]
