"""With LOOPLINE_KERNEL_GUARD=1: no plugin code runs, and of the metadata only schemas are read."""

import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest

from kit.sources import PACKAGES

METADATA, *PLUGIN_FOLDERS = map(str, PACKAGES[1:])
SCHEMAS = f"{METADATA}{os.sep}schemas"
PACKAGE_FILES = (f"{METADATA}{os.sep}__init__", f"{METADATA}{os.sep}__pycache__")


class PluginRefused(ImportError):
    """The kernel's own tests reached for a plugin."""


class _Refuser:
    """An import finder that refuses every loopline_* module but the folder of schemas."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.startswith("loopline_") and name != "loopline_metadata":
            raise PluginRefused(f"kernel test imports {name}")
        return None


def _refuse_reading(event: str, details: tuple[object, ...]) -> None:
    if event != "open" or not isinstance(details[0], str):
        return
    name = details[0]
    if name.startswith(METADATA) and not name.startswith((SCHEMAS, *PACKAGE_FILES)):
        raise PluginRefused(f"kernel test reads {name}")
    if name.startswith(tuple(PLUGIN_FOLDERS)):
        raise PluginRefused(f"kernel test reads {name}")


def pytest_configure(config: pytest.Config) -> None:
    """Put the guard up when it is asked for."""
    if os.environ.get("LOOPLINE_KERNEL_GUARD") == "1":
        sys.meta_path.insert(0, _Refuser())
        sys.addaudithook(_refuse_reading)
