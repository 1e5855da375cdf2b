"""A served site and a real browser; every page is watched for errors in its console."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from browser.served import PASSWORD, PEOPLE, Served, fill, serving
from kit.browser import LAUNCH_ARGS
from loopline.testing.templates import SiteRecipe, SiteTemplates

OpenPage = Callable[..., Page]
UNSEEN = "Page already revealed"
"""What Chromium says where a busy machine drew a page before its fading in could begin."""
WIDE = {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def served(
    site_templates: SiteTemplates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """Answer a running site that the tests of a file share."""
    folder = tmp_path_factory.mktemp("served")
    url = f"sqlite:///{folder / 'loopline.db'}"
    recipe = SiteRecipe(frozenset(), (), "")
    site_templates.copy_to(url, recipe)
    recipe.write_settings(folder / "site", url)
    platform = site_templates.open(folder / "site")
    customer, opportunity = fill(platform)
    with serving(platform) as address:
        yield Served(address=address, platform=platform, customer=customer, opportunity=opportunity)
    platform.close()


@pytest.fixture(scope="session")
def browser(chromium_path: Path) -> Iterator[Browser]:
    """Answer a running browser."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_path, args=LAUNCH_ARGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def signed_in(served: Served, browser: Browser) -> Callable[[str], dict]:
    """Answer a maker of browser states that hold a person's session; each signs in once."""
    states: dict[str, dict] = {}

    def state_of(person: str) -> dict:
        if person not in states:
            context = browser.new_context(base_url=served.address)
            sign_in(context.new_page(), person)
            states[person] = context.storage_state()
            context.close()
        return states[person]

    return state_of


@pytest.fixture
def open_page(
    served: Served, browser: Browser, signed_in: Callable[[str], dict]
) -> Iterator[OpenPage]:
    """Answer a maker of pages: whose they are, and options of the browser context."""
    opened: list[BrowserContext] = []
    errors: list[str] = []

    def make(person: str = "sales", **options: object) -> Page:
        settings = {"base_url": served.address, "viewport": WIDE, "locale": "zh-CN", **options}
        state = signed_in(person) if person else None
        context = browser.new_context(storage_state=state, **settings)
        context.set_default_timeout(15_000)
        opened.append(context)
        return watched(context.new_page(), errors)

    yield make
    for context in opened:
        context.close()
    assert errors == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """Answer a page of a sales rep, nothing loaded yet."""
    return open_page()


def watched(page: Page, errors: list[str]) -> Page:
    """Keep what a page complains about; an answer of 4xx that a test asks for is no complaint."""

    def note(message: ConsoleMessage) -> None:
        asked_for = "status of 4" in message.text and "/static/" not in message.location["url"]
        if message.type in {"error", "warning"} and not asked_for:
            errors.append(f"{page.url}: {message.text}")

    def fail(error: Exception) -> None:
        if UNSEEN not in str(error):
            errors.append(f"{page.url}: {error}")

    page.on("console", note)
    page.on("pageerror", fail)
    return page


def sign_in(page: Page, person: str, password: str = PASSWORD) -> None:
    """Sign in by the form."""
    page.goto("/login")
    page.fill("[name=email]", PEOPLE[person][0])
    page.fill("[name=password]", password)
    page.click("form[action='/login'] button.primary")
    page.wait_for_load_state()
