"""A kernel site that grows a plugin: one file in its folder, written by the test."""

import json
from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from pathlib import Path
from textwrap import dedent

import pytest
from starlette.testclient import TestClient

from kit.kernel_site import site_documents
from loopline.access.tokens import create_token
from loopline.bootstrap import Platform
from loopline.hooks.manifest import PLUGIN_GROUP
from loopline.services.plugin_states import enable
from loopline.testing.templates import SiteTemplates
from loopline.web.app import create_app

__all__ = ["site_documents"]
HEAD = "from loopline.sdk import *\n"
Grow = Callable[..., Platform]


@pytest.fixture
def blocked_plugins() -> frozenset[str]:
    """Answer every plugin that is installed, so that the test's own stands alone."""
    return frozenset(one.name for one in entry_points(group=PLUGIN_GROUP))


@pytest.fixture
def grow(site: Path, clock, site_templates: SiteTemplates) -> Iterator[Grow]:
    """Answer what writes a plugin into the site, starts a platform, and enables it."""
    opened: list[Platform] = []

    def make(code: str, name: str = "acme", *, enabled: bool = True, **manifest) -> Platform:
        folder = site / "plugins"
        folder.mkdir(exist_ok=True)
        words = {"id": name, "title": name, "version": "1", **manifest}
        (folder / f"{name}.json").write_text(json.dumps(words), encoding="utf-8")
        (folder / f"{name}.py").write_text(HEAD + dedent(code), encoding="utf-8")
        platform = site_templates.open(site, clock)
        opened.append(platform)
        if enabled:
            with platform.write() as ctx:
                enable(ctx, platform.shelf, name)
        return platform

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def ask(clock) -> Callable:
    """Answer what sends a request to a platform as somebody with a role."""

    def send(platform: Platform, method: str, path: str, *, roles=("staff",), **given):
        from loopline.sites import add_user

        email = f"{'-'.join(roles) or 'nobody'}@example.com"
        with platform.write() as ctx:
            found = ctx.connection.execute(ctx.snapshot.table("user").table.select()).all()
        held = next((row.id for row in found if row.email == email), None)
        administrator = "admin" in roles
        user = held or add_user(
            platform,
            email,
            "Ada",
            None,
            administrator=administrator,
            roles=[role for role in roles if role != "admin"],
        )
        scopes = frozenset({"read", "write", "metadata"})
        with platform.write() as ctx:
            token = create_token(ctx.connection, user, scopes, ctx.now)
        headers = {"authorization": f"Bearer {token}", "accept-language": "en"}
        with TestClient(create_app(platform), base_url="http://localhost") as client:
            return client.request(method, f"/api/v1{path}", headers=headers, **given)

    return send
