"""The test kit does what tests rely on: real databases, no network, a browser that starts."""

import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import sync_playwright
from sqlalchemy import create_engine, make_url, text

from kit.browser import LAUNCH_ARGS, unpack_chromium
from kit.network import NetworkRefused

PAGE = "data:text/html,<p>1</p><script>document.querySelector('p').textContent = 1 + 1</script>"


def test_a_fresh_database_is_empty_and_answers(database_url: str) -> None:
    url = make_url(database_url)
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("create table once (id integer)"))
    engine.dispose()


def test_postgresql_is_the_version_we_promise(pg_server: psycopg.Connection) -> None:
    assert pg_server.info.server_version >= 180000


def test_another_machine_is_out_of_reach() -> None:
    with socket.socket() as probe, pytest.raises(NetworkRefused):
        probe.connect(("192.0.2.1", 9))


def test_a_name_is_not_looked_up() -> None:
    with pytest.raises(NetworkRefused):
        socket.getaddrinfo("example.org", 80)


def _second_text(program: Path) -> str | None:
    """Answer what a script wrote; in a thread, since other tests may hold a browser in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_run_page, program).result()


def _run_page(program: Path) -> str | None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=LAUNCH_ARGS)
        page = browser.new_page()
        page.goto(PAGE)
        answer = page.text_content("p")
        browser.close()
    return answer


def test_the_browser_of_the_tests_runs_a_page(chromium_path: Path) -> None:
    assert _second_text(chromium_path) == "2"


def test_the_packaged_browser_runs_a_page() -> None:
    assert _second_text(unpack_chromium()) == "2"
