"""Doors through which records of the past come in: they say how it was, not how it should be."""

from typing import Final

HISTORIC_DOORS: Final = frozenset({"import", "seed", "cli"})
