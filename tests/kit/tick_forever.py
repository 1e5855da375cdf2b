"""Pass the marks of clocks and do what they ask for until killed: ``python tick_forever.py SITE``.

For each line of standard input a child starts; it says its process id once it is at work.
"""

import os
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import sleep

from loopline.bootstrap import build_platform
from loopline.jobs.ticks import tick
from loopline.jobs.worker import Worker
from loopline.language import Messages
from loopline.services.clock_following import plan_of
from loopline.settings import load_settings

LEASE = timedelta(milliseconds=50)
"""Short, so that what a killed child held is taken over by the next."""


def work(site: Path, starter: int) -> None:
    """Work until killed, or until the process that started this one is gone."""
    platform = build_platform(load_settings(site))
    worker = Worker(platform.database, platform.clock, platform.handlers, lease=LEASE)
    sys.stdout.write(f"{os.getpid()}\n")
    sys.stdout.flush()
    while os.getppid() == starter:
        with platform.write(via="job") as ctx:
            moved = tick(ctx.connection, partial(plan_of, ctx), ctx.now, 2)
        if not worker.run_one() and not moved:
            sleep(0.01)


def main(site: Path) -> None:
    """Start one child after the other, each when the one before has ended.

    Texts are read beforehand, or no child would live long enough to finish its first job.
    """
    Messages().keys("zh")
    for _ in sys.stdin:
        starter = os.getpid()
        child = os.fork()
        if child == 0:
            work(site, starter)
            os._exit(0)
        os.waitpid(child, 0)
        sys.stdout.write("ended\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
