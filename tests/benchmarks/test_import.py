"""Importing a file, beside putting the same rows into a bare table by executemany or COPY."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from benchmarks import baseline
from benchmarks.report import BY_HAND, OURS, Line, Report
from benchmarks.workload import ROWS, RUNS, leads, write_file
from loopline.bootstrap import Platform, build_platform
from loopline.services.imports.request import ImportRequest
from loopline.services.imports.run import run
from loopline.services.imports.start import start
from loopline.settings import load_settings

_NAMES = tuple(next(leads(0, 1)))


def _import(platform: Platform, file: Path) -> None:
    request = ImportRequest(entity="lead", file_name=file.name, content=file)
    with platform.write(via="import") as ctx:
        import_id = start(ctx, request, platform.settings.files)
    done = run(platform.open_as, platform.settings.files, import_id)
    if done.failed:
        raise RuntimeError(f"{done.failed} rows were refused")


def _raw(engine: sa.Engine, rows: list[tuple[object, ...]]) -> None:
    """Put rows into a table without any index, in one transaction."""
    names = ", ".join(_NAMES)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if engine.dialect.name == "sqlite":
            marks = ", ".join("?" * len(_NAMES))
            connection.exec_driver_sql(f"INSERT INTO bare ({names}) VALUES ({marks})", rows)
            return
        driver = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY bare ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def _rate(act: Callable[[], None], rows: int) -> float:
    begun = time.perf_counter()
    act()
    return rows / (time.perf_counter() - begun)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("rows", ROWS)
def test_measure(site: Path, tmp_path: Path, database_url: str, report: Report, rows: int) -> None:
    platform = build_platform(load_settings(site))
    engine = baseline.open_engine(database_url)
    columns = ", ".join(f"{name} TEXT" for name in _NAMES)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.exec_driver_sql(f"CREATE TABLE bare ({columns})")
    bare = [tuple(str(value) for value in one.values()) for one in leads(0, rows)]
    mine, other = [], []
    for number in range(RUNS):
        file = tmp_path / f"{number}.csv"
        write_file(file, number * rows, rows)
        mine.append(_rate(lambda file=file: _import(platform, file), rows))
        other.append(_rate(lambda: _raw(engine, bare), rows))
    engine.dispose()
    platform.close()
    line = Line(
        work="import",
        database=database_url.partition(":")[0],
        rows=rows,
        found={OURS: statistics.median(mine), BY_HAND: statistics.median(other)},
        unit="rows/s",
        note="a CSV file with headings in Chinese; by hand: bare executemany or COPY, no index",
    )
    report.add(line)
