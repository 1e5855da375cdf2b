"""What a pack requires of the site it is applied to: Loopline and plugins, each of a version."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from loopline.errors import Problem
from loopline.hooks.versions import ITSELF, lies_in
from loopline.meta.release import KERNEL, Layer


def required(about: Mapping[str, object]) -> Mapping[str, str]:
    """Answer what ``pack.yaml`` requires: a version range (PEP 440) by name."""
    return cast("Mapping[str, str]", about.get("requires", {}))


def unreadable_ranges(about: Mapping[str, object]) -> Iterator[Problem]:
    """Yield a problem for each version range that cannot be read."""
    for name, text in required(about).items():
        try:
            SpecifierSet(text)
        except InvalidSpecifier:
            yield Problem(f"pack.yaml requires.{name}", "pack.range", {"range": text})


def unmet(pack: str, about: Mapping[str, object], layers: Sequence[Layer]) -> Iterator[Problem]:
    """Yield a problem for each plugin that is missing among layers, disabled or too old.

    ``about`` says what the pack called ``pack`` requires, in ranges that can be read.
    """
    present = dict(_versions(layers))
    for name, text in required(about).items():
        path, params = f"pack.yaml requires.{name}", {"pack": pack, "plugin": name, "range": text}
        if name not in present:
            yield Problem(path, "pack.plugin_missing", params)
        elif not lies_in(present[name], SpecifierSet(text)):
            params["version"] = present[name]
            yield _unfit(path, name, params)


def _unfit(path: str, name: str, params: Mapping[str, str]) -> Problem:
    if name == ITSELF:
        return Problem(path, "pack.loopline_unfit", params)
    return Problem(path, "pack.plugin_unfit", params)


def _versions(layers: Iterable[Layer]) -> Iterator[tuple[str, str]]:
    for one in layers:
        if one.name == KERNEL:
            yield ITSELF, one.version
        elif one.kind == "plugin" and one.enabled:
            yield one.name, one.version
