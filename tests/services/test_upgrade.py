"""Sites with plugins and packs: a broken one never stops the site, an upgrade loses no word."""

import json
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from loopline.bootstrap import Platform, build_platform
from loopline.hooks import manifest as manifests
from loopline.hooks.manifest import PLUGIN_GROUP
from loopline.services.records import create, get
from loopline.settings import load_settings
from loopline.sites import available_plugins, drift_report, prepare, upgrade
from loopline.store.copies import create_database
from loopline.testing import publish_documents
from loopline.testing.templates import SiteRecipe

COW = """
kind: entity
id: cow
format: 1
label: {label}
title_field: name
fields:
  name: {{type: text, label: {name}}}
  {extra}
"""
SITE = """
kind: entity
id: cow
extend: true
label: Ours
fields: {name: {label: Our name}, x_ours: {type: text, label: Ours}}
"""


class Farm:
    """A metadata-only plugin whose documents change between versions."""

    def __init__(self, folder: Path, name: str = "farm") -> None:
        self.name = name
        package = folder / f"acme_{name}"
        self.folder = package / name
        (self.folder / "documents").mkdir(parents=True)
        (package / "__init__.py").touch()

    def write(self, version: str, text: str) -> None:
        manifest = {"id": self.name, "title": {"zh": "农场", "en": "Farm"}, "version": version}
        (self.folder / "plugin.json").write_text(json.dumps(manifest), encoding="utf-8")
        (self.folder / "documents" / "cow.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def farm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Farm:
    monkeypatch.syspath_prepend(tmp_path)
    point = EntryPoint("farm", "acme_farm.farm", PLUGIN_GROUP)
    monkeypatch.setattr(manifests, "entry_points", lambda group: [point])
    made = Farm(tmp_path)
    made.write("1", COW.format(label="Cow", name="Name", extra=""))
    return made


@pytest.fixture
def site(tmp_path: Path, database_url: str, farm: Farm) -> Path:
    create_database(database_url)
    SiteRecipe(frozenset(), (), "").write_settings(tmp_path / "site", database_url)
    platform = build_platform(load_settings(tmp_path / "site"))
    prepare(platform)
    publish_documents(platform, SITE)
    platform.close()
    return tmp_path / "site"


def test_an_upgrade_keeps_the_sites_words_and_reports_what_moved(
    platform: Platform, farm: Farm
) -> None:
    with platform.write() as ctx:
        made = create(ctx, "cow", {"name": "Elsa", "x_ours": "kept"})
    farm.write(
        "2", COW.format(label="Cattle", name="Our name", extra="age: {type: integer, label: A}")
    )
    fresh = build_platform(platform.settings, platform.clock)
    release, drift = upgrade(fresh)
    with fresh.read() as ctx:
        entity = ctx.catalog.entity("cow")
        assert (entity.label.to("zh"), entity.fields["age"].type) == ("Ours", "integer")
        assert get(ctx, "cow", made.id).values == {"name": "Elsa", "x_ours": "kept", "age": None}
    fresh.close()
    layer = release.layer("farm")
    assert layer is not None
    assert layer.version == "2"
    assert drift == {
        "site: entity/cow label.zh": "both-changed",
        "site: entity/cow fields.name.label.zh": "redundant",
    }


def test_an_upgrade_tells_a_new_plugin_and_leaves_it_out(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = Farm(tmp_path / "later", "dairy")
    later.write("1", COW.format(label="Milk", name="Name", extra="").replace("cow", "milk"))
    monkeypatch.syspath_prepend(tmp_path / "later")
    points = [EntryPoint(name, f"acme_{name}.{name}", PLUGIN_GROUP) for name in ("farm", "dairy")]
    monkeypatch.setattr(manifests, "entry_points", lambda group: points)
    fresh = build_platform(platform.settings, platform.clock)
    release, _ = upgrade(fresh)
    assert (release.plugins, available_plugins(fresh, release)) == (("farm",), ("dairy",))
    fresh.close()


def test_an_upgrade_enables_nothing_where_nothing_was_enabled(
    platform: Platform, tmp_path: Path
) -> None:
    database = f"sqlite:///{tmp_path / 'bare.db'}"
    SiteRecipe(frozenset({"*"}), (), "").write_settings(tmp_path / "bare", database)
    bare = build_platform(load_settings(tmp_path / "bare"), platform.clock)
    prepare(bare)
    bare.close()
    SiteRecipe(frozenset(), (), "").write_settings(tmp_path / "open", database)
    fresh = build_platform(load_settings(tmp_path / "open"), platform.clock)
    release, _ = upgrade(fresh)
    assert (release.plugins, available_plugins(fresh, release)) == ((), ("farm",))
    fresh.close()


def test_an_upgrade_to_the_same_files_is_no_release(platform: Platform) -> None:
    with platform.read() as ctx:
        before = ctx.snapshot.revision
    release, drift = upgrade(platform)
    assert (release.revision, drift) == (before, {})


def test_what_a_new_version_drops_is_reported_as_orphaned(platform: Platform, farm: Farm) -> None:
    farm.write(
        "2",
        COW.format(label="Cow", name="Name", extra="").replace(
            "label: Cow\n", "label: {en: Cow}\n"
        ),
    )
    fresh = build_platform(platform.settings, platform.clock)
    release, _ = upgrade(fresh)
    fresh.close()
    assert drift_report(release)["site: entity/cow label.zh"] == "orphaned"


def test_a_plugin_with_broken_files_leaves_the_site_serving(platform: Platform, farm: Farm) -> None:
    farm.write("2", "kind: [")
    fresh = build_platform(platform.settings, platform.clock)
    with fresh.write() as ctx:
        made = create(ctx, "cow", {"name": "Elsa"})
        assert get(ctx, "cow", made.id).values["name"] == "Elsa"
    fresh.close()


def test_a_plugin_that_is_gone_leaves_the_site_serving(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifests, "entry_points", lambda group: [])
    fresh = build_platform(platform.settings, platform.clock)
    with fresh.write() as ctx:
        assert create(ctx, "cow", {"name": "Elsa"}).values["name"] == "Elsa"
    fresh.close()


@pytest.mark.parametrize("broken", ["files", "gone"])
def test_an_upgrade_without_a_plugin_keeps_its_layer(
    platform: Platform, farm: Farm, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    farm.write("2", "kind: [")
    if broken == "gone":
        monkeypatch.setattr(manifests, "entry_points", lambda group: [])
    fresh = build_platform(platform.settings, platform.clock)
    upgrade(fresh)
    with fresh.read() as ctx:
        assert ctx.catalog.entity("cow").label.to("zh") == "Ours"
        assert ctx.catalog.release.plugins == ("farm",)
    fresh.close()
