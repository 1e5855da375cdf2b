"""A door for the tests of imports: rows in, a report out."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from loopline.access.context import SYSTEM, Actor
from loopline.bootstrap import Platform
from loopline.query.lists import ListQuery, page
from loopline.services.imports.errors_file import Refusal, refusals
from loopline.services.imports.request import ImportOptions, ImportReport, ImportRequest
from loopline.services.imports.run import run
from loopline.services.imports.start import start
from loopline.store.rows import Record

Table = Sequence[Sequence[object]]


def write_csv(path: Path, table: Table) -> Path:
    """Write rows as they are."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(table)
    return path


@pytest.fixture
def begin(platform: Platform, tmp_path: Path) -> Callable[..., int]:
    """Answer what enters an import of a table and answers its id."""

    def enter(
        entity: str, table: Table, *, new: bool = False, actor: Actor = SYSTEM, **options: Any
    ) -> int:
        file = write_csv(tmp_path / "in.csv", table)
        request = ImportRequest(
            entity=entity, file_name=file.name, content=file, options=ImportOptions(**options)
        )
        with platform.write(actor, via="import") as ctx:
            return start(ctx, request, platform.settings.files, new=new)

    return enter


@pytest.fixture
def carry_out(platform: Platform) -> Callable[..., ImportReport]:
    """Answer what performs an import that was entered."""

    def perform(import_id: int, progress: Any = None) -> ImportReport:
        return run(platform.open_as, platform.settings.files, import_id, progress)

    return perform


@pytest.fixture
def bring_in(
    begin: Callable[..., int], carry_out: Callable[..., ImportReport]
) -> Callable[..., ImportReport]:
    """Answer what imports a table."""

    def enter_and_perform(entity: str, table: Table, **options: Any) -> ImportReport:
        return carry_out(begin(entity, table, **options))

    return enter_and_perform


@pytest.fixture
def reasons(platform: Platform) -> Callable[[ImportReport], list[Refusal]]:
    """Answer what tells why rows were refused."""

    def told(report: ImportReport) -> list[Refusal]:
        with platform.read() as ctx:
            return refusals(ctx, report.id)

    return told


@pytest.fixture
def records(platform: Platform) -> Callable[[str], tuple[Record, ...]]:
    """Answer what reads the records of an entity, oldest first."""

    def read(entity: str) -> tuple[Record, ...]:
        with platform.read() as ctx:
            return page(ctx, ListQuery(entity=entity, sort=("id",), limit=1000)).records

    return read


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    """Answer created, updated, skipped, failed."""
    return report.created, report.updated, report.skipped, report.failed
