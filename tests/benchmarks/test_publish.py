"""Publishing and reading on a site of 300 entities × 60 fields, beside one of 20 entities.

Run with ``make bench``; prints milliseconds and ratios. What must hold on every machine (memory,
what is taken over) is tested in ``tests/services/test_growth.py``.
"""

import statistics
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from time import perf_counter

import pytest

from kit.large_site import large_site, one_more_field, publish_all
from loopline.bootstrap import Platform, build_platform
from loopline.query.lists import ListQuery, page
from loopline.services.records import create_many, get
from loopline.settings import load_settings
from loopline.sites import prepare
from loopline.testing.templates import SiteRecipe

ENTITIES = (20, 300)
FIELDS = 60
ROWS = 1_000
measured: dict[str, dict[int, dict[str, float]]] = {}


@pytest.fixture(params=ENTITIES)
def sized(
    request: pytest.FixtureRequest, tmp_path: Path, database_url: str
) -> Iterator[tuple[int, Platform]]:
    """Answer a site of that many entities, with records in one of them."""
    SiteRecipe(frozenset({"*"}), (), "").write_settings(tmp_path / "site", database_url)
    platform = build_platform(load_settings(tmp_path / "site"))
    prepare(platform)
    publish_all(platform, large_site(request.param, FIELDS))
    with platform.write(via="cli") as ctx:
        create_many(ctx, "x_e3", [{"f0": f"Row {one}", "f1": one} for one in range(ROWS)])
    yield request.param, platform
    platform.close()


def _median(act: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        start = perf_counter()
        act()
        taken.append(perf_counter() - start)
    return statistics.median(taken)


def _measure(platform: Platform) -> dict[str, float]:
    numbers = count()

    def read_one() -> None:
        with platform.read() as ctx:
            get(ctx, "x_e3", 7)

    def read_page() -> None:
        with platform.read() as ctx:
            page(ctx, ListQuery(entity="x_e3", filter="f1 > 10", sort=("f0",)))

    def publish() -> None:
        publish_all(platform, [one_more_field(next(numbers))])

    def publish_and_read() -> None:
        publish()
        read_page()

    read_page()
    return {
        "record": _median(read_one, 200),
        "list page": _median(read_page, 50),
        "publish a field": _median(publish, 10),
        "publish, then list": _median(publish_and_read, 10),
    }


@pytest.mark.timeout(600)
def test_measure(sized: tuple[int, Platform]) -> None:
    entities, platform = sized
    backend = platform.database.engine.dialect.name
    found = measured.setdefault(backend, {})
    found[entities] = _measure(platform)
    lines = [f"\n{backend}, {entities} entities × {FIELDS} fields"]
    for name, taken in found[entities].items():
        beside = found.get(ENTITIES[0], found[entities])[name]
        lines.append(f"  {name:20} {taken * 1000:8.2f} ms  × {taken / beside:.2f}")
    sys.stdout.write("\n".join(lines) + "\n")
    assert found[entities]["publish a field"] < 1
