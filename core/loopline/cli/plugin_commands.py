"""Commands of plugins: of those that are installed, and of those that are one file in the site."""

import os
from collections.abc import Collection, Sequence
from pathlib import Path

import click

from loopline.cli.options import language
from loopline.errors import LooplineError
from loopline.hooks.manager import Plugins
from loopline.hooks.manifest import discover
from loopline.language import Messages
from loopline.meta.schemas import Schemas
from loopline.settings import load_settings


def commands_of_plugins(site: Path, taken: Collection[str]) -> dict[str, click.Command]:
    """Answer the commands of the plugins that a site has or could have, by name.

    Names in ``taken`` are left out and told on the error output, as are second ones.
    """
    found: dict[str, click.Command] = {}
    for plugin, commands in _plugins(site).commands.items():
        for command in commands:
            name = str(command.name)
            if name in taken or name in found:
                told = Messages().say("plugin.command_taken", language(), plugin=plugin, name=name)
                click.echo(told, err=True)
            else:
                found[name] = command
    return found


def asked_site(words: Sequence[str]) -> Path:
    """Answer the folder that ``--site`` names among the words of a command, else LOOPLINE_SITE."""
    following = [*words[1:], ""]
    for word, after in zip(words, following, strict=False):
        if word == "--site":
            return Path(after)
        if word.startswith("--site="):
            return Path(word.removeprefix("--site="))
    return Path(os.environ.get("LOOPLINE_SITE", ""))


def _plugins(site: Path) -> Plugins:
    """Answer the plugins of a site; where there is none, those that are installed."""
    try:
        blocked = load_settings(site).blocked_plugins
    except LooplineError:
        return Plugins(discover(Schemas()), language())
    return Plugins(discover(Schemas(), blocked, site / "plugins"), language())
