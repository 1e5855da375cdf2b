"""The API of a site of the kernel alone, asked with tokens."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from kit.kernel_site import blocked_plugins, site_documents
from loopline.access.tokens import create_token
from loopline.web.app import create_app

__all__ = ["blocked_plugins", "site_documents"]


@pytest.fixture
def ask(platform) -> Callable:
    """Answer a client that sends the token it is given, and reports failures as answers do."""
    app = create_app(platform)
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:

        def send(token: str | None, method: str, path: str, **given: object):
            sent = {"authorization": f"Bearer {token}"} if token else {}
            headers = {"accept-language": "en"} | sent | given.pop("headers", {})
            return client.request(method, f"/api/v1{path}", headers=headers, **given)

        yield send


@pytest.fixture
def token(platform, as_user) -> Callable[..., str]:
    """Answer a maker of tokens."""

    def make(*scopes: str, administrator: bool = False) -> str:
        name = f"{'Root' if administrator else 'Ada'}{len(scopes)}"
        actor = as_user(name, administrator=administrator)
        with platform.write(via="cli") as ctx:
            return create_token(ctx.connection, actor.id, frozenset(scopes), ctx.now)

    return make


@pytest.fixture
def call(ask, token) -> Callable:
    """Answer a client whose token reads and writes."""
    secret = token("read", "write")
    return lambda method, path, **given: ask(secret, method, path, **given)


@pytest.fixture
def rule(ask, token) -> Callable:
    """Answer a client whose token is an administrator's and good for metadata."""
    secret = token("read", "write", "metadata", administrator=True)
    return lambda method, path, **given: ask(secret, method, path, **given)
