"""Every command takes ``--site``, also those that need none."""

from collections.abc import Iterator

import click
import pytest

from loopline.cli.main import main


def _commands(group: click.Group, names: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, (*names, name))
        else:
            yield (*names, name)


MAKES_ITS_OWN = {("init",), ("demo",), ("restore",)}
COMMANDS = sorted(set(_commands(main)) - MAKES_ITS_OWN)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_command_takes_a_site(run, words) -> None:
    assert "--site" in run(*words, "--help").stdout


def test_where_no_site_is_the_demo_is_named_if_there_is_one(run, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "loopline init, or name one: --site FOLDER" in run("metadata", "history").stderr
    demo = tmp_path / "var" / "demo"
    demo.mkdir(parents=True)
    (demo / "site.toml").touch()
    assert "add --site var/demo" in run("metadata", "history").stderr
