"""Killed twenty times, an import still ends with every row exactly once."""

import csv
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from loopline.bootstrap import Platform, build_platform
from loopline.query.lists import ListQuery, page
from loopline.services.imports import run as running
from loopline.services.imports.errors_file import refusals
from loopline.services.imports.request import ImportRequest
from loopline.services.imports.run import run
from loopline.services.imports.start import report, start
from loopline.settings import load_settings

ROWS, KILLS = 6_000, 20


@pytest.fixture
def huge_file(tmp_path: Path) -> Path:
    """Write rows of which every tenth waits for a later one and every hundredth is refused."""
    file = tmp_path / "things.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["Name", "Count", "Parent"])
        for number in range(ROWS):
            parent = f"thing {number + 1}" if number % 10 == 0 else ""
            count = "many" if number % 100 == 50 else number % 900
            writer.writerow([f"thing {number}", count, parent])
    return file


@pytest.mark.timeout(120)
def test_twenty_kills_lose_and_double_nothing(
    platform: Platform, site: Path, huge_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 100)
    asked = ImportRequest(entity="x_thing", file_name="things.csv", content=huge_file)
    with platform.write(via="import") as ctx:
        import_id = start(ctx, asked, platform.settings.files)
    platform.database.close()
    chance = random.Random(20)  # noqa: S311 (a fixed seed is the point)
    cursors = [kill_at_work(site, import_id, chance) for _ in range(KILLS)]
    with platform.read() as ctx:
        between = report(ctx, import_id)
    assert between.state == "running"
    assert 0 < between.created < ROWS
    assert sum(cursors) > KILLS // 2  # they were killed at work, not before it
    run(platform.open_as, platform.settings.files, import_id)
    assert_every_row_once(platform, import_id)


def kill_at_work(site: Path, import_id: int, chance: random.Random) -> int:
    """Let another process work at the import for some batches, then kill it; answer how many."""
    batches, grace = chance.randrange(3), chance.uniform(0, 0.03)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        work(site, import_id, writer)
    os.close(writer)
    seen = sum(bool(os.read(reader, 1)) for _ in range(batches))
    time.sleep(grace)
    os.kill(child, signal.SIGKILL)
    os.close(reader)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    return seen


def work(site: Path, import_id: int, told: int) -> None:
    """Be that process: a platform of its own, one byte for each batch, never a return."""
    try:
        own = build_platform(load_settings(site))
        run(own.open_as, own.settings.files, import_id, lambda *_: os.write(told, b"."))
    finally:
        os._exit(0)


def every_record(platform: Platform) -> Iterator[str]:
    cursor = None
    while True:
        with platform.read() as ctx:
            found = page(ctx, ListQuery(entity="x_thing", sort=("id",), limit=1000, cursor=cursor))
        yield from (str(one.values["name"]) for one in found.records)
        cursor = found.next
        if cursor is None:
            return


def assert_every_row_once(platform: Platform, import_id: int) -> None:
    with platform.read() as ctx:
        done = report(ctx, import_id)
        refused = Counter(one.row for one in refusals(ctx, import_id))
    lost = ROWS // 100
    assert (done.state, done.created, done.failed) == ("done", ROWS - lost, lost)
    assert (len(refused), set(refused.values())) == (lost, {1})
    names = Counter(every_record(platform))
    assert (len(names), set(names.values())) == (ROWS - lost, {1})
