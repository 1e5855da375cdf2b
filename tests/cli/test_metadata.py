"""``loopline metadata``: from a pack to a release and back."""

import json
from pathlib import Path

import pytest

HEAD = "id: gym\ntitle: {zh: 健身房, en: Gym}\nversion: '1.0'\nlayer: pack\n"
GYM = """
kind: entity
id: gym_room
format: 1
label: {zh: 房间, en: Room}
title_field: name
fields:
  name: {type: text, label: {zh: 名称, en: Name}}
---
kind: view
id: gym_room_all
format: 1
entity: gym_room
type: list
label: {zh: 全部, en: All}
columns: {name: {}}
"""
UNREADABLE = """
kind: entity
id: gym_room
format: 1
label: Room
title_field: name
fields:
  name: {type: text, label: Name, wibble: 1}
  size: {type: integer, label: Size, min: many}
---
kind: wibble
id: gym_thing
"""
WRONG = """
kind: view
id: gym_wrong
format: 1
entity: gym_room
type: list
label: Wrong
filter: "size >"
columns: {wibble: {}}
sort: [wobble]
"""


IN_VAIN = """
kind: form
id: gym_form
format: 1
entity: gym_room
label: Room
sections: {a: {label: A, fields: {name: {}}}, b: {fields: {name: {}}}}
---
kind: approval
id: gym_asked
format: 1
label: Asked
entity: gym_room
locks: [name]
steps: {a: {kind: gym.nobody}}
"""

USES = ("metadata", "where-used", "x_part.fields.thing")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "gym"
    folder.mkdir()
    (folder / "pack.yaml").write_text(HEAD, encoding="utf-8")
    (folder / "room.yaml").write_text(GYM, encoding="utf-8")
    return folder


def test_a_pack_is_validated_without_a_site(run, pack) -> None:
    assert run("metadata", "validate", pack).exit_code == 0


def test_what_would_hardly_be_meant_is_told_and_passes(run, pack) -> None:
    (pack / "vain.yaml").write_text(IN_VAIN, encoding="utf-8")
    result = run("metadata", "validate", pack)
    places = [line.split(": ")[1] for line in result.stderr.splitlines()]
    assert result.exit_code == 0
    assert places == [
        "vain.yaml:15 approval/gym_asked steps.a.kind",
        "vain.yaml:7 form/gym_form sections.b",
    ]


def test_all_that_cannot_be_read_is_named_with_its_line(run, pack) -> None:
    (pack / "pack.yaml").write_text(HEAD + "wibble: 1\n", encoding="utf-8")
    (pack / "broken.yaml").write_text("kind: view\nid: [a\nb: {\n", encoding="utf-8")
    (pack / "room.yaml").write_text(UNREADABLE, encoding="utf-8")
    result = run("metadata", "validate", pack)
    places = [line.split(": ")[0] for line in result.stderr.splitlines()]
    assert result.exit_code == 1
    assert places == [
        "pack.yaml",
        "broken.yaml:3",
        "room.yaml:8 fields.name",
        "room.yaml:9 fields.size.min",
        "room.yaml:11 kind",
    ]


def test_all_that_does_not_fit_together_is_named(run, pack) -> None:
    (pack / "wrong.yaml").write_text(WRONG, encoding="utf-8")
    result = run("metadata", "validate", pack, "--json")
    found = {one["path"]: one["code"] for one in json.loads(result.stdout)["errors"]}
    assert result.exit_code == 1
    assert found == {
        "wrong.yaml:8 view/gym_wrong filter": "expr.incomplete",
        "wrong.yaml:9 view/gym_wrong columns.wibble": "metadata.no_field",
        "wrong.yaml:10 view/gym_wrong sort": "metadata.no_field",
    }


def test_a_plan_changes_nothing_and_apply_does(on_site, pack) -> None:
    assert "Make the table r_gym_room" in on_site("metadata", "plan", pack).stdout
    assert on_site("metadata", "explain", "gym_room.label").exit_code == 1
    applied = on_site("metadata", "apply", pack, "--yes", "--note", "Rooms", "--json")
    assert json.loads(applied.stdout) == {"release": 3, "changed": True}
    assert "'Room'  gym, release 3" in on_site("metadata", "explain", "gym_room.label").stdout
    again = on_site("metadata", "apply", pack, "--yes")
    assert (again.exit_code, again.stdout) == (0, "nothing to do\n")


def test_apply_asks_first(on_site, pack) -> None:
    assert on_site("metadata", "apply", pack).exit_code == 1
    assert on_site("metadata", "apply", pack, "--json").exit_code == 2
    assert len(json.loads(on_site("metadata", "history", "--json").stdout)) == 2


def test_the_history_tells_of_each_pack_who_applied_which_version(on_site, pack) -> None:
    on_site("metadata", "apply", pack, "--yes", "--note", "Rooms")
    lines = [one.split("\t") for one in on_site("metadata", "history").stdout.splitlines()]
    assert lines[0][::2] == ["3", "pack gym 1.0: Rooms"]
    assert lines[0][3] == "at the command line"


def test_a_rollback_is_a_new_release(on_site, pack) -> None:
    on_site("metadata", "apply", pack, "--yes")
    assert on_site("metadata", "rollback", 2).stdout == "release 4\n"
    newest = json.loads(on_site("metadata", "history", "--json").stdout)[0]
    assert (newest["revision"], newest["note"]) == (4, "rollback to 2")
    assert newest["published_at"].endswith("Z")
    assert on_site("metadata", "rollback", 99).exit_code == 1


def test_the_site_layer_goes_out_as_a_pack(on_site, run, tmp_path) -> None:
    out = tmp_path / "out"
    assert json.loads(on_site("metadata", "export", out, "--json").stdout)["documents"] == 4
    assert on_site("metadata", "plan", out).stdout == "nothing to do\n"


def test_uses_are_listed(on_site) -> None:
    uses = json.loads(on_site(*USES, "--json").stdout)
    found = {"document": "entity/x_part", "label": "Part", "path": "indexes.once.fields"}
    assert found in uses
    assert "entity/x_part (Part) indexes.once.fields" in on_site(*USES).stdout.splitlines()
    assert on_site("metadata", "where-used", "wibble").exit_code == 1
    assert on_site("metadata", "explain", "x_part.fields.wibble").exit_code == 1


def test_a_site_without_gaps_has_nothing_to_report(on_site) -> None:
    assert on_site("metadata", "drift").stdout == ""
    assert on_site("metadata", "untranslated", "--json").stdout == "[]\n"
