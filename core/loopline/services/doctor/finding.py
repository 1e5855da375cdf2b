"""A finding of the doctor."""

from dataclasses import dataclass
from typing import Literal

from loopline.errors import Problem

Area = Literal["settings", "database", "tables", "plugins", "jobs", "clocks", "files"]
Level = Literal["broken", "warning"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something that is broken, or that wants a look; the text of the problem says how to mend."""

    area: Area
    level: Level
    problem: Problem
