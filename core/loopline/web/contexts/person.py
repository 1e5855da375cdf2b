"""People as pages show them: a name behind a round letter of a steady colour."""

from dataclasses import dataclass, field
from zlib import crc32

from loopline.web.contexts.described import described

_LINES = ("leads", "pipeline", "contracts", "service", "loyalty", "reports")


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Someone's name with the letter and the line colour that stand for it."""

    name: str = field(metadata=described("The name as shown."))
    initial: str = field(metadata=described("The letter in the circle."))
    line: str = field(metadata=described("The line whose colour the circle has."))


def person(name: str) -> Person:
    """Answer the person called ``name``; the same name always has the same colour."""
    line = _LINES[crc32(name.encode()) % len(_LINES)]
    return Person(name=name, initial=name[:1].upper(), line=line)
