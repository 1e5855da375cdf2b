"""The tests of this folder drive the product with real files that are not part of the project.

They find them through LOOPLINE_SHARED_DATA and are skipped, with that reason, where it is unset.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loopline.bootstrap import Platform
from loopline.services.imports.errors_file import refusals
from loopline.services.imports.request import ImportOptions, ImportReport, ImportRequest
from loopline.services.imports.run import run
from loopline.services.imports.start import start

HERE = Path(__file__).parent
MAPPINGS = HERE / "mappings"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Answer the folder of shared data."""
    folder = os.environ.get("LOOPLINE_SHARED_DATA")
    if not folder:
        pytest.skip("LOOPLINE_SHARED_DATA is not set")
    return Path(folder)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Answer a SQLite file: here the files are what is tried, not the database."""
    return sqlite_url


@pytest.fixture
def import_file(platform: Platform) -> Callable[..., ImportReport]:
    """Answer what imports a file by a mapping file of this folder, empty for none."""

    def perform(entity: str, file: Path, mapping: str = "", **options: Any) -> ImportReport:
        text = (MAPPINGS / mapping).read_text("utf-8") if mapping else ""
        asked = ImportRequest(
            entity=entity,
            file_name=file.name,
            content=file,
            options=ImportOptions(mapping=text, **options),
        )
        with platform.write(via="import") as ctx:
            import_id = start(ctx, asked, platform.settings.files)
        return run(platform.open_as, platform.settings.files, import_id)

    return perform


@pytest.fixture
def why(platform: Platform) -> Callable[[ImportReport], list[tuple[int, str, str]]]:
    """Answer row, column and code of every reason."""

    def told(report: ImportReport) -> list[tuple[int, str, str]]:
        with platform.read() as ctx:
            return [(one.row, one.column, one.code) for one in refusals(ctx, report.id)]

    return told
