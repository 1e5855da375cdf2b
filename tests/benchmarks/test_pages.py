"""A page of a list on a small table, on a large one, and deep inside the large one, in turns."""

import statistics
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest

from benchmarks.contenders import fill
from benchmarks.report import BY_HAND, OURS, Line, Report
from benchmarks.workload import LARGE, SMALL
from loopline.bootstrap import Platform, build_platform
from loopline.query.lists import ListQuery, cursor_at, page
from loopline.settings import load_settings
from loopline.store.copies import copy_database, create_database
from loopline.testing.templates import SiteRecipe

_QUERY = ListQuery(
    entity="lead",
    filter='source == "expo" && budget > 100',
    fields=("name", "company", "phone", "email", "budget", "source", "status"),
)
_TIMES = 300


@pytest.fixture
def sizes(
    site: Path, database_url: str, tmp_path: Path, recipe: SiteRecipe
) -> Iterator[tuple[Platform, Platform]]:
    """Answer a site with few leads and one with many."""
    small = build_platform(load_settings(site))
    fill(small, 0, SMALL)
    small.close()
    other = tmp_path / "large"
    url = _beside(database_url, tmp_path)
    create_database(url)
    copy_database(database_url, url)
    recipe.write_settings(other, url)
    small, large = build_platform(load_settings(site)), build_platform(load_settings(other))
    fill(large, SMALL, LARGE)
    yield small, large
    small.close()
    large.close()


def _beside(url: str, folder: Path) -> str:
    if url.startswith("sqlite"):
        return f"sqlite:///{folder / 'large.db'}"
    server, sign, options = url.partition("?")
    return f"{server}_large{sign}{options}"


def _reader(platform: Platform, cursor: str | None = None) -> Callable[[], None]:
    asked = replace(_QUERY, cursor=cursor)

    def read() -> None:
        with platform.read() as ctx:
            page(ctx, asked)

    return read


@pytest.mark.timeout(1800)
def test_measure(sizes: tuple[Platform, Platform], database_url: str, report: Report) -> None:
    small, large = sizes
    with large.read() as ctx:
        cursor = cursor_at(ctx, _QUERY, LARGE // 10 // 4 * 4 + 2)  # one that the filter finds
    works = {
        "first page": (_reader(large), _reader(small)),
        "page at nine tenths": (_reader(large, cursor), _reader(large)),
    }
    for work, readers in works.items():
        taken: tuple[list[float], list[float]] = ([], [])
        for _ in range(_TIMES):
            for times, read in zip(taken, readers, strict=True):
                begun = perf_counter()
                read()
                times.append(perf_counter() - begun)
        ours, beside = (statistics.median(times) * 1000 for times in taken)
        line = Line(
            work=work,
            database=database_url.partition(":")[0],
            rows=LARGE,
            found={OURS: ours, BY_HAND: beside},
            unit="ms",
            note=f"beside: our first page of {SMALL if work == 'first page' else LARGE:,}",
        )
        report.add(line)
