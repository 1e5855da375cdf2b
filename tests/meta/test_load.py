"""Reading documents: every problem is named with its file, line and path."""

from pathlib import Path

import pytest

from loopline.meta.document import DocumentKey
from loopline.meta.load import Loaded, load_folder, load_text
from loopline.meta.schemas import Schemas

GOOD = """\
kind: entity
id: cow
format: 1
label: 牛
title_field: name
fields:
  name: {type: text, label: {zh: 名, en: Name}}
"""
SCHEMAS = Schemas()


def _load(text: str | bytes) -> Loaded:
    loaded = Loaded()
    content = text if isinstance(text, bytes) else text.encode()
    load_text(content, "cow.yaml", SCHEMAS, "zh", loaded)
    return loaded


def test_a_plain_label_becomes_one_in_the_sites_language() -> None:
    (document,) = _load(GOOD).documents
    assert document.leaves["label", "zh"] == "牛"
    assert document.leaves["fields", "name", "label", "en"] == "Name"


def test_several_documents_stand_in_one_file() -> None:
    keys = [one.key for one in _load(GOOD + "---\n" + GOOD.replace("cow", "hen")).documents]
    assert keys == [DocumentKey("entity", "cow"), DocumentKey("entity", "hen")]


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("kind: [", "metadata.syntax", "cow.yaml:"),
        (b"kind: \xff", "metadata.encoding", "cow.yaml"),
        ("- a", "metadata.not_a_map", "cow.yaml"),
        ("kind: beast\nid: x", "metadata.kind", "cow.yaml:1 kind"),
        (GOOD + "colour: red\n", "metadata.unknown_key", "cow.yaml:1"),
        (GOOD.replace("title_field: name\n", ""), "metadata.missing", "cow.yaml:1"),
        (GOOD.replace("id: cow", "id: Cow"), "metadata.pattern", "cow.yaml:2 id"),
        (GOOD.replace("type: text", "type: 7"), "metadata.invalid", "cow.yaml:7 fields.name.type"),
        (GOOD.replace("牛", str(2**70)), "metadata.unstorable", "cow.yaml:1"),
    ],
)
def test_a_problem_is_named_with_its_line(text: str | bytes, code: str, place: str) -> None:
    loaded = _load(text)
    assert loaded.documents == []
    assert [problem.code for problem in loaded.problems] == [code]
    assert loaded.problems[0].path.startswith(place)


def test_a_document_beside_a_broken_one_is_read() -> None:
    loaded = _load(GOOD + "---\nkind: beast\n")
    assert len(loaded.documents) == len(loaded.problems) == 1


def test_an_extending_document_may_lack_what_it_does_not_change() -> None:
    loaded = _load("{kind: entity, id: cow, extend: true, fields: {name: {label: Nom}}}")
    assert loaded.problems == []
    assert loaded.documents[0].extend


def test_the_same_document_twice_in_a_folder_is_refused(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    (problem,) = load_folder(tmp_path, SCHEMAS, "zh").problems
    assert (problem.path, problem.code) == ("b.yaml", "metadata.twice")


def test_manifests_hidden_and_other_files_are_passed_over(tmp_path: Path) -> None:
    for name in ("pack.yaml", "plugin.json", ".hidden.yaml", "notes.txt"):
        (tmp_path / name).write_text("{ not even yaml", encoding="utf-8")
    (tmp_path / "cow.json").write_text('{"kind": "beast"}', encoding="utf-8")
    assert [one.code for one in load_folder(tmp_path, SCHEMAS, "zh").problems] == ["metadata.kind"]


def test_a_file_that_is_no_document_is_named_once() -> None:
    assert [problem.path for problem in _load("- a").problems] == ["cow.yaml:1"]
