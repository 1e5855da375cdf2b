"""``loopline demo``: a living company in one command."""

import tempfile
import threading
import time
import urllib.request
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from importlib import import_module
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import click
import uvicorn
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from loopline.access.accounts import find_user, set_credentials
from loopline.bootstrap import Platform, build_platform
from loopline.cli.options import DEMO, refusals
from loopline.cli.serving import PORT, require_free, serve_platform
from loopline.clock import Clock, FixedClock, SystemClock
from loopline.errors import Conflict, Unavailable
from loopline.hooks.declare import SeedContext
from loopline.meta.schemas import Schemas
from loopline.services.imports.request import ImportOptions, ImportReport, ImportRequest
from loopline.services.imports.run import run
from loopline.services.imports.start import start
from loopline.services.people import give_roles
from loopline.services.sources import Demo, DemoFile, read_demo
from loopline.settings import FILE, load_settings
from loopline.sites import SEED, NewSite, create_site, load_seeds, tell_chronicle
from loopline.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable

PASSWORD: Final = "loopline-demo"  # noqa: S105 printed for everybody: a demo keeps no secrets
_READY: Final = "demo.ready"
_MAKING: Final = "demo.making"
"""Files that say how far a demo is, and on which day it was made."""
_YEAR: Final = timedelta(days=367)


@click.command()
@click.option("--dir", "folder", type=click.Path(path_type=Path, file_okay=False), default=DEMO)
@click.option("--industry", "pack", default="equipment", show_default=True, help="A demo pack.")
@click.option("--port", type=PORT, default=8000, show_default=True)
@click.option("--refresh", is_flag=True, help="Make the demo anew, with a year up to today.")
@click.option("--check", is_flag=True, help="Start, load the home page, stop.")
def demo(folder: Path, pack: str, port: int, *, refresh: bool, check: bool) -> None:
    """Create the demo site where there is none, and serve it."""
    out = Console()
    with refusals():
        said = read_demo(pack, Schemas())
        _require_port(port)
        if refresh:
            take_away(folder)
        platform = open_demo(folder, pack, said, out)
        try:
            if check:
                out.print(f"home page: {load_home(platform, port)}")
                return
            out.print(f"\n[bold]http://127.0.0.1:{port}[/bold]")
            for login in said.logins:
                out.print(f"  {login.role:14} {login.email}   {PASSWORD}")
            serve_platform(platform, "127.0.0.1", port, worker=True)
        finally:
            platform.close()


def _require_port(port: int) -> None:
    """Raise Unavailable where something else listens on the port, before anything is made."""
    try:
        require_free("127.0.0.1", port)
    except Unavailable as error:
        raise Unavailable(code="demo.port", **error.params) from None


def take_away(folder: Path) -> None:
    """Remove a demo with all that was done in it. Raises Conflict for a site that is none."""
    if (folder / FILE).exists() and not any((folder / one).exists() for one in (_READY, _MAKING)):
        raise Conflict(code="demo.other_site", folder=str(folder))
    if folder.exists():
        rmtree(folder)


