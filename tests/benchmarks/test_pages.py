"""A page of a list as the table grows, and a page deep inside it beside the first one."""

import statistics
from pathlib import Path
from time import perf_counter

import pytest

from benchmarks.report import Line, Report
from benchmarks.workload import ROWS, leads
from loopline.bootstrap import Platform, build_platform
from loopline.query.lists import ListQuery, cursor_at, page
from loopline.services.records import create_many
from loopline.settings import load_settings

_FILTER = 'source == "expo" && budget > 100'
_FIELDS = ("name", "company", "phone", "email", "budget", "source", "status")
_TIMES = 100


def _pages(platform: Platform, at: int | None) -> float:
    """Answer how many pages are read in a second, from the beginning or after a record."""
    query = {"entity": "lead", "filter": _FILTER, "fields": _FIELDS}
    with platform.read() as ctx:
        cursor = None if at is None else cursor_at(ctx, ListQuery(**query), at)
    taken = []
    for _ in range(_TIMES):
        begun = perf_counter()
        with platform.read() as ctx:
            page(ctx, ListQuery(**query, cursor=cursor))
        taken.append(perf_counter() - begun)
    return 1 / statistics.median(taken)


def _fill(platform: Platform, first: int, last: int) -> None:
    for start in range(first, last, 1000):
        with platform.write(via="import") as ctx:
            create_many(ctx, "lead", list(leads(start, 1000)))
    with platform.write() as ctx:
        ctx.connection.exec_driver_sql("ANALYZE")


@pytest.mark.timeout(1800)
def test_measure(site: Path, database_url: str, report: Report) -> None:
    platform = build_platform(load_settings(site))
    database = database_url.partition(":")[0]
    held, small = 0, 0.0
    for rows in sorted(ROWS):
        _fill(platform, held, rows)
        held = rows
        first, deep = _pages(platform, None), _pages(platform, rows // 10 // 4 * 4 + 2)
        small = small or first
        for work, ours, beside in (
            ("page, beside the smallest table", first, small),
            ("page at nine tenths, beside the first", deep, first),
        ):
            report.add(Line(work=work, database=database, rows=rows, ours=ours, beside=beside))
    platform.close()
