"""The demo's folder: what is a demo is made anew when that is asked for, what is none is kept."""

import socket
from pathlib import Path

import pytest

from loopline.cli.demo import take_away
from loopline.errors import Conflict


def test_a_demo_is_taken_away(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "site.toml").touch()
    (folder / "demo.ready").touch()
    take_away(folder)
    assert not folder.exists()


def test_a_site_that_is_no_demo_is_kept(tmp_path: Path) -> None:
    (tmp_path / "site.toml").touch()
    with pytest.raises(Conflict, match=r"demo\.other_site"):
        take_away(tmp_path)
    assert (tmp_path / "site.toml").exists()


def test_a_taken_port_is_told_before_anything_is_made_or_printed(run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = run("demo", "--dir", tmp_path / "demo", "--port", port)
    assert (told.exit_code, told.stdout) == (1, "")
    assert "--port N, or PORT=N make demo" in told.stderr
    assert not (tmp_path / "demo").exists()
