"""Whether resolved documents make sense: types, settings, references, expressions, defaults."""

import pytest

from loopline.fields.masking import MASKS
from loopline.fields.registry import kernel_field_types
from loopline.meta.catalog import Catalog
from loopline.meta.document import DocumentKey
from loopline.meta.findings import Findings
from loopline.meta.load import Loaded, load_text
from loopline.meta.release import Layer, Release
from loopline.meta.schemas import Schemas
from loopline.meta.settle import replace_documents
from loopline.meta.usage import parse_path, where_used
from loopline.meta.validate import check_documents

SCHEMAS = Schemas()
TYPES = kernel_field_types()
COW = """
kind: entity
id: cow
format: 1
label: Cow
title_field: name
fields:
  name:   {type: text, label: Name}
  age:    {type: integer, label: Age}
  old:    {type: integer, label: Old, retired: true}
  herd:   {type: link, to: herd, label: Herd}
  breed:  {type: choice, label: Breed, default: holstein, options: {holstein: {label: H}}}
rules:
  young: {refuse_when: herd.size > 3 && age < 1, message: Too young}
---
kind: entity
id: herd
format: 1
label: Herd
title_field: name
fields: {name: {type: text, label: Name}, size: {type: integer, label: Size}}
---
kind: view
id: cows
format: 1
entity: cow
label: Cows
type: list
filter: age > 2
columns: {name: {}, age: {}}
sort: [-age]
"""


def _catalog(text: str) -> Catalog:
    loaded = Loaded()
    load_text(text.encode(), "farm.yaml", SCHEMAS, "zh", loaded)
    assert loaded.problems == []
    layer = replace_documents(Layer(name="farm", kind="plugin"), loaded.documents)
    return Catalog(Release(revision=1, layers=(layer,)))


def _problems(text: str) -> list[str]:
    catalog, findings = _catalog(text), Findings()
    keys = [DocumentKey(kind, name) for kind in ("entity", "view") for name in catalog.ids(kind)]
    check_documents(catalog, keys, SCHEMAS, TYPES, findings)
    return [f"{problem.code} at {problem.path}" for problem in findings.errors]


def test_sound_documents_have_no_problems() -> None:
    assert _problems(COW) == []


@pytest.mark.parametrize(
    ("was", "now", "problem"),
    [
        ("type: integer, label: Age", "type: number, label: Age", "metadata.no_type at entity/cow"),
        ("label: Age}", "label: Age, to: herd}", "metadata.no_setting at entity/cow fields.age.to"),
        ("to: herd, label", "label", "metadata.missing at entity/cow fields.herd"),
        ("to: herd", "to: flock", "metadata.no_target at entity/cow fields.herd.to"),
        ("default: holstein", "default: zebu", "metadata.default at entity/cow fields.breed"),
        ("title_field: name\nfields:\n", "title_field: nom\nfields:\n", "metadata.no_field at"),
        ("columns: {name: {}, age", "columns: {name: {}, year", "metadata.no_field at view/cows"),
        ("columns: {name: {}, age", "columns: {name: {}, old", "metadata.retired_field at view"),
        ("sort: [-age]", "sort: [-year]", "metadata.no_field at view/cows sort"),
        ("filter: age > 2", "filter: year > 2", "expr.unknown_field at view/cows filter"),
        ("filter: age > 2", "filter: age >", "expr.incomplete at view/cows filter"),
        ("herd.size > 3", "herd.weight > 3", "expr.unknown_field at entity/cow rules.young"),
        ("entity: cow", "entity: calf", "metadata.no_target at view/cows entity"),
    ],
)
def test_what_makes_no_sense_is_named(was: str, now: str, problem: str) -> None:
    assert was in COW
    found = _problems(COW.replace(was, now, 1))
    assert [one for one in found if one.startswith(problem)], found


def test_an_unknown_type_hides_nothing_else_and_is_told_once() -> None:
    text = COW.replace("type: integer, label: Age", "type: number, label: Age")
    text = text.replace("title_field: name\nfields:\n", "title_field: nom\nfields:\n", 1)
    text = text.replace("default: holstein", "default: zebu").replace("herd.size", "herd.weight")
    text = text.replace("filter: age > 2", "filter: age > 2 || year > 2")
    assert _problems(text) == [
        "metadata.no_type at entity/cow fields.age.type",
        "metadata.default at entity/cow fields.breed.default",
        "metadata.no_field at entity/cow title_field",
        "expr.unknown_field at entity/cow rules.young.refuse_when",
        "expr.unknown_field at view/cows filter",
    ]


def test_a_link_to_nowhere_hides_nothing_else_and_is_told_once() -> None:
    text = COW.replace("to: herd", "to: flock").replace("age < 1", "year < 1")
    assert _problems(text) == [
        "metadata.no_target at entity/cow fields.herd.to",
        "expr.unknown_field at entity/cow rules.young.refuse_when",
    ]


@pytest.mark.parametrize(
    ("path", "places"),
    [
        (
            "cow.fields.age",
            [
                "entity/cow rules.young.refuse_when",
                "view/cows filter",
                "view/cows columns.age",
                "view/cows sort",
            ],
        ),
        ("herd.fields.size", ["entity/cow rules.young.refuse_when"]),
        ("entity/herd", ["entity/cow fields.herd.to"]),
        ("cow.fields.breed", []),
    ],
)
def test_where_used_names_every_place(path: str, places: list[str]) -> None:
    catalog = _catalog(COW)
    uses = where_used(catalog, SCHEMAS, *parse_path(catalog, path))
    assert sorted(f"{use.document} {'.'.join(use.path)}" for use in uses) == sorted(places)


@pytest.mark.parametrize("mask", [*MASKS, "last5"])
def test_a_field_names_a_mask_that_there_is(mask) -> None:
    text = COW.replace("{type: text, label: Name}", f"{{type: text, label: Name, mask: {mask}}}", 1)
    loaded = Loaded()
    load_text(text.encode(), "farm.yaml", SCHEMAS, "zh", loaded)
    told = [(one.path, one.code) for one in loaded.problems]
    at = ("farm.yaml:8 fields.name.mask", "metadata.not_allowed")
    assert told == ([] if mask in MASKS else [at])
