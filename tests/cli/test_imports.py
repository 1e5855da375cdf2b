"""``loopline import``, ``import-resume`` and ``export`` as people call them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from loopline.cli.exports import export_command
from loopline.cli.import_undo import import_undo
from loopline.cli.imports import import_command, import_resume
from loopline.services.mapping.file import load_mapping
from loopline.services.tabular.read import read

SHEET = "Name,E-mail,Wibble\nAda,ada@b.cn,1\nBen,not mail,2\n"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOPLINE_LANGUAGE", "en")


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    file = tmp_path / "people.csv"
    file.write_text(SHEET, encoding="utf-8")
    return file


def call(command, site: Path, *arguments: object) -> Result:
    return CliRunner().invoke(command, [*map(str, arguments), "--site", str(site)])


def test_counts_places_and_reasons_are_printed(site, sheet) -> None:
    result = call(import_command, site, "user", sheet)
    assert result.exit_code == 1
    assert "Import 1: 1 created, 0 updated, 0 skipped, 1 failed." in result.stdout
    assert "people.csv:3 E-mail: " in result.stderr
    assert "Wibble" in result.stderr


@pytest.mark.parametrize(
    ("language", "options"), [("en", "Chinese, English"), ("zh", "中文、英文")]
)
def test_options_are_told_in_the_language_of_the_terminal(
    site, tmp_path, monkeypatch, language, options
) -> None:
    monkeypatch.setenv("LOOPLINE_LANGUAGE", language)
    file = tmp_path / "people.csv"
    file.write_text("Name,E-mail,Language\nAda,ada@b.cn,Klingon\n", encoding="utf-8")
    assert options in call(import_command, site, "user", file).stderr


def test_results_come_as_json(site, sheet) -> None:
    found = json.loads(call(import_command, site, "user", sheet, "--json").stdout)
    assert (found["id"], found["created"], found["failed"]) == (1, 1, 1)
    assert found["problems"][0] | {"message": ""} == {
        "row": 3,
        "column": "E-mail",
        "code": "email.invalid",
        "message": "",
    }


def test_refused_rows_are_written_by_resume_too(site, sheet, tmp_path) -> None:
    call(import_command, site, "user", sheet)
    errors = tmp_path / "errors.xlsx"
    told = call(import_resume, site, 1, "--errors", errors)
    assert (told.exit_code, "they are in" in told.stderr) == (1, True)
    assert [row.cells[0] for row in read(errors, "errors.xlsx").rows] == ["Ben"]


def test_a_rehearsal_keeps_nothing(site, sheet) -> None:
    assert "nothing was kept" in call(import_command, site, "user", sheet, "--dry-run").stdout
    out = sheet.with_name("out.json")
    assert call(export_command, site, "user", out).exit_code == 0
    assert json.loads(out.read_text("utf-8")) == []


MAPPING = """
format: 1
entity: user
constants: {language: en}
ignore: [Junk]
columns: {Boss: {field: manager, by: email}}
"""
TOLD = [
    "Columns of people.csv that are read:",
    "  Name → Name (name)",
    "  E-mail → E-mail (email)",
    "  Boss → Manager (manager), found by E-mail",
    "Columns left out:",
    "  Column “Wibble” is no field, and none resembles it.",
    "  Column “Junk” is left out, as the mapping says.",
    "  Column “Language” is left out: the mapping gives Language a constant.",
    "  Column “Updated at” is left out: Updated at is worked out or kept by the site itself.",
    "Rehearsal 1, nothing was kept: 1 created, 0 updated, 0 skipped, 0 failed.",
]


def test_a_rehearsal_tells_what_becomes_of_each_column(site, tmp_path) -> None:
    mapping, file = tmp_path / "mapping.yaml", tmp_path / "people.csv"
    mapping.write_text(MAPPING, encoding="utf-8")
    heads = "Name,E-mail,Boss,Wibble,Junk,Language,Updated at"
    file.write_text(f"{heads}\nAda,ada@b.cn,,1,2,zh,2026-01-31\n", encoding="utf-8")
    result = call(import_command, site, "user", file, "--dry-run", "--mapping", mapping)
    assert result.stdout.splitlines() == TOLD


def test_what_was_understood_is_written_as_a_mapping(site, sheet, tmp_path) -> None:
    mapping = tmp_path / "mapping.yaml"
    asked = ("user", sheet, "--dry-run", "--write-mapping", mapping)
    call(import_command, site, *asked)
    written = mapping.read_text("utf-8")
    assert load_mapping(written).ignore == ("Wibble",)
    again = call(import_command, site, "user", sheet, "--mapping", mapping)
    assert "1 created" in again.stdout
    assert "Wibble" not in again.stderr
    assert call(import_command, site, *asked).exit_code == 2
    assert mapping.read_text("utf-8") == written


def test_programs_are_told_of_columns_by_field_and_by_code(site, sheet) -> None:
    found = json.loads(call(import_command, site, "user", sheet, "--dry-run", "--json").stdout)
    assert [one["field"] for one in found["columns"]] == ["name", "email"]
    assert [(one["heading"], one["code"]) for one in found["left_out"]] == [
        ("Wibble", "mapping.unknown_column")
    ]


def test_what_no_column_fills_is_told_once_for_all_rows(site, tmp_path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("E-mail\na@b.cn\nb@b.cn\nc@b.cn\nd@b.cn\n", encoding="utf-8")
    told = call(import_command, site, "user", file, "--dry-run").stderr.splitlines()
    assert told == ["people.csv:2, 3, 4 …: Fill in Name. No column of the file fills it."]


def test_by_what_a_link_was_looked_for_is_told_by_its_label(site, tmp_path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("Name,E-mail,Department\nAda,ada@b.cn,Nowhere\n", encoding="utf-8")
    told = call(import_command, site, "user", file).stderr
    assert "no record has Department name = Nowhere" in told


def test_an_entity_that_is_nearly_called_so_is_suggested(site, sheet) -> None:
    told = call(import_command, site, "users", sheet).stderr
    assert told == "There is no entity users. Did you mean user?\n"


def test_an_unknown_entity_or_user_is_told(site, sheet) -> None:
    assert call(import_command, site, "wibble", sheet).exit_code == 1
    assert call(import_command, site, "user", sheet, "--as", "no@b.cn").exit_code == 1


def test_usage_is_refused_with_two(site, tmp_path) -> None:
    assert call(import_command, site, "user", tmp_path / "none.csv").exit_code == 2
    assert call(export_command, site, "user", tmp_path / "out.doc").exit_code == 2


def test_an_export_that_fails_leaves_no_file(site, tmp_path) -> None:
    target = tmp_path / "out.csv"
    assert call(export_command, site, "user", target, "--filter", "wibble > 1").exit_code == 1
    assert list(tmp_path.glob("*out.csv*")) == []


def test_an_import_is_undone(site, sheet) -> None:
    call(import_command, site, "user", sheet)
    undone = call(import_undo, site, 1)
    assert (undone.exit_code, undone.stdout) == (
        0,
        "Import 1 is undone: 1 deleted, 0 set back, 0 left as they are.\n",
    )
    assert json.loads(call(import_undo, site, 1, "--json").stdout)["undone"]["removed"] == 1
    assert "7" in call(import_undo, site, 7).stderr
