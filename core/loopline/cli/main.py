"""``loopline``: the command that leads to all others."""

import click

from loopline import __version__
from loopline.cli.access import access
from loopline.cli.assets import assets
from loopline.cli.demo import demo
from loopline.cli.exports import export_command
from loopline.cli.imports import import_command, import_resume
from loopline.cli.jobs import job, webhook
from loopline.cli.metadata import metadata
from loopline.cli.people import token, user
from loopline.cli.plugins import plugin
from loopline.cli.serving import serve, worker
from loopline.cli.site import init, upgrade
from loopline.hooks.manager import Plugins
from loopline.hooks.manifest import discover
from loopline.meta.schemas import Schemas


class Commands(click.Group):
    """The kernel's commands, and behind them those of plugins, looked for only when needed."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Answer a command by name."""
        return super().get_command(ctx, cmd_name) or _of_plugins().get(cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Answer the names of all commands."""
        return sorted({*super().list_commands(ctx), *_of_plugins()})


def _of_plugins() -> dict[str, click.Command]:
    plugins = Plugins(discover(Schemas()))
    return {str(command.name): command for found in plugins.commands.values() for command in found}


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="loopline")
def main() -> None:
    """Loopline, the low-code CRM platform."""


for command in (
    init,
    demo,
    serve,
    worker,
    import_command,
    import_resume,
    export_command,
    metadata,
    plugin,
    user,
    token,
    access,
    job,
    webhook,
    upgrade,
    assets,
):
    main.add_command(command)
