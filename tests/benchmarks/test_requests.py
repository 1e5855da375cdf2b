"""Requests over HTTP, beside others that do the same, in turns; and what memory that took.

Run with ``make bench``. LOOPLINE_BENCH_ROWS, LOOPLINE_BENCH_RUNS and LOOPLINE_BENCH_WORKS
make it shorter.
"""

import json
import secrets
import statistics
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter

import pytest

from benchmarks import baseline
from benchmarks.contenders import Contender, contenders
from benchmarks.load import Client, Result, drive, median
from benchmarks.report import BY_HAND, OURS, Line, Report
from benchmarks.workload import ROWS, RUNS, WORKS, body

_PLAN, _PUBLISH = "/api/v1/metadata/plan", "/api/v1/metadata/publish"
_CLIENTS = {1: 100, 8: 50}
"""Requests of each client in one run, by how many there are."""


@pytest.fixture(params=ROWS)
def rows(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def rivals(site: Path, tmp_path: Path, database_url: str, rows: int) -> Iterator[list[Contender]]:
    with contenders(site, database_url, tmp_path, rows) as found:
        yield found


@pytest.fixture
def note(report: Report, database_url: str, rows: int) -> Callable[..., None]:
    """Answer what keeps a line of this table."""
    return lambda **line: report.add(
        Line(database=database_url.partition(":")[0], rows=rows, **line)
    )


@pytest.mark.timeout(3600)
def test_measure(rivals: Sequence[Contender], note: Callable[..., None]) -> None:
    note(work="memory at the start", found=_memory(rivals), unit="MB")
    for work in filter(_asked, rivals[0].works):
        able = [one for one in rivals if work in one.works]
        for clients, each in _CLIENTS.items():
            results = _in_turns(able, work, clients, each)
            found = {one.name: result.rate for one, result in zip(able, results, strict=True)}
            p50, p95 = results[0].quantile(50), results[0].quantile(95)
            note(work=work, clients=clients, found=found, p50=p50, p95=p95)
    note(work="memory after all this", found=_memory(rivals), unit="MB")
    note(work="start to first answer", found=_median(_first_answer, rivals), unit="s")
    able = [one for one in rivals if one.name in _NEW_FIELD]
    note(work="new field until a record has it", found=_median(_new_field, able), unit="s")


def _asked(work: str) -> bool:
    return not WORKS or work in WORKS


def _in_turns(able: Sequence[Contender], work: str, clients: int, each: int) -> list[Result]:
    """Answer the median of several runs of each, after a warm-up."""
    senders = [
        partial(drive, one.server.port, one.headers(work), clients, one.works[work]) for one in able
    ]
    for send in senders:
        send(20)
    runs = [[send(each) for send in senders] for _ in range(RUNS)]
    return [median(some) for some in zip(*runs, strict=True)]


def _memory(rivals: Sequence[Contender]) -> dict[str, float]:
    return {one.name: one.server.memory() for one in rivals}


def _median(act: Callable[[Contender], None], able: Sequence[Contender]) -> dict[str, float]:
    """Answer how long an act takes each, in seconds, in turns."""
    taken: dict[str, list[float]] = {one.name: [] for one in able}
    for one in (one for _ in range(RUNS) for one in able):
        begun = perf_counter()
        act(one)
        taken[one.name].append(perf_counter() - begun)
    return {name: statistics.median(times) for name, times in taken.items()}


def _first_answer(one: Contender) -> None:
    with one.start() as server:
        drive(server.port, one.headers("get"), 1, one.works["get"], 1)


def _new_field(one: Contender) -> None:
    _NEW_FIELD[one.name](one, f"x_{secrets.token_hex(4)}")


def _publish_field(one: Contender, name: str) -> None:
    """Plan and publish a field over HTTP, and make a record that has it."""
    field = {"type": "text", "label": {"zh": name, "en": name}}
    entity = {"kind": "entity", "id": "lead", "format": 1, "extend": True, "fields": {name: field}}
    client = Client(one.server.port, one.api)
    planned = client.send(("POST", _PLAN, {"layer": "site", "documents": [entity]}))
    client.send(("POST", _PUBLISH, {"plan": json.loads(planned)["plan"]}))
    client.send(("POST", "/api/v1/records/lead", body(secrets.randbelow(10**8)) | {name: "new"}))
    client.close()


def _add_column(one: Contender, name: str) -> None:
    """Add a column to the table, and a row that has it: the least that a database can do."""
    engine = baseline.open_engine(one.database)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.exec_driver_sql(f"ALTER TABLE lead ADD COLUMN {name} TEXT")
        connection.exec_driver_sql(f"INSERT INTO lead ({name}) VALUES ('new')")
    engine.dispose()


_NEW_FIELD = {OURS: _publish_field, BY_HAND: _add_column}
