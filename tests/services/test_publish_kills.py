"""Law I2 under SIGKILL: twenty seeded kills of a publisher, and the head is whole each time."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kit import publish_forever
from kit.whole import assert_whole
from loopline.bootstrap import Platform
from loopline.testing import publish_documents

KILLS = 20


def _publish_until_killed(site: Path, first: int, after: float) -> None:
    command = [sys.executable, str(publish_forever.__file__), str(site), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as publisher:
        assert publisher.stdout is not None
        assert publisher.stdout.readline() == "ready\n"
        time.sleep(after)
        publisher.kill()


@pytest.mark.timeout(180)
def test_twenty_kills_leave_a_whole_head(platform: Platform, site: Path) -> None:
    moments = random.Random(20_260_105)  # noqa: S311, a fixed seed on purpose
    revisions = [assert_whole(platform)]
    for kill in range(KILLS):
        _publish_until_killed(site, kill * 1000, moments.uniform(0, 0.15))
        revisions.append(assert_whole(platform))
    assert revisions == sorted(revisions)
    assert revisions[-1] > revisions[0]
    publish_documents(platform, publish_forever.DOCUMENT.format(999_999))
    assert assert_whole(platform) == revisions[-1] + 1
