"""Every page of the demo in every look: it answers, in words, within its width, without an error.

The deep tier walks them all; `test_accessibility` has the most used ones in every run.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page
from starlette.testclient import TestClient

from browser.conftest import watched
from browser.served import serving
from browser.test_accessibility import AXE, OVERFLOW
from kit.demo_site import live, sign_in
from kit.spider import one_of_each, spin
from loopline.bootstrap import Platform
from loopline.cli.demo import PASSWORD
from loopline.clock import FixedClock
from loopline.hooks.manifest import find_pack
from loopline.services.editing import update
from loopline.sites import add_user
from loopline.testing.templates import SiteRecipe, SiteTemplates
from loopline.web.app import create_app

LOOKS = [
    (language, scheme, width)
    for language in ("zh", "en")
    for scheme in ("light", "dark")
    for width in (1440, 375)
]
FEW = 4
"""Entities whose further pages are looked at."""
FORMS = ("/forms/lead_web", "/forms/lead_booth", "/forms/ticket_web")
"""Pages for the public, which no page leads to."""
FROM_A_LIST = "list."
"""Parameters that tell records their neighbours in a list; else the pages are the same."""
TEXTS = """() => {
  const found = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode())
    if (!texts.currentNode.parentElement?.closest("script,style,code,pre,.mono,textarea"))
      found.push(texts.currentNode.data)
  return found.join("\\n")
}"""
UNFILLED = re.compile(r"\{[a-z_]+\}")
PACKS = ("equipment", str(find_pack("equipment").parent / "mingchuan"))
pytestmark = [pytest.mark.deep, pytest.mark.timeout(3600)]


@pytest.fixture(scope="module")
def lived(
    site_templates: SiteTemplates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Platform]:
    """Answer the demo in small, with an administrator for each language."""
    folder = tmp_path_factory.mktemp("lived")
    url = f"sqlite:///{folder / 'loopline.db'}"
    recipe = SiteRecipe(frozenset(), PACKS, "")
    site_templates.copy_to(url, recipe)
    recipe.write_settings(folder / "site", url)
    clock = FixedClock(datetime(2026, 11, 22, 16, tzinfo=UTC))
    platform = site_templates.open(folder / "site", clock)
    live(platform, clock, 0.1)
    for language in ("zh", "en"):
        user = add_user(platform, f"{language}@example.com", language, PASSWORD, administrator=True)
        with platform.write(via="cli") as ctx:
            update(ctx, "user", user, {"language": language})
    yield platform
    platform.close()


@pytest.fixture(scope="module")
def found(lived: Platform) -> tuple[dict[str, str], list[str]]:
    """Answer the pages of the demo, and those that do not answer."""
    with TestClient(create_app(lived), base_url="http://localhost") as client:
        sign_in(client, "zh@example.com", PASSWORD)

        def fetch(address: str) -> tuple[int, str]:
            answer = client.get(address)
            return answer.status_code, answer.text

        return spin(fetch)


@pytest.fixture(scope="module", params=LOOKS, ids=lambda look: "-".join(map(str, look)))
def looking(
    request: pytest.FixtureRequest, lived: Platform, browser: Browser, axe_source: str
) -> Iterator[tuple[Page, list[str]]]:
    """Answer a page in one look, and what its console says."""
    language, scheme, width = request.param
    errors: list[str] = []
    with serving(lived) as address:
        context = browser.new_context(
            base_url=address,
            color_scheme=scheme,
            reduced_motion="reduce",
            viewport={"width": width, "height": 812},
            has_touch=width < 720,
        )
        context.add_init_script(axe_source)
        page = watched(context.new_page(), errors)
        page.goto("/login")
        page.fill("[name=email]", f"{language}@example.com")
        page.fill("[name=password]", PASSWORD)
        page.click("form[action='/login'] button.primary")
        page.wait_for_load_state()
        yield page, errors
        context.close()


def test_every_link_leads_to_a_page(found: tuple[dict[str, str], list[str]]) -> None:
    pages, broken = found
    assert len(pages) > 300
    assert broken == []


def test_every_page_is_whole(
    lived: Platform,
    found: tuple[dict[str, str], list[str]],
    looking: tuple[Page, list[str]],
) -> None:
    page, errors = looking
    keys = re.compile(
        rf"\b(?:{'|'.join(sorted({one.partition('.')[0] for one in lived.messages.keys('en')}))})"
        r"(?:\.[a-z_]{2,})+\b"
    )
    faults: list[str] = []
    for address in (*FORMS, *one_of_each(found[0], FEW).values()):
        if FROM_A_LIST in address:
            continue
        page.goto(address)
        text = page.evaluate(TEXTS)
        wrong = [*page.evaluate(AXE), *keys.findall(text), *UNFILLED.findall(text)]
        if page.evaluate(OVERFLOW) > 0:
            wrong.append("runs over its width")
        faults += [f"{address}: {one}" for one in wrong]
    assert "\n".join(faults + errors) == ""
