"""What pages of other sites and odd addresses get: nothing."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from loopline.settings import load_settings
from web.visitor import Visitor

EVIL = {"origin": "https://evil.example"}
SECRET = "postgresql://ada:hunter2@127.0.0.1/club"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: it is not asked."""
    return sqlite_url


@pytest.mark.parametrize("path", ["/api/v1/entities", "/api/v1/health", "/login", "/"])
def test_no_other_site_may_read_an_answer(ada: Visitor, client: TestClient, path: str) -> None:
    for headers in (
        client.get(path, headers=EVIL).headers,
        client.options(path, headers=EVIL).headers,
    ):
        assert [one for one in headers if one.startswith("access-control")] == []


def test_the_session_opens_no_door_of_the_api(ada: Visitor, client: TestClient) -> None:
    assert client.get("/api/v1/entities").status_code == 401
    assert client.post("/api/v1/records/x_thing", json={"name": "A"}).status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static//etc/passwd",
        "/static/%00",
        "/static/vendor/..\\..\\app.py",
    ],
)
def test_static_files_are_those_of_their_folder(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in {400, 404}


def test_a_settings_password_is_not_shown_by_chance(site: Path) -> None:
    environment = {
        "LOOPLINE_DATABASE_URL": SECRET,
        "LOOPLINE_MAIL_HOST": "mail.example.com",
        "LOOPLINE_MAIL_SENDER": "a@example.com",
        "LOOPLINE_MAIL_PASSWORD": "hunter2",
        "LOOPLINE_MAIL_IN_HOST": "mail.example.com",
        "LOOPLINE_MAIL_IN_PASSWORD": "hunter2",
    }
    settings = load_settings(site, environment)
    assert settings.database_url == SECRET
    assert "hunter2" not in repr(settings)
