"""Sites from templates: each is made once per session and kind of database, then copied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


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

    def copy_to(self, url: str, recipe: SiteRecipe) -> None:
        """Fill the database at ``url`` with a copy of the prepared one."""
        from loopline.store.copies import copy_database

        wanted = (url.partition(":")[0], recipe)
        if wanted not in self._known:
            self._known[wanted] = self._make(url, recipe)
        copy_database(self._known[wanted], url)

    def _make(self, beside: str, recipe: SiteRecipe) -> str:
        from loopline.bootstrap import build_platform
        from loopline.settings import load_settings
        from loopline.sites import prepare
        from loopline.store.copies import create_database
        from loopline.testing.publishing import publish_documents

        folder = self._folders.mktemp("template")
        url = _template_url(beside, folder)
        recipe.write_settings(folder, url)
        create_database(url)
        platform = build_platform(load_settings(folder))
        prepare(platform, recipe.packs)
        if recipe.documents:
            publish_documents(platform, recipe.documents)
        platform.close()
        return url


def _template_url(url: str, folder: Path) -> str:
    """Answer the address of a new database on the same kind of server as ``url``."""
    if url.startswith("sqlite"):
        return f"sqlite:///{folder / 'loopline.db'}"
    server, sign, options = url.partition("?")
    return f"{server.rpartition('/')[0]}/template_{uuid4().hex[:12]}{sign}{options}"