def open_demo(folder: Path, pack: str, said: Demo, out: Console) -> Platform:
    """Open the demo in a folder; make it first, or anew where making it was cut short."""
    today = date.today().isoformat()  # noqa: DTZ011 the day on the wall of whoever reads it
    if (folder / _READY).is_file():
        ended = (folder / _READY).read_text("utf-8").strip()
        if ended not in {"", today}:
            out.print(f"this company's year ends on {ended}; --refresh makes one up to today")
        platform = build_platform(load_settings(folder))
        platform.migrate()
        return platform
    if (folder / _MAKING).exists():
        rmtree(folder)
    began = time.monotonic()
    out.print(f"making the demo of {said.site.to('en')} ({said.site.to('zh')}) in {folder}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MAKING).write_text(today, "utf-8")
    make_demo(folder, pack, said, SystemClock(), out)
    (folder / _MAKING).rename(folder / _READY)
    out.print(f"made in {time.monotonic() - began:.0f} s")
    return build_platform(load_settings(folder))


def make_demo(folder: Path, pack: str, said: Demo, now: Clock, out: Console) -> None:
    """Make a site, and let its company live through a year that ends as today begins."""
    new = NewSite(folder=folder, name=said.site.to("zh"), packs=(pack, *said.packs))
    today = now.now()
    clock = FixedClock(today - _YEAR)
    platform = create_site(new, clock)
    try:
        morning = start_of_day(today, platform.settings.zone)
        context = SeedContext(now=morning, seed=SEED, language=platform.settings.language)
        _fill(platform, context, out)
        let_in(platform, said)
        if said.chronicle:
            _tell_past(platform, clock, said.chronicle, context, out)
        clock.at = today
        for file in said.files:
            _tell(_import_file(platform, file), out)
        platform.worker().run_due()
    finally:
        platform.close()


def start_of_day(moment: datetime, zone: str) -> datetime:
    """Answer when the day of a moment began in a zone, in UTC."""
    local = moment.astimezone(ZoneInfo(zone))
    return datetime.combine(local.date(), clock_time(), ZoneInfo(zone)).astimezone(UTC)


def _tell_past(
    platform: Platform, clock: FixedClock, build: str, context: SeedContext, out: Console
) -> None:
    """Tell what the company went through, with the day on the screen."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=out) as progress:
        task = progress.add_task("chronicle", total=None)

        def told(day: str, count: int) -> None:
            progress.update(task, description=f"{day}: {count}")

        counts = tell_chronicle(platform, clock, build, context, told)
    out.print(", ".join(f"{count} {entity}" for entity, count in counts.items()))


def _fill(platform: Platform, context: SeedContext, out: Console) -> None:
    """Load all seeds, counting on the screen."""
    counts: dict[str, int] = {}
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=out) as progress:
        task = progress.add_task("records", total=None)

        def told(entity: str, created: int) -> None:
            counts[entity] = counts.get(entity, 0) + created
            progress.update(task, description=f"{entity}: {counts[entity]}")

        total = load_seeds(platform, demo=True, context=context, progress=told)
        progress.update(task, description=f"{total} records")
    out.print(", ".join(f"{count} {entity}" for entity, count in counts.items()))


def let_in(platform: Platform, said: Demo) -> None:
    """Let people sign in, and give everybody their roles."""
    hashed = platform.passwords.hash(PASSWORD)
    with platform.write(via="cli") as ctx:
        for login in said.logins:
            user = find_user(ctx.connection, ctx.snapshot.table("user"), login.email)
            if user is not None:
                set_credentials(
                    ctx.connection, user, hashed, ctx.now, administrator=login.administrator
                )
                give_roles(ctx, user, login.roles)
        for email, roles in said.holders:
            user = find_user(ctx.connection, ctx.snapshot.table("user"), email)
            if user is not None:
                give_roles(ctx, user, roles)


def _import_file(platform: Platform, file: DemoFile) -> ImportReport:
    """Generate a file as it would come in, and import it like any other.

    Beside the function that writes it, ``MAPPING`` may hold the text of a mapping file.
    """
    name, _, function = file.build.partition(":")
    module = import_module(name)
    build: Callable[[Path, SeedContext], Path] = getattr(module, function)
    options = ImportOptions(mapping=getattr(module, "MAPPING", ""))
    with tempfile.TemporaryDirectory() as folder:
        now, language = platform.clock.now(), platform.settings.language
        context = SeedContext(now=now, seed=7, language=language)
        content = build(Path(folder) / file.name, context)
        request = ImportRequest(
            entity=file.entity, file_name=file.name, content=content, options=options
        )
        with platform.write(via="import") as ctx:
            import_id = start(ctx, request, platform.settings.files)
    return run(platform.open_as, platform.settings.files, import_id)


def _tell(report: ImportReport, out: Console) -> None:
    out.print(
        f"imported {report.file_name}: {report.created} created, {report.updated} updated, "
        f"{report.skipped} skipped, {report.failed} refused (import {report.id})"
    )


def load_home(platform: Platform, port: int) -> str:
    """Serve in a thread, load the home page, stop; answer its first line. Raises Unavailable."""
    require_free("127.0.0.1", port)
    config = uvicorn.Config(create_app(platform), host="127.0.0.1", port=port, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        return _fetch(f"http://127.0.0.1:{port}/")
    finally:
        server.should_exit = True
        thread.join(timeout=10)


def _fetch(address: str) -> str:
    for _ in range(100):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 loopback http
                return f"{answer.status}, {len(answer.read())} bytes"
        except OSError:
            time.sleep(0.1)
    raise Unavailable(code="demo.no_answer", address=address)
