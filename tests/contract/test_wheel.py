"""What is installed from the wheel is what stands in the tree, and it starts in an empty place."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from kit.sources import PACKAGES, ROOT, project_files

BUILT = (
    ROOT / "core/loopline/web/static/vendor",
    ROOT / "metadata/loopline_metadata/base/generated",
    ROOT / "plugins/reports/loopline_reports/static/vendor",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel once."""
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (made,) = target.glob("*.whl")
    return made


def _files_in_tree() -> set[str]:
    committed = [ROOT / path for path in project_files()]
    built = [file for folder in BUILT for file in folder.rglob("*") if file.is_file()]
    return {
        (Path(package.name) / file.relative_to(package)).as_posix()
        for package in PACKAGES
        for file in (*committed, *built)
        if file.is_relative_to(package)
    }


def test_the_wheel_holds_the_files_of_the_tree(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        held = {name for name in packed.namelist() if ".dist-info/" not in name}
    assert held == _files_in_tree()


def test_the_built_assets_travel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        held = set(packed.namelist())
    assert "loopline/web/static/vendor/htmx.min.js" in held
    assert "loopline_metadata/base/generated/regions.json" in held


@pytest.mark.timeout(300)
def test_the_wheel_starts_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env")
    programs = tmp_path / "env" / "bin"
    pip = [sys.executable, "-m", "pip", "--python", programs / "python", "--quiet"]
    asked = ["install", "--disable-pip-version-check", "--no-compile", wheel]
    pinned = os.environ | {"PIP_CONSTRAINT": str(ROOT / "constraints.txt")}
    subprocess.run([*pip, *asked], check=True, cwd=tmp_path, env=pinned)
    clean = {name: text for name, text in os.environ.items() if not name.startswith("LOOPLINE_")}
    done = subprocess.run(
        [programs / "loopline", "demo", "--check", "--dir", tmp_path / "site"],
        cwd=tmp_path,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
