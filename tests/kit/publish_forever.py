"""Publish one field after another until killed: ``python publish_forever.py SITE``.

For each number on a line of standard input a child starts publishing from that number. After its
first publish it says its process id and how long a publish takes.
"""

import os
import sys
from itertools import count
from pathlib import Path
from time import perf_counter

from loopline.bootstrap import build_platform
from loopline.settings import load_settings
from loopline.testing import publish_documents

DOCUMENT = """
kind: entity
id: x_thing
extend: true
fields:
  x_k{0}: {{type: text, unique: yes, label: K{0}}}
  x_l{0}: {{type: link, to: x_part, label: L{0}}}
---
kind: entity
id: x_e{0}
format: 1
label: E{0}
title_field: name
fields: {{name: {{type: text, label: Name}}, thing: {{type: link, to: x_thing, label: Thing}}}}
"""


def publish_from(site: Path, first: int, starter: int) -> None:
    """Publish until killed, or until the process that started this one is gone."""
    platform = build_platform(load_settings(site))
    publish_documents(platform, DOCUMENT.format(first))
    for number in count(first + 1):
        start = perf_counter()
        publish_documents(platform, DOCUMENT.format(number))
        if number == first + 1:
            sys.stdout.write(f"{os.getpid()} {perf_counter() - start}\n")
            sys.stdout.flush()
        if os.getppid() != starter:
            return


def main(site: Path) -> None:
    """Start one child after the other, each when the one before has ended."""
    for line in sys.stdin:
        starter = os.getpid()
        child = os.fork()
        if child == 0:
            publish_from(site, int(line), starter)
            os._exit(0)
        os.waitpid(child, 0)
        sys.stdout.write("ended\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
