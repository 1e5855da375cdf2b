"""A page of the documentation as steps: files to write, commands to run, pages to look at.

A block belongs to a file where the words before it end with the file's name and a colon. A block
``text`` after commands shows lines of what they print. An address of the demo in a list, followed
by a colon, is a page that shows what stands in bold after it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Final

DEMO: Final = "http://127.0.0.1:8000"
_BLOCK: Final = r"^```(?P<language>\w+)\n(?P<body>.*?)^```$"
_LOOK: Final = rf"^- <{DEMO}(?P<address>[^>]+)>[:：](?P<said>[^\n]*)$"
_STEP: Final = re.compile(f"{_BLOCK}|{_LOOK}", re.S | re.M)
_FILE: Final = re.compile(r"`(?P<path>[\w./-]+\.\w+)`[:：]\s*\Z")


@dataclass(frozen=True, slots=True)
class WriteFile:
    """A file with its text, by its path below the working folder."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class RunCommands:
    """Lines of a shell, and the lines that they print among others."""

    lines: tuple[str, ...]
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LookAt:
    """An address of the site, and the words on its page."""

    address: str
    words: tuple[str, ...]


Step = WriteFile | RunCommands | LookAt


def steps(page: Path) -> Iterator[Step]:
    """Yield the steps of a page in order."""
    text = page.read_text(encoding="utf-8")
    found = list(_STEP.finditer(text))
    for one, after in zip_longest(found, found[1:]):
        if one["address"]:
            yield LookAt(one["address"], tuple(re.findall(r"\*\*(.+?)\*\*", one["said"])))
        elif named := _file(text, one):
            yield WriteFile(named, one["body"])
        elif one["language"] == "sh":
            shows = after and after["language"] == "text" and not _file(text, after)
            shown = after["body"] if after and shows else ""
            yield RunCommands(tuple(one["body"].splitlines()), tuple(shown.splitlines()))


def _file(text: str, block: re.Match[str]) -> str:
    """Answer the file that the words before a block name."""
    named = _FILE.search(text, 0, block.start())
    return named["path"] if named else ""
