"""Requests over HTTP, beside a hand-written endpoint that does the same, in turns.

Run with ``make bench``. LOOPLINE_BENCH_ROWS and LOOPLINE_BENCH_RUNS make it shorter.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from urllib.parse import quote

import pytest

from benchmarks import baseline
from benchmarks.load import Request, drive, median
from benchmarks.report import Line, Report
from benchmarks.servers import Server, serving
from benchmarks.workload import LISTED, ROWS, RUNS, body, leads
from loopline.access.tokens import create_token
from loopline.bootstrap import build_platform
from loopline.services.records import create_many
from loopline.settings import load_settings
from loopline.sites import add_user
from loopline.store.copies import create_database

_FILTER = quote('source == "expo" && budget > 100')
_LIST = f"/api/v1/records/lead?fields={LISTED}&filter={_FILTER}"
_CLIENTS = {1: 100, 8: 50}
"""Requests of each client in one run, by how many there are."""


@dataclass(frozen=True)
class Pair:
    """Our server and the hand-written one, over the same number of rows."""

    ours: Server
    beside: Server
    token: str
    rows: int
    database: str


@pytest.fixture(params=ROWS)
def pair(
    request: pytest.FixtureRequest, site: Path, tmp_path: Path, database_url: str
) -> Iterator[Pair]:
    token = _fill(site, request.param)
    database = database_url.partition(":")[0]
    if database == "sqlite":
        other = f"sqlite:///{tmp_path / 'baseline.db'}"
    else:
        server, sign, options = database_url.partition("?")
        other = f"{server}_beside{sign}{options}"
        create_database(other)
    baseline.prepare(other, request.param)
    environment = {"LOOPLINE_SITE": str(site), "BASELINE_DB": other}
    with (
        serving("loopline.cli.serving:application", environment) as ours,
        serving("benchmarks.baseline:application", environment) as beside,
    ):
        yield Pair(ours, beside, token, request.param, database)


def _fill(site: Path, rows: int) -> str:
    """Make leads and somebody with a token; answer the token."""
    platform = build_platform(load_settings(site))
    for first in range(0, rows, 1000):
        with platform.write(via="import") as ctx:
            create_many(ctx, "lead", list(leads(first, 1000)))
    user = add_user(platform, "bench@example.com", "Bench", None, administrator=True)
    with platform.write(via="cli") as ctx:
        token = create_token(ctx.connection, user, frozenset({"read", "write"}), ctx.now)
        if not platform.database.is_sqlite:
            ctx.connection.exec_driver_sql("ANALYZE")
    platform.close()
    return token


def _works(pair: Pair) -> dict[str, tuple[Callable[[], Request], Callable[[], Request]]]:
    """Answer, for each kind of work, what makes our requests and those beside."""
    numbers, chance = count(10**8), random.Random(7)  # noqa: S311 which records, nothing secret

    def some() -> int:
        return chance.randrange(1, pair.rows)

    def rename() -> dict[str, str]:
        return {"name": f"改名{next(numbers)}"}

    return {
        "list": (lambda: ("GET", _LIST, None), lambda: ("GET", "/leads", None)),
        "list with count": (
            lambda: ("GET", f"{_LIST}&count=estimate", None),
            lambda: ("GET", "/leads", None),
        ),
        "get": (
            lambda: ("GET", f"/api/v1/records/lead/{some()}", None),
            lambda: ("GET", f"/leads/{some()}", None),
        ),
        "create": (
            lambda: ("POST", "/api/v1/records/lead", body(next(numbers))),
            lambda: ("POST", "/leads", body(next(numbers))),
        ),
        "update a field": (
            lambda: ("PATCH", f"/api/v1/records/lead/{some()}", rename()),
            lambda: ("PATCH", f"/leads/{some()}", rename()),
        ),
    }


@pytest.mark.timeout(1800)
def test_measure(pair: Pair, report: Report) -> None:
    for work, (ours, beside) in _works(pair).items():
        for clients, each in _CLIENTS.items():
            here = partial(drive, pair.ours.port, pair.token, clients, ours)
            there = partial(drive, pair.beside.port, baseline.TOKEN, clients, beside)
            here(20)
            there(20)
            runs = [(here(each), there(each)) for _ in range(RUNS)]
            mine, other = (median(results) for results in zip(*runs, strict=True))
            line = Line(
                work=work,
                database=pair.database,
                rows=pair.rows,
                clients=clients,
                ours=mine.rate,
                beside=other.rate,
                p50=mine.quantile(50),
                p95=mine.quantile(95),
                note=f"{pair.ours.memory()} MB beside {pair.beside.memory()} MB",
            )
            report.add(line)
