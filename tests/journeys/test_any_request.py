"""Whatever is asked of any operation of a living site, it answers or refuses; it never fails."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from kit.any_request import requests_of
from kit.filled import fill
from loopline.access.tokens import create_token
from loopline.web.app import create_app

EXAMPLES = 150
DEEP = 10_000


@pytest.fixture
def ask(platform, administrator):
    """Answer a client whose token may do everything, on a site with a few of each record."""
    fill(platform)
    scopes = frozenset({"read", "write", "metadata"})
    with platform.write(via="cli") as ctx:
        token = create_token(ctx.connection, administrator.id, scopes, ctx.now)
    app = create_app(platform)
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:

        def send(**given: object):
            headers = {k.lower(): v for k, v in dict(given.pop("headers", {})).items()}
            headers["authorization"] = f"Bearer {token}"
            return client.request(**given, headers=headers)

        yield send


@pytest.fixture
def requests(ask, platform) -> st.SearchStrategy:
    document = ask(method="GET", url="/api/v1/openapi.json").json()
    with platform.read() as ctx:
        return requests_of(document, ctx.catalog)


def keeps_its_word(ask, asked) -> None:
    answer = ask(**asked.arguments)
    told = f"{asked.arguments} -> {answer.status_code} {answer.text[:300]}"
    assert answer.status_code < 500, told
    assert str(answer.status_code) in asked.operation.definition.raw["responses"], told
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json", told


@pytest.mark.timeout(120)
@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_no_request_fails(ask, requests, data) -> None:
    keeps_its_word(ask, data.draw(requests))


@pytest.mark.deep
@pytest.mark.timeout(7200)
@settings(max_examples=int(os.environ.get("LOOPLINE_TEST_REQUESTS", DEEP)))
@given(data=st.data())
def test_no_request_fails_however_many(ask, requests, data) -> None:
    keeps_its_word(ask, data.draw(requests))
