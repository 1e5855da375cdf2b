"""The shelves stay clean: nothing stray at the top, one importable package on each."""

import ast
import re

import pytest

from kit.sources import PACKAGES, PLUGINS, ROOT, project_files, python_files, tree_of

TOP = {
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "README.zh-CN.md",
    "conftest.py",
    "constraints.txt",
    "core",
    "docs",
    "metadata",
    "plugins",
    "pyproject.toml",
    "tests",
}
VAGUE_MODULES = {"utils", "util", "helpers", "helper", "misc", "common", "extras"}
VAGUE_CLASS = re.compile(r"\w*(Manager|Helper|Utils?)")


def _entries(shelf: str) -> set[str]:
    depth = len(shelf.split("/")) if shelf else 0
    return {path.parts[depth] for path in project_files() if path.as_posix().startswith(shelf)}


def test_nothing_stray_at_the_top() -> None:
    assert _entries("") == TOP


def test_one_package_on_the_shelves_of_kernel_and_metadata() -> None:
    assert _entries("core") == {"loopline"}
    assert _entries("metadata") <= {"loopline_metadata", "tests"}


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: path.name)
def test_every_plugin_has_the_same_shape(plugin) -> None:
    package = f"loopline_{plugin.name}"
    found = _entries(f"plugins/{plugin.name}")
    assert {"README.md", package} <= found <= {"README.md", package, "tests"}
    assert (plugin / package / "plugin.json").is_file()
    assert (plugin / package / "plugin.py").is_file()
    assert (plugin / package / "__init__.py").is_file()


def test_no_packages_under_tests() -> None:
    folders = ("tests", "plugins")
    found = [
        path
        for path in project_files()
        if path.name == "__init__.py" and "tests" in path.parts and "dummy_plugin" not in path.parts
    ]  # the dummy is a project of its own, which tests build and install
    assert [path for path in found if path.parts[0] in folders] == []


def test_no_vague_module_names() -> None:
    names = {path.relative_to(ROOT): path.stem for one in PACKAGES for path in python_files(one)}
    folders = {path.parent.name for one in PACKAGES for path in python_files(one)}
    assert [str(path) for path, name in names.items() if name in VAGUE_MODULES] == []
    assert folders & VAGUE_MODULES == set()


def test_no_vague_class_names() -> None:
    classes = [
        f"{file.relative_to(ROOT)}: {node.name}"
        for package in PACKAGES
        for file in python_files(package)
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.ClassDef) and VAGUE_CLASS.fullmatch(node.name)
    ]
    assert classes == []
