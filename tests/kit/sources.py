"""What stands in the tree: files that git knows or would take, packages, string literals."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
KERNEL = ROOT / "core" / "loopline"
PLUGINS = tuple(sorted(path for path in (ROOT / "plugins").iterdir() if path.is_dir()))
PACKAGES = (
    KERNEL,
    ROOT / "metadata" / "loopline_metadata",
    *(plugin / f"loopline_{plugin.name}" for plugin in PLUGINS),
)


@cache
def project_files() -> tuple[Path, ...]:
    """Answer every file that is committed or would be, relative to the root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    named = (Path(name) for name in listed.split("\0") if name)
    return tuple(sorted({path for path in named if (ROOT / path).is_file()}))


def python_files(folder: Path) -> tuple[Path, ...]:
    """Answer the Python files under a folder."""
    return tuple(
        ROOT / path
        for path in project_files()
        if path.suffix == ".py" and (ROOT / path).is_relative_to(folder)
    )


@cache
def tree_of(file: Path) -> ast.Module:
    """Answer the syntax tree of a file."""
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def literals(file: Path) -> Iterator[tuple[int, str]]:
    """Yield line and text of each string literal that is no docstring."""
    tree = tree_of(file)
    spoken = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in spoken
        ):
            yield node.lineno, node.value
