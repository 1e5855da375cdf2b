"""Installing third-party files: what is copied, what is built, what is said when npm fails."""

import json
from pathlib import Path

import pytest

from loopline.errors import Unavailable
from loopline.web.asset_files import AssetList, find_asset_lists, install, read_asset_list

FAKE_NPM = """#!/bin/sh
mkdir -p node_modules/lib && echo "let a" > node_modules/lib/lib.js
"""


@pytest.fixture
def npm(tmp_path: Path) -> Path:
    program = tmp_path / "npm"
    program.write_text(FAKE_NPM, encoding="utf-8")
    program.chmod(0o755)
    return program


@pytest.fixture
def wanted(tmp_path: Path) -> AssetList:
    source = tmp_path / "pack" / "assets"
    source.mkdir(parents=True)
    asked = {"copy": {"lib/lib.js": "static/lib.js"}}
    (source / "package.json").write_text(json.dumps({"loopline": asked}), encoding="utf-8")
    (source / "package-lock.json").touch()
    (source / ".npmrc").touch()
    return read_asset_list(source.parent)


def test_a_listed_file_is_copied_to_its_place(npm: Path, wanted: AssetList) -> None:
    (made,) = install(wanted, npm=npm)
    assert made.read_text(encoding="utf-8") == "let a\n"


def test_a_listed_function_builds_its_file(npm: Path, wanted: AssetList) -> None:
    package = wanted.source / "package.json"
    asked = {"build": {"made": {"package": "lib", "by": "shutil:copytree"}}}
    package.write_text(json.dumps({"loopline": asked}), encoding="utf-8")
    (made,) = install(read_asset_list(wanted.folder), npm=npm)
    assert (made / "lib.js").exists()


def test_what_is_there_and_newer_is_current(npm: Path, wanted: AssetList) -> None:
    assert not wanted.is_current()
    install(wanted, npm=npm)
    assert wanted.is_current()


def test_a_failing_npm_is_quoted(npm: Path, wanted: AssetList) -> None:
    npm.write_text("#!/bin/sh\necho no such version >&2; exit 1\n", encoding="utf-8")
    with pytest.raises(Unavailable) as refused:
        install(wanted, npm=npm)
    assert refused.value.key == "assets.npm_failed"
    assert "no such version" in str(refused.value)


def test_the_kernel_and_installed_plugins_are_found() -> None:
    targets = {path.name for one in find_asset_lists() for path in one.targets}
    assert targets == {
        "htmx.min.js",
        "htmx.LICENSE",
        "sortable.min.js",
        "sortable.LICENSE",
        "regions.json",
        "echarts.min.js",
        "echarts.LICENSE",
        "echarts.NOTICE",
    }
