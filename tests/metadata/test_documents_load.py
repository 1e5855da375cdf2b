"""Every shipped document: fits its schema, refers to what exists, speaks both languages."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import loopline_metadata
from loopline.fields.registry import FieldTypes
from loopline.language import LANGUAGES
from loopline.meta.catalog import Catalog
from loopline.meta.document import Document
from loopline.meta.findings import Findings
from loopline.meta.load import Loaded
from loopline.meta.ownership import check_ownership, peers_that_clash
from loopline.meta.schemas import Schemas
from loopline.meta.validate import check_documents

# The symbols of the design's sprite that documents may name.
ICONS = """
i-home i-task i-stamp i-user i-users i-building i-lead i-deal i-doc i-wrench i-heart i-chart i-flow
i-form i-layers i-tag i-pin i-pump i-globe i-star i-table i-list i-money i-calendar i-phone i-mail
"""
METADATA = Path(loopline_metadata.__path__[0])
TEXTS = frozenset({"label", "plural", "help", "unit", "message"})


@pytest.fixture
def documents(loaded: Mapping[str, list[Loaded]]) -> list[Document]:
    return [one for parts in loaded.values() for part in parts for one in part.documents]


def test_every_document_fits_its_schema(loaded: Mapping[str, list[Loaded]]) -> None:
    problems = [str(one) for parts in loaded.values() for part in parts for one in part.problems]
    assert problems == []


def test_every_reference_and_expression_holds(
    catalog: Catalog, schemas: Schemas, types: FieldTypes
) -> None:
    findings = Findings()
    keys = {key for layer in catalog.release.layers for key in layer.documents}
    check_documents(catalog, keys, schemas, types, findings)
    assert [str(one) for one in findings.errors] == []


def test_every_layer_says_only_what_it_may(catalog: Catalog, schemas: Schemas) -> None:
    findings = Findings()
    keys = frozenset(key for layer in catalog.release.layers for key in layer.documents)
    check_ownership(catalog, keys, schemas, findings)
    peers_that_clash(catalog, keys, frozenset(), findings)
    found = [str(one) for one in findings.errors]
    assert [one for one in found if not one.startswith("kernel: ")] == []


def test_every_text_is_there_in_both_languages(documents: list[Document]) -> None:
    spoken: dict[tuple[object, ...], set[str]] = {}
    for place, language in _texts(documents):
        spoken.setdefault(place, set()).add(language)
    assert {place: said for place, said in spoken.items() if said != set(LANGUAGES)} == {}


def test_every_screen_has_a_label(catalog: Catalog) -> None:
    forms = [catalog.form(one.id, "new") for one in catalog.entities()]
    views = [view for one in catalog.entities() for view in catalog.views(one.id)]
    assert [one.id for one in [*forms, *views] if not one.label.to("en")] == []


def test_every_icon_is_in_the_sprite(catalog: Catalog) -> None:
    named = {one.icon for one in catalog.entities()} | {one.icon for one in catalog.menu.items}
    assert named - {""} <= set(ICONS.split())


def test_every_menu_entry_opens_a_view_of_its_entity(catalog: Catalog) -> None:
    items = catalog.menu.items
    wrong = [
        item.id
        for item in items
        if item.entity and catalog.view(item.entity, item.view).entity != item.entity
    ]
    assert wrong == []


def test_every_menu_entry_stands_in_a_group_or_under_another(catalog: Catalog) -> None:
    known = {item.id for item in catalog.menu.items}
    places = {item.id: (item.parent, item.group) for item in catalog.menu.items}
    lost = [
        name
        for name, (parent, group) in places.items()
        if parent not in known and group not in catalog.menu.groups
    ]
    assert lost == []


@pytest.mark.parametrize(
    "entity",
    [
        "customer",
        "contact",
        "product",
        "product_category",
        "region",
        "industry",
        "lead",
        "opportunity",
        "contract",
        "ticket",
        "member",
    ],
)
def test_every_entity_has_forms_and_one_default_view(catalog: Catalog, entity: str) -> None:
    assert [view.default for view in catalog.views(entity)].count(True) == 1
    assert {"new", "edit"} <= set(catalog.form(entity, "new").use)
    assert "quick" in catalog.form(entity, "quick").use


@pytest.mark.parametrize("entity", ["customer", "contact", "product", "lead", "opportunity"])
def test_external_id_warns_of_twins_and_stays_off_forms(catalog: Catalog, entity: str) -> None:
    field = catalog.entity(entity).fields["external_id"]
    assert (field.unique, field.hidden) == ("warn", True)
    assert "external_id" not in catalog.form(entity, "new").fields


def test_first_entry_asks_for_at_most_three_fields(catalog: Catalog) -> None:
    asked = {
        one.id: [field.id for field in one.fields.values() if field.required]
        for one in catalog.entities()
    }
    daily = ("customer", "contact", "product", "lead", "opportunity", "contract", "ticket")
    assert max(len(asked[name]) for name in daily) <= 3


def test_the_manifest_of_base_fits_its_schema(schemas: Schemas) -> None:
    content = json.loads((METADATA / "base" / "plugin.json").read_text(encoding="utf-8"))
    assert list(schemas.problems("plugin", content, partial=False)) == []


def test_the_manifest_of_the_pack_fits_its_schema(schemas: Schemas) -> None:
    file = METADATA / "packs" / "equipment" / "pack.yaml"
    content = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    assert list(schemas.problems("pack", content, partial=False)) == []


def _texts(documents: list[Document]) -> Iterator[tuple[tuple[object, ...], str]]:
    for document in documents:
        for path in document.leaves:
            if len(path) > 1 and path[-2] in TEXTS and path[-1] in LANGUAGES:
                yield (document.key, document.source, *path[:-1]), path[-1]
