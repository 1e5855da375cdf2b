"""Every file of two folders of real import files, and what becomes of each: expected.csv.

The files of a folder go into one site, in the order of the table, so that later ones find what
earlier ones made. A refused file has its reason in place of counts; ``why`` says why nothing else
makes sense.
"""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from loopline.errors import NotValid
from loopline.services.imports.request import ImportReport

HERE = Path(__file__).parent
TABLE = HERE / "expected.csv"
COUNTS = ("created", "updated", "skipped", "failed")
REGIONS = {"dataloader": "US", "import_files": "CN"}


def expected() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def packs() -> tuple[str, ...]:
    return (str(HERE / "packs" / "loader"),)


@pytest.fixture
def folder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Answer the folder; the site stands in the country its files come from."""
    monkeypatch.setenv("LOOPLINE_SITE_REGION", REGIONS[request.param])
    return str(request.param)


@pytest.mark.parametrize("name", REGIONS)
def test_the_table_lists_every_file(shared_data: Path, name: str) -> None:
    listed = {row["file"] for row in expected() if row["folder"] == name}
    assert listed == {file.name for file in (shared_data / name).iterdir()}


def test_a_refusal_says_why() -> None:
    assert [row["file"] for row in expected() if row["created"] == "" and not row["why"]] == []


@pytest.mark.timeout(180)
@pytest.mark.parametrize("folder", REGIONS, indirect=True)
def test_every_file_comes_in_as_the_table_says(
    folder: str,
    import_file: Callable[..., ImportReport],
    why: Callable[[ImportReport], list[tuple[int, str, str]]],
    shared_data: Path,
) -> None:
    rows = [row for row in expected() if row["folder"] == folder]
    found = [outcome(row, import_file, why, shared_data / folder) for row in rows]
    assert found == rows


def outcome(
    row: dict[str, str], import_file: Callable, why: Callable, place: Path
) -> dict[str, str]:
    """Answer the row of the table as it is found to be."""
    mapping = "" if row["mapping"] == "auto" else row["mapping"]
    try:
        report = import_file(
            row["entity"], place / row["file"], mapping, sheet=row["sheet"], key=row["key"]
        )
    except NotValid as refused:
        return {**row, **dict.fromkeys(COUNTS, ""), "left_out": "", "first_reason": refused.key}
    counts = {name: str(getattr(report, name)) for name in COUNTS}
    left_out = str(len(report.unmatched))
    return {**row, **counts, "left_out": left_out, "first_reason": first(why(report))}


def first(reasons: list[tuple[int, str, str]]) -> str:
    return next(iter(told(reasons)), "")


def told(reasons: list[tuple[int, str, str]]) -> Iterator[str]:
    for row, column, code in reasons:
        yield f"row {row}, {column}: {code}" if column else f"row {row}: {code}"
