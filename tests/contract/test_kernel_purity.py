"""The kernel knows entities, not customers: no bundled id said, no plugin needed."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from kit.sources import KERNEL, PACKAGES, ROOT, literals, python_files

WORDS = tomllib.loads(Path(__file__).with_name("kernel_words.toml").read_text(encoding="utf-8"))
KERNEL_TESTS = ("calendars", "expr", "fields", "meta", "store", "query", "access", "jobs")
"""Folders that need no plugin; of hooks, whose tests grow one each, only what finds them."""


def _declared_ids() -> set[str]:
    return {str(one["id"]) for one in _documents()} - set(WORDS["words"])


def _documents() -> Iterator[dict]:
    yaml = YAML(typ="safe")
    for package in PACKAGES[1:]:
        for file in package.rglob("*.yaml"):
            for one in yaml.load_all(file.read_text(encoding="utf-8")):
                if isinstance(one, dict) and {"kind", "id"} <= one.keys():
                    yield one


def test_no_bundled_id_is_spoken_in_the_kernel() -> None:
    declared = _declared_ids()
    spoken = [
        f"{file.relative_to(ROOT)}:{line} {text!r}"
        for file in python_files(KERNEL)
        for line, text in literals(file)
        if text in declared
    ]
    assert spoken == []


@pytest.mark.timeout(900)
def test_the_kernel_passes_with_every_plugin_blocked() -> None:
    folders = [f"tests/{name}" for name in KERNEL_TESTS if (ROOT / "tests" / name).is_dir()]
    folders.append("tests/hooks/test_manager.py")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider"]
    blocked = {
        "LOOPLINE_PLUGINS_BLOCKED": "*",
        "LOOPLINE_KERNEL_GUARD": "1",
        "LOOPLINE_TEST_PROFILE": "quick",
    }
    one_database = ["-k", "not postgresql"]  # what is imported does not depend on it
    done = subprocess.run(
        [*command, *one_database, *folders],
        cwd=ROOT,
        env=os.environ | blocked,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
