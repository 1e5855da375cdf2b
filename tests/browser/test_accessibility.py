"""Level A and AA by axe-core, and no sideways scrolling, on every page in every look."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from browser.conftest import OpenPage, watched
from browser.served import Served

AXE = """async () => {
  const rules = {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
  const found = await axe.run({runOnly: rules})
  return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target}`))
}"""
OVERFLOW = """() => Math.max(
  ...[document.documentElement, document.querySelector("main")].map(
    (one) => one.scrollWidth - one.clientWidth))"""
ENDS = [("light", 1440), ("dark", 375)]
LOOKS = [
    *(("sales", scheme, width) for scheme in ("light", "dark") for width in (1440, 375)),
    *((person, *look) for person in ("english", "admin") for look in ENDS),
]
"""Every scheme at every width for one person; both ends of them for the others."""


def show_errors(page: Page, served: Served) -> None:
    page.goto("/records/lead/50/edit")
    page.fill("[name=name]", "")
    page.fill("[name=budget]", "x")
    page.click("[data-submit]")
    page.wait_for_selector("#problems")


def show_ticked(page: Page, served: Served) -> None:
    page.goto("/records/lead?c=budget:ge:10000")
    page.locator("input[form=bulk]").first.check()


def show(path: str) -> Callable[[Page, Served], object]:
    return lambda page, served: page.goto(path.format(customer=served.customer))


PAGES = {
    "login": show("/login"),
    "home": show("/"),
    "list": show("/records/lead?c=budget:ge:10000"),
    "empty list": show("/records/lead?q=nowhere"),
    "record": show("/records/customer/{customer}"),
    "record with actions": show("/records/lead/50"),
    "new": show("/records/lead/new"),
    "edit with errors": show_errors,
    "bin": show("/records/lead/bin"),
    "error": show("/records/nothing"),
    "ticked list": show_ticked,
    "convert": show("/records/lead/50/actions/convert"),
    "approvals": show("/approvals"),
    "notifications": show("/notifications"),
    "account": show("/account"),
    "explain": show("/explain?action=update&entity=lead&id=50"),
    "recycling": show("/leads/recycling"),
    "channels": show("/leads/channels"),
    "plugins": show("/plugins"),
    "audit": show("/audit"),
    "tag rules": show("/tags/rules"),
    "action with settings": show("/records/lead/50/actions/release"),
    "pools": show("/leads/pools"),
    "preview": show("/leads/recycling/preview"),
    "trial": show("/leads/trial"),
    "roles": show("/people/1"),
    "saved views": show("/records/lead/views"),
    "board": show("/records/opportunity?view=opportunity_board"),
    "move": show("/records/opportunity/1/stage"),
    "record with stages": show("/records/opportunity/1"),
}
"""Where a person may not open a page, its refusal is looked at."""


@pytest.fixture(scope="module", params=LOOKS, ids=lambda look: "-".join(map(str, look)))
def looking(
    request: pytest.FixtureRequest,
    browser: Browser,
    served: Served,
    signed_in: Callable[[str], dict],
    axe_source: str,
) -> Iterator[tuple[Page, list[str]]]:
    """Answer a page in one look, kept for all the pages, and what its console says."""
    person, scheme, width = request.param
    context = browser.new_context(
        base_url=served.address,
        storage_state=signed_in(person),
        color_scheme=scheme,
        reduced_motion="reduce",
        viewport={"width": width, "height": 812},
        has_touch=width < 720,
    )
    context.add_init_script(axe_source)
    errors: list[str] = []
    yield watched(context.new_page(), errors), errors
    context.close()


def test_the_checker_notices_a_violation(open_page: OpenPage, axe_source: str) -> None:
    page = open_page("")
    page.goto("/login")
    page.evaluate(axe_source)
    page.evaluate("document.querySelector('label').remove()")
    assert page.evaluate(AXE) != []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_violation(
    looking: tuple[Page, list[str]], served: Served, name: str
) -> None:
    page, errors = looking
    PAGES[name](page, served)
    assert page.evaluate(AXE) == []
    assert page.evaluate(OVERFLOW) <= 0
    assert errors == []
