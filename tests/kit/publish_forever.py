"""Publish one field after another until killed: ``python publish_forever.py SITE FIRST``."""

import sys
from itertools import count
from pathlib import Path

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


def main(site: str, first: int) -> None:
    """Publish for ever."""
    platform = build_platform(load_settings(Path(site)))
    print("ready", flush=True)  # noqa: T201
    for number in count(first):
        publish_documents(platform, DOCUMENT.format(number))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
