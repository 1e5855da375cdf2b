"""Kill a process at work: it starts a child a line, and each child dies at a seeded moment."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

KILLS = 20


def kill_at_work(work: ModuleType, site: Path) -> None:
    """Start a module's program (see tick_forever) on a site and kill its children, KILLS times."""
    moments = random.Random(20_260_105)  # noqa: S311, a fixed seed on purpose
    command = [sys.executable, str(work.__file__), str(site)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(KILLS):
            process.stdin.write("go\n")
            process.stdin.flush()
            child = int(process.stdout.readline())
            time.sleep(moments.uniform(0.01, 0.12))
            os.kill(child, signal.SIGKILL)
            assert process.stdout.readline() == "ended\n"
        process.kill()
