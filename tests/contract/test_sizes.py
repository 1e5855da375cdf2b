"""A file fits in the head, a function on one screen; exceptions are written down with a reason."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from kit.sources import ROOT, project_files, tree_of

FILE_LINES = 400
FUNCTION_LINES = 50
EXCEPTIONS = tomllib.loads(Path(__file__).with_name("exceptions.toml").read_text(encoding="utf-8"))
SOURCES = tuple(path for path in project_files() if path.suffix == ".py")


def _long_files() -> Iterator[str]:
    for path in SOURCES:
        if len((ROOT / path).read_text(encoding="utf-8").splitlines()) > FILE_LINES:
            yield str(path)


def _long_functions() -> Iterator[str]:
    for path in SOURCES:
        for node in ast.walk(tree_of(ROOT / path)):
            if isinstance(node, ast.FunctionDef) and _length(node) > FUNCTION_LINES:
                yield f"{path}::{node.name}"


def _length(node: ast.FunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_is_longer_than_allowed() -> None:
    assert set(_long_files()) == set(EXCEPTIONS["files"])


def test_no_function_is_longer_than_allowed() -> None:
    assert set(_long_functions()) == set(EXCEPTIONS["functions"])


def test_each_exception_has_a_reason() -> None:
    reasons = [*EXCEPTIONS["files"].values(), *EXCEPTIONS["functions"].values()]
    assert all(len(reason) > 10 for reason in reasons)
