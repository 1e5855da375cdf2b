"""Versions that a plugin requires, of Loopline and of other plugins."""

from collections.abc import Iterator, Mapping
from typing import Final

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from loopline.errors import Problem

ITSELF: Final = "loopline"
"""The name under which the kernel is required."""


def unreadable_ranges(requires: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each range of versions (PEP 440) that cannot be read."""
    for name, text in requires.items():
        try:
            SpecifierSet(text)
        except InvalidSpecifier:
            yield Problem(f"requires.{name}", "pack.range", {"range": text})


def unfit_versions(requires: Mapping[str, str], versions: Mapping[str, str]) -> Iterator[str]:
    """Yield why versions do not fit what is required, in ranges that can be read."""
    for name, text in requires.items():
        if name not in versions:
            yield f"requires {name} {text}, which is not available"
        elif not lies_in(versions[name], SpecifierSet(text)):
            yield f"requires {name} {text}, and here it is {versions[name]}"


def lies_in(version: str, wanted: SpecifierSet) -> bool:
    """Whether a version lies in a range; one that cannot be read lies only in the open range."""
    try:
        return wanted.contains(Version(version), prereleases=True)
    except InvalidVersion:
        return not str(wanted)
