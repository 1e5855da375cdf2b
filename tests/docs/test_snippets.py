"""What the documentation shows does what it says."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from kit.sources import ROOT
from loopline.cli.main import main
from loopline.services.mapping.file import load_mapping
from loopline.settings import load_settings
from loopline.sites import validate_pack

PAGES = sorted(
    one
    for one in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
    if "_build" not in one.parts and "decisions" not in one.parts
)
HEAD = "id: visits\ntitle: Visits\nversion: '1.0'\nlayer: pack\n"


def blocks(page: Path, language: str) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```", page.read_text("utf-8"), re.S | re.M)
    return list(found)


def documents(page: Path) -> list[str]:
    return [one for one in blocks(page, "yaml") if re.search(r"^kind: ", one, re.M)]


def heads(page: Path) -> list[str]:
    return [one for one in blocks(page, "yaml") if re.search(r"^layer: ", one, re.M)]


def shown_commands() -> Iterator[str]:
    for page in PAGES:
        for block in blocks(page, "sh"):
            for line in block.splitlines():
                called = re.search(r"(?:^|\s|/)loopline( .*)", line)
                if called and "pip" not in line:
                    yield called[1].split(" #")[0].strip()


WITH_PACKS = [page for page in PAGES if documents(page)]


@pytest.mark.parametrize("page", WITH_PACKS, ids=lambda page: page.name)
def test_the_documents_of_a_page_are_a_valid_pack(page, tmp_path) -> None:
    (tmp_path / "pack.yaml").write_text((heads(page) or [HEAD])[0], encoding="utf-8")
    text = "---\n".join(documents(page))
    (tmp_path / "shown.yaml").write_text(text, encoding="utf-8")
    findings = validate_pack(str(tmp_path))
    told = (*findings.errors, *findings.warnings)
    assert [str(one) for one in told if one.code != "calendar.known_until"] == []


def test_mapping_files_can_be_read() -> None:
    page = ROOT / "docs/how-to/files.md"
    shown = [one for one in blocks(page, "yaml") if "columns:\n" in one and "kind:" not in one]
    assert len(shown) == 1
    assert load_mapping(shown[0]).entity == "membership"


@pytest.mark.parametrize("words", sorted(set(shown_commands())))
def test_shown_commands_exist(words) -> None:
    command: click.Command = main
    given = shlex.split(words)
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), given.pop(0))  # of plugins too
        assert found is not None
        command = found
    known = {name for one in command.params if one.param_type_name == "option" for name in one.opts}
    assert {word for word in given if word.startswith("--")} <= known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_shown_python_compiles(page) -> None:
    for block in blocks(page, "python"):
        compile(block, page.name, "exec")


def test_shown_settings_are_read(tmp_path) -> None:
    (block,) = blocks(ROOT / "docs/reference/settings.md", "toml")
    (tmp_path / "site.toml").write_text(block, encoding="utf-8")
    assert load_settings(tmp_path, {}).name == tomllib.loads(block)["site"]["name"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_relative_links_lead_somewhere(page) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.S | re.M)
    found = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    paths = [one for one in found if not re.match(r"https?:|mailto:", one)]
    assert [one for one in paths if not (page.parent / one).exists()] == []
