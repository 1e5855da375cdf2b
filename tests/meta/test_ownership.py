"""Law I5: a layer says only what it may: its own names, open leaves, tightened locks."""

from collections.abc import Callable

import pytest

from loopline.language import Messages
from loopline.meta.catalog import Catalog
from loopline.meta.findings import Findings
from loopline.meta.load import Loaded, load_text
from loopline.meta.ownership import check_ownership, peers_that_clash
from loopline.meta.release import Layer, LayerKind, Release
from loopline.meta.schemas import Schemas
from loopline.meta.settle import replace_documents, settle

SCHEMAS = Schemas()
COW = """
kind: entity
id: cow
format: 1
label: Cow
title_field: name
traits: {append_only: true}
fields:
  name: {type: text, label: Name}
  age:  {type: integer, label: Age, max: 30, locked: true}
"""
EXTEND = "{{kind: entity, id: cow, extend: true, {0}}}"
Check = Callable[..., list[tuple[str, str]]]


def _layer(name: str, kind: LayerKind, text: str) -> Layer:
    loaded = Loaded()
    load_text(text.encode(), f"{name}.yaml", SCHEMAS, "zh", loaded)
    assert loaded.problems == []
    return replace_documents(Layer(name=name, kind=kind), loaded.documents)


def _check(*layers: Layer, related: frozenset[tuple[str, str]] = frozenset()) -> list[str]:
    release = Release(revision=1, layers=settle(layers, ()))
    catalog, findings = Catalog(release), Findings()
    changed = frozenset(key for layer in layers for key in layer.documents)
    check_ownership(catalog, changed, SCHEMAS, findings)
    peers_that_clash(catalog, changed, related, findings)
    return [f"{problem.code} at {problem.path}" for problem in findings.errors]


FARM = _layer("farm", "plugin", COW)


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ("label: Ours", []),
        ("fields: {x_size: {type: text, label: S}}", []),
        ("fields: {name: {label: Ours, pos: 3, hidden: true, required: true}}", []),
        ("fields: {age: {max: 20, required: true}}", []),
        (
            "fields: {size: {type: text, label: S}}",
            ["metadata.prefix at site: entity/cow fields.size"],
        ),
        (
            "fields: {name: {type: integer}}",
            ["metadata.sealed at site: entity/cow fields.name.type"],
        ),
        (
            "traits: {append_only: false}",
            ["metadata.sealed at site: entity/cow traits.append_only"],
        ),
        ("fields: {age: {max: 40}}", ["metadata.locked at site: entity/cow fields.age.max"]),
        (
            "fields: {age: {required: false}}",
            ["metadata.locked at site: entity/cow fields.age.required"],
        ),
        (
            "fields: {age: {retired: true}}",
            ["metadata.locked at site: entity/cow fields.age.retired"],
        ),
        (
            "fields: {x_a__key: {type: text, label: S}}",
            ["metadata.ending at site: entity/cow fields.x_a__key"],
        ),
    ],
)
def test_a_site_says_what_it_may(said: str, refused: list[str]) -> None:
    assert _check(FARM, _layer("site", "site", EXTEND.format(said))) == refused


def test_a_pack_and_a_plugin_prefix_their_fields_by_their_name() -> None:
    fields = "fields: {vet__size: {type: text, label: S}, size: {type: text, label: S}}"
    for kind in ("pack", "plugin"):
        found = _check(FARM, _layer("vet", kind, EXTEND.format(fields)))  # type: ignore[arg-type]
        assert found == ["metadata.prefix at vet: entity/cow fields.size"]


def test_a_sites_own_entity_begins_with_x() -> None:
    assert _check(_layer("site", "site", COW)) == ["metadata.site_entity at site: entity/cow"]
    assert _check(_layer("site", "site", COW.replace("id: cow", "id: x_cow"))) == []


def test_what_every_record_has_is_nobodys_field() -> None:
    own = COW.replace("age:", "created_at:")
    found = _check(_layer("farm", "plugin", own))
    assert found == ["metadata.reserved at farm: entity/cow fields.created_at"]


def test_the_same_document_declared_above_is_refused() -> None:
    found = _check(FARM, _layer("vet", "pack", COW))
    assert "metadata.declared_twice at vet: entity/cow" in found


def test_extending_what_is_not_there_is_refused() -> None:
    found = _check(_layer("site", "site", EXTEND.format("label: Ours")))
    assert found == ["metadata.nothing_to_extend at site: entity/cow"]


def test_extending_what_is_misspelt_suggests_what_is_declared() -> None:
    site = _layer("site", "site", EXTEND.replace("cow", "cows").format("label: Ours"))
    catalog, findings = Catalog(Release(revision=1, layers=(FARM, site))), Findings()
    check_ownership(catalog, frozenset(site.documents), SCHEMAS, findings)
    told = Messages().tell(findings.errors[0], "en")
    assert told.endswith("Did you mean cow?")


def test_two_strangers_that_set_one_leaf_differently_are_named() -> None:
    one = _layer("milk", "plugin", EXTEND.format("label: Milk"))
    two = _layer("beef", "plugin", EXTEND.format("label: Beef"))
    both = frozenset({("milk", "farm"), ("beef", "farm")})
    assert _check(FARM, one, two, related=both) == ["metadata.clash at entity/cow label.zh"]
    assert _check(FARM, one, two, related=both | {("beef", "milk")}) == []


def test_building_on_another_goes_through_others() -> None:
    far = _layer("shop", "plugin", EXTEND.format("label: Goods"))
    related = frozenset({("shop", "beef"), ("beef", "milk"), ("milk", "farm")})
    assert _check(FARM, far, related=related) == []


def test_two_strangers_that_agree_are_left_alone() -> None:
    one, two = (_layer(name, "plugin", EXTEND.format("label: Cow")) for name in ("milk", "beef"))
    assert _check(FARM, one, two) == []
