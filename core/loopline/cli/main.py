"""``loopline``: the command that leads to all others."""

import click

from loopline import __version__
from loopline.cli.assets import assets
from loopline.cli.demo import demo
from loopline.cli.exports import export_command
from loopline.cli.imports import import_command, import_resume
from loopline.cli.metadata import metadata
from loopline.cli.people import token, user
from loopline.cli.plugins import plugin
from loopline.cli.serving import serve, worker
from loopline.cli.site import init, upgrade


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
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
    upgrade,
    assets,
):
    main.add_command(command)
