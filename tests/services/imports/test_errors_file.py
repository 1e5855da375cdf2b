"""The refused rows as a file: readable, and imported again once they are mended."""

from pathlib import Path

from loopline.services.imports.errors_file import write_errors
from loopline.services.imports.request import ImportReport, ImportRequest
from loopline.services.imports.run import run
from loopline.services.imports.start import start
from loopline.services.tabular.read import read

TABLE = [
    ["Name", "Count", "Day"],
    ["a", "1", "2026-01-02"],
    ["", "many", "2026-01-03"],
    ["c", "?", ""],
]


def test_it_holds_the_refused_rows_with_place_and_reason(bring_in, platform, tmp_path) -> None:
    target = _errors(bring_in, platform, tmp_path)
    found = read(target, "errors.xlsx")
    assert found.headings == ("Name", "Count", "Day", "错误行号", "错误列", "错误原因")
    rows = [row.cells for row in found.rows]
    assert [(cells[0], cells[1], cells[3], cells[4]) for cells in rows] == [
        (None, "many", 3, "Count"),
        ("c", "?", 4, "Count"),
    ]


def test_it_is_imported_again_without_its_added_columns(bring_in, platform, tmp_path) -> None:
    target = _errors(bring_in, platform, tmp_path)
    report = _import(platform, target)
    assert (report.failed, report.unmatched) == (2, ())


def test_it_is_read_by_the_mapping_that_its_original_was_read_by(
    bring_in, platform, tmp_path
) -> None:
    mapping = "format: 1\nentity: x_thing\ncolumns: {What: {field: name}, Much: {field: count}}"
    report = bring_in("x_thing", [["What", "Much"], ["a", "1"], ["b", "?"]], mapping=mapping)
    target = tmp_path / "errors.xlsx"
    with platform.read() as ctx:
        write_errors(ctx, report.id, platform.settings.files, target)
    again = _import(platform, target)
    assert (again.from_memory, again.failed, again.unmatched) == (True, 1, ())


def _errors(bring_in, platform, folder: Path) -> Path:
    report = bring_in("x_thing", TABLE)
    target = folder / "errors.xlsx"
    with platform.read() as ctx:
        assert write_errors(ctx, report.id, platform.settings.files, target) == 2
    return target


def _import(platform, file: Path) -> ImportReport:
    request = ImportRequest(entity="x_thing", file_name="errors.xlsx", content=file)
    with platform.write(via="import") as ctx:
        import_id = start(ctx, request, platform.settings.files)
    return run(platform.open_as, platform.settings.files, import_id)
