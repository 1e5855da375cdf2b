"""``loopline``: the command that leads to all others."""

from pathlib import Path
from typing import Final

import click

from loopline import __version__
from loopline.cli.access import access
from loopline.cli.assets import assets
from loopline.cli.backup import backup, restore
from loopline.cli.demo import demo
from loopline.cli.doctor import doctor
from loopline.cli.exports import export_command
from loopline.cli.import_undo import import_undo
from loopline.cli.imports import import_command, import_resume
from loopline.cli.jobs import job, webhook
from loopline.cli.mail import mail
from loopline.cli.memory import collect_seldom
from loopline.cli.metadata import metadata
from loopline.cli.people import token, user
from loopline.cli.plugin_commands import asked_site, commands_of_plugins
from loopline.cli.plugins import plugin
from loopline.cli.serving import serve, worker
from loopline.cli.site import init, upgrade

_SITE: Final = "loopline.site"


class Commands(click.Group):
    """The kernel's commands, and behind them those of plugins, looked for only when needed."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Answer a command by name."""
        found = super().get_command(ctx, cmd_name)
        return found or commands_of_plugins(_site(ctx), self.commands).get(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Answer the command that the words name, among those of the site that they name too."""
        ctx.meta[_SITE] = asked_site(args)
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Answer the names of all commands."""
        return sorted({*self.commands, *commands_of_plugins(_site(ctx), self.commands)})


def _site(ctx: click.Context) -> Path:
    found = ctx.meta.get(_SITE)
    return found if isinstance(found, Path) else asked_site(())


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="loopline")
def main() -> None:
    """Loopline, the low-code CRM platform."""
    collect_seldom()


for command in (
    init,
    demo,
    serve,
    worker,
    import_command,
    import_resume,
    import_undo,
    export_command,
    metadata,
    plugin,
    user,
    token,
    access,
    job,
    webhook,
    mail,
    backup,
    restore,
    upgrade,
    doctor,
    assets,
):
    main.add_command(command)
