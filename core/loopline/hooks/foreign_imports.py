"""What a plugin imports of Loopline besides what is open to it, told without running it."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

OPEN: Final = frozenset({"loopline.sdk", "loopline.testing"})


def foreign_imports(file: Path) -> Iterator[tuple[int, str]]:
    """Yield line and module of each import that is not open to plugins.

    A file that is no Python yields none: whoever imports it says so.
    """
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                modules = [one.name for one in names]
            case ast.ImportFrom(module=str(module), level=0, names=names):
                modules = [
                    f"{module}.{one.name}" if module == "loopline" else module for one in names
                ]
            case _:
                continue
        for name in dict.fromkeys(modules):
            if name.partition(".")[0] == "loopline" and name not in OPEN:
                yield node.lineno, name
