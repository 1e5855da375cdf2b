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
