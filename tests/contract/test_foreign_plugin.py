"""A plugin built and installed outside the tree: a field, an action, a step, a page, a widget."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kit.sources import ROOT

PROJECT = ROOT / "tests" / "dummy_plugin"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a copy of the plugin's project as a wheel and install it into a folder."""
    project = tmp_path_factory.mktemp("foreign") / "acme"
    shutil.copytree(PROJECT, project)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "made"]
    subprocess.run(build, cwd=project, check=True, capture_output=True)
    (wheel,) = (project / "made").glob("*.whl")
    target = project.parent / "site-packages"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target"]
    subprocess.run([*pip, str(target), str(wheel)], check=True, capture_output=True)
    return target


@pytest.mark.timeout(120)
def test_a_plugin_of_somebody_else_joins_in_for_those_whose_role_says_so(
    installed: Path, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, str(PROJECT / "visit.py"), str(tmp_path / "site")],
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["acme_fitter"] == {
        "field": True,
        "described": True,
        "action": 200,
        "size": 55,
        "submitted": 200,
        "decided": ["rejected"],
        "page": 200,
        "drawn": True,
        "widget": True,
        "refused": False,
    }
    assert seen["acme_clerk"] == {
        "field": False,
        "described": False,
        "action": 403,
        "size": None,
        "submitted": 422,
        "decided": [],
        "page": 403,
        "drawn": False,
        "widget": False,
        "refused": True,
    }
    assert seen["disabled"] == 404
