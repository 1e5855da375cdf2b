"""The fixtures of the test kit.

Nothing of Loopline is imported before a fixture needs it: pytest loads this module in every run,
before coverage begins to measure.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import pytest

from loopline.testing.templates import SiteRecipe, SiteTemplates

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from starlette.testclient import TestClient

    from loopline.access.context import Actor
    from loopline.bootstrap import Platform
    from loopline.clock import FixedClock
    from loopline.store.rows import Record
    from loopline.testing.http_api import Api


class AsUser(Protocol):
    """Makes a user and answers them as an actor."""

    def __call__(
        self,
        name: str = "Ada",
        *,
        administrator: bool = False,
        roles: Collection[str] = ("staff",),
    ) -> Actor:
        """Make a user ``<name>@example.com`` who has no password."""
        ...


class MakeRecord(Protocol):
    """Makes a record."""

    def __call__(self, entity: str, /, **values: object) -> Record:
        """Create a record as the system. Raises NotValid."""
        ...


@pytest.fixture
def clock() -> FixedClock:
    """Answer a clock that stands at a Monday morning until it is moved."""
    from loopline.clock import FixedClock

    return FixedClock(datetime(2026, 1, 5, 1, 0, tzinfo=UTC))


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Answer the address of a SQLite file; override it to test on other databases."""
    return f"sqlite:///{tmp_path / 'loopline.db'}"


@pytest.fixture
def blocked_plugins() -> frozenset[str]:
    """Answer the plugins that the site must not see; ``*`` leaves the kernel alone."""
    return frozenset()


@pytest.fixture
def packs() -> tuple[str, ...]:
    """Answer the packs, by name or folder, that the site is made with."""
    return ()


@pytest.fixture
def site_documents() -> str:
    """Answer the YAML of the documents in the site's own layer."""
    return ""


@pytest.fixture(scope="session")
def site_templates(tmp_path_factory: pytest.TempPathFactory) -> SiteTemplates:
    """Answer the prepared databases of this session."""
    return SiteTemplates(tmp_path_factory)


@pytest.fixture
def recipe(
    blocked_plugins: frozenset[str], packs: tuple[str, ...], site_documents: str
) -> SiteRecipe:
    """Answer what the site of this test is made of."""
    return SiteRecipe(blocked_plugins, packs, site_documents)


@pytest.fixture
def site(
    tmp_path: Path, database_url: str, recipe: SiteRecipe, site_templates: SiteTemplates
) -> Path:
    """Answer the folder of a prepared site."""
    site_templates.copy_to(database_url, recipe)
    folder = tmp_path / "site"
    recipe.write_settings(folder, database_url)
    return folder


@pytest.fixture
def platform(site: Path, clock: FixedClock, site_templates: SiteTemplates) -> Iterator[Platform]:
    """Answer the platform of a prepared site whose clock stands still."""
    built = site_templates.open(site, clock)
    yield built
    built.close()


@pytest.fixture
def as_user(platform: Platform) -> AsUser:
    """Answer a maker of users."""
    from loopline.sites import add_user

    def make(
        name: str = "Ada", *, administrator: bool = False, roles: Collection[str] = ("staff",)
    ) -> Actor:
        email = f"{name.lower()}@example.com"
        user = add_user(platform, email, name, None, administrator=administrator, roles=roles)
        with platform.read() as ctx:
            actor = platform.actor(ctx.connection, user)
        if actor is None:
            raise LookupError(email)
        return actor

    return make


@pytest.fixture
def make_record(platform: Platform) -> MakeRecord:
    """Answer a maker of records."""
    from loopline.services.records import create

    def make(entity: str, /, **values: object) -> Record:
        with platform.write(via="cli") as ctx:
            return create(ctx, entity, values)

    return make


@pytest.fixture
def administrator(as_user: AsUser) -> Actor:
    """Answer somebody who may do everything."""
    return as_user("Root", administrator=True)


@pytest.fixture
def api(platform: Platform, client: TestClient, administrator: Actor) -> Api:
    """Answer the API as an administrator speaks to it, in English."""
    from loopline.access.tokens import create_token
    from loopline.testing.http_api import Api

    scopes = frozenset({"read", "write"})
    with platform.write() as ctx:
        token = create_token(ctx.connection, administrator.id or 0, scopes, ctx.now)
    return Api(client, {"authorization": f"Bearer {token}", "accept-language": "en"})


@pytest.fixture
def client(platform: Platform) -> Iterator[TestClient]:
    """Answer a client of the site's web application, not signed in."""
    from starlette.testclient import TestClient

    from loopline.web.app import create_app

    with TestClient(create_app(platform), base_url="http://localhost") as open_client:
        yield open_client
