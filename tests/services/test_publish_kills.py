"""Law I2 under SIGKILL: twenty seeded kills of a publisher, and the head is whole each time."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from kit import publish_forever
from kit.whole import assert_whole
from loopline.bootstrap import Platform
from loopline.testing import publish_documents

KILLS = 20


class Publisher:
    """A process whose children publish without end."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._say: IO[str] = process.stdin
        self._hear: IO[str] = process.stdout

    def run_until_killed(self, first: int, publishes: float) -> None:
        """Let a child publish that many times, more or less, and kill it in the midst."""
        self._say.write(f"{first}\n")
        self._say.flush()
        child, takes = self._hear.readline().split()
        time.sleep(publishes * float(takes))
        os.kill(int(child), signal.SIGKILL)
        assert self._hear.readline() == "ended\n"


@pytest.fixture
def publisher(site: Path) -> Iterator[Publisher]:
    command = [sys.executable, str(publish_forever.__file__), str(site)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        yield Publisher(process)
        process.kill()


@pytest.mark.timeout(240)
def test_twenty_kills_leave_a_whole_head(platform: Platform, publisher: Publisher) -> None:
    moments = random.Random(20_260_105)  # noqa: S311, a fixed seed on purpose
    revisions = [assert_whole(platform)]
    for kill in range(KILLS):
        publisher.run_until_killed(kill * 1000, moments.uniform(0, 3))
        revisions.append(assert_whole(platform))
    assert revisions == sorted(set(revisions))
    publish_documents(platform, publish_forever.DOCUMENT.format(999_999))
    assert assert_whole(platform) == revisions[-1] + 1
