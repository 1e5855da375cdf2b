"""Sites from templates: each is made once per session and kind of database, then copied.

A site with documents of its own grows out of a copy of the one without. The release of a template
is read once; platforms on its copies begin with what was read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from uuid import uuid4

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from loopline.access.passwords import Passwords
    from loopline.bootstrap import Platform
    from loopline.clock import Clock
    from loopline.store.snapshot import Snapshot

_MOST_GROWN: Final = 12
"""Templates with documents of their own that are kept at a time; each takes some megabytes."""


@dataclass(frozen=True, slots=True)
class SiteRecipe:
    """What a site is made of: the plugins it must not see, its packs, its own documents."""

    blocked: frozenset[str]
    packs: tuple[str, ...]
    documents: str

    def write_settings(self, folder: Path, url: str) -> None:
        """Make the site's folder around a database."""
        from loopline.settings import write_settings

        for below in ("files", "backups", "plugins"):
            (folder / below).mkdir(parents=True)
        plugins = {"blocked": ",".join(sorted(self.blocked))}
        write_settings(folder, {"database": {"url": url}, "plugins": plugins})


class SiteTemplates:
    """The databases that were prepared in this session, by kind and recipe."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders = folders
        self._known: dict[tuple[str, SiteRecipe], str] = {}
        self._snapshots: dict[str, Snapshot] = {}
        self._copies: dict[str, str] = {}

    def copy_to(self, url: str, recipe: SiteRecipe) -> None:
        """Fill the database at ``url`` with a copy of the prepared one."""
        from loopline.store.copies import copy_database

        wanted = (url.partition(":")[0], recipe)
        template = self._known.pop(wanted, None) or self._make(url, recipe)
        self._known[wanted] = template  # the newest stands last
        self._copies[url] = template
        copy_database(template, url)
        self._forget()

    def _forget(self) -> None:
        """Drop what was not asked for lately: the tests of one file stand together."""
        from loopline.store.copies import drop_database

        grown = [one for one in self._known if one[1].documents]
        for one in grown[:-_MOST_GROWN]:
            url = self._known.pop(one)
            del self._snapshots[url]
            drop_database(url)

    def open(self, folder: Path, clock: Clock | None = None) -> Platform:
        """Open a site; passwords cost next to nothing on it.

        On a copy of a template its platform begins with the template's snapshot, which counts as
        long as the head is that release.
        """
        from loopline.bootstrap import build_platform
        from loopline.settings import load_settings

        platform = build_platform(load_settings(folder), clock)
        platform.passwords = cheap_passwords()
        template = self._copies.get(platform.settings.database_url, "")
        known = self._snapshots.get(template)
        if known is not None:
            platform.adopt(known.twin())
        return platform

    def _make(self, beside: str, recipe: SiteRecipe) -> str:
        from loopline.bootstrap import build_platform
        from loopline.settings import load_settings
        from loopline.sites import prepare
        from loopline.store.copies import create_database
        from loopline.testing.publishing import publish_documents

        folder = self._folders.mktemp("template")
        url = _template_url(beside, folder)
        recipe.write_settings(folder, url)
        if recipe.documents:
            self.copy_to(url, replace(recipe, documents=""))
        else:
            create_database(url)
        platform = build_platform(load_settings(folder))
        if recipe.documents:
            publish_documents(platform, recipe.documents)
        else:
            prepare(platform, recipe.packs)
        platform.close()
        fresh = build_platform(load_settings(folder))
        with fresh.read() as ctx:
            self._snapshots[url] = ctx.snapshot
        fresh.close()
        return url


def cheap_passwords() -> Passwords:
    """Answer a hasher that does as little work as argon2 allows."""
    from argon2 import PasswordHasher

    from loopline.access.passwords import Passwords

    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def _template_url(url: str, folder: Path) -> str:
    """Answer the address of a new database on the same kind of server as ``url``."""
    if url.startswith("sqlite"):
        return f"sqlite:///{folder / 'loopline.db'}"
    server, sign, options = url.partition("?")
    return f"{server.rpartition('/')[0]}/template_{uuid4().hex[:12]}{sign}{options}"
