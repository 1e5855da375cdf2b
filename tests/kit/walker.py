"""Somebody who follows a page of the documentation, at a terminal and at a browser."""

import shlex
from collections.abc import Iterable
from contextlib import ExitStack, chdir
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from click.testing import CliRunner
from starlette.testclient import TestClient

from kit.walking import LookAt, RunCommands, Step, WriteFile
from loopline.cli.main import main
from loopline.services.plugin_context import plugin_context
from loopline.sites import add_user
from loopline.testing.templates import SiteTemplates
from loopline.web.app import create_app
from web.visitor import PASSWORD, Visitor

_EMAIL: Final = "ann@example.com"
_SIGNED_IN: Final = 200


@dataclass(frozen=True, slots=True)
class Printed:
    """What commands were to print, what they printed, and how each ended."""

    shown: tuple[str, ...]
    out: str
    codes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page was to show, and what came."""

    address: str
    words: tuple[str, ...]
    status: int
    text: str


@dataclass
class Walker:
    """Follows steps in a folder with the site ``var/demo``; ``make demo`` opens it anew."""

    folder: Path
    language: str
    templates: SiteTemplates
    printed: list[Printed] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    _open: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        """Start the demo, and become an administrator of it."""
        self.serve()
        add_user(self.platform, _EMAIL, "Ann", PASSWORD, administrator=True)

    def serve(self) -> None:
        """Start the demo again; code of plugins is read anew."""
        self.close()
        self.platform = self.templates.open(self.folder / "var" / "demo")
        self._open.callback(self.platform.close)
        client = TestClient(create_app(self.platform), base_url="http://localhost")
        self._visitor = Visitor(self._open.enter_context(client))

    def close(self) -> None:
        """Stop the demo."""
        self._open.close()

    def follow(self, told: Iterable[Step]) -> None:
        """Do what is told, in order."""
        for one in told:
            match one:
                case WriteFile():
                    self._write(one)
                case RunCommands():
                    self._run(one)
                case LookAt():
                    self._look(one)

    def submit(self, plugin: str, name: str, **values: str) -> str:
        """Give the lead of a name values and submit it; answer what came of its approval."""
        with self.platform.write() as whole:
            ctx = plugin_context(whole, plugin)
            (lead,) = ctx.find("lead", f'name == "{name}"')
            ctx.update("lead", lead.id, values)
            ctx.approvals.submit("lead", lead.id)
            (told,) = ctx.approvals.of("lead", lead.id)
            return told.state

    def _write(self, file: WriteFile) -> None:
        path = self.folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")

    def _run(self, commands: RunCommands) -> None:
        results = []
        for line in commands.lines:
            program, *words = shlex.split(line)
            if program == "make":
                self.serve()
                continue
            with chdir(self.folder):
                results.append(CliRunner().invoke(main, words))
        out = "".join(one.output for one in results)
        codes = tuple(one.exit_code for one in results)
        self.printed.append(Printed(commands.shown, out, codes))

    def _look(self, at: LookAt) -> None:
        if self._visitor.get("/").status_code != _SIGNED_IN:
            self._visitor.sign_in(_EMAIL)
            self._visitor.send("/language", language=self.language)
        answer = self._visitor.get(at.address)
        self.seen.append(Seen(at.address, at.words, answer.status_code, answer.text))
