"""Whatever ends a backup or a restore midway, what was there before stays as it was."""

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from kit.state import state
from loopline.bootstrap import build_platform
from loopline.services.backup import restoring, writing
from loopline.services.backup.writing import write_archive
from loopline.settings import load_settings


def write_until(site: Path, file: Path, part: int) -> None:
    """Back up a site, and die of the hardest signal at a part."""
    platform = build_platform(load_settings(site))
    parts = iter(range(part + 1))

    def die(_name: str) -> None:
        if next(parts) == part:
            os.kill(os.getpid(), signal.SIGKILL)

    write_archive(file, platform.settings, platform.database, platform.clock.now(), die)


@pytest.mark.parametrize("part", [0, 1, 3])
def test_an_older_archive_survives_a_kill(filled, back_up, part) -> None:
    older = back_up()
    content = older.read_bytes()
    arguments = (filled.settings.folder, older, part)
    child = multiprocessing.get_context("spawn").Process(target=write_until, args=arguments)
    child.start()
    child.join()
    assert (child.exitcode, older.read_bytes()) == (-signal.SIGKILL, content)


def test_a_full_disk_leaves_no_rest(filled, back_up, monkeypatch, tmp_path) -> None:
    older = back_up()
    content = older.read_bytes()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    before = sorted(tmp_path.iterdir())
    monkeypatch.setattr(writing.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        back_up()
    assert (older.read_bytes(), sorted(tmp_path.iterdir())) == (content, before)


@pytest.mark.parametrize("step", range(5))
def test_a_restore_that_fails_undoes_its_steps(
    filled, back_up, bring_back, monkeypatch, step
) -> None:
    archive = back_up()
    before, moved = state(filled), restoring._Move._move
    left = iter(range(step))

    def stumble(self, source: Path, goal: Path) -> None:
        if next(left, None) is None:
            raise OSError(28, "No space left on device")
        moved(self, source, goal)

    monkeypatch.setattr(restoring._Move, "_move", stumble)
    with pytest.raises(OSError, match="No space"):
        bring_back(archive, folder=filled.settings.folder, replace=True)
    monkeypatch.undo()
    filled.database.close()
    assert state(filled) == before
    assert len(list(filled.settings.files.rglob("*"))) == 3
