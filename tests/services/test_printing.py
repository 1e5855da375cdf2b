"""Printing takes data for data, and a template sees its own folder alone."""

from pathlib import Path

import pytest

from loopline.errors import NotFound, NotValid
from loopline.services.printing import print_pdf

SHOWS = "#let data = json(bytes(sys.inputs.data))\n#set document(title: data.name)\n#data.name"
EVIL = (
    '#read("/etc/passwd")',
    '#eval("1")',
    '"] #panic("ran") [',
    "\\u{0} $ ` ``` // /* #",
    '#import "@preview/cetz:0.1.0"',
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Answer a folder of templates, with a secret beside it."""
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    made = tmp_path / "print"
    made.mkdir()
    (made / "shows.typ").write_text(SHOWS, encoding="utf-8")
    return made


@pytest.mark.parametrize("name", EVIL)
def test_what_people_type_is_never_run(folder: Path, name: str) -> None:
    assert print_pdf(folder, "shows.typ", {"name": name}).startswith(b"%PDF")


@pytest.mark.parametrize("place", ["../secret.txt", "/etc/passwd", "../../../../../../etc/passwd"])
def test_a_template_reads_nothing_outside_of_its_folder(folder: Path, place: str) -> None:
    (folder / "reads.typ").write_text(f'#read("{place}")', encoding="utf-8")
    with pytest.raises(NotValid, match=r"print\.failed"):
        print_pdf(folder, "reads.typ", {})


@pytest.mark.parametrize("template", ["../secret.txt", "none.typ", "/etc/passwd", "", "."])
def test_only_templates_of_the_folder_are_printed(folder: Path, template: str) -> None:
    with pytest.raises(NotFound):
        print_pdf(folder, template, {})
