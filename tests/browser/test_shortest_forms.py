"""New records by the page, with nothing filled in but what has to be."""

import pytest
from playwright.sync_api import Page, expect

SAVE = "[data-submit]"


@pytest.mark.parametrize(
    ("entity", "field"), [("lead", "name"), ("opportunity", "name"), ("ticket", "subject")]
)
def test_what_must_be_filled_is_enough(page: Page, entity: str, field: str) -> None:
    page.goto(f"/records/{entity}/new")
    page.fill(f"[name={field}]", "Shortest")
    for one in page.locator("ll-link:has(select[required])").all():
        one.locator("[role=combobox]").fill("恒岳")
        one.locator("[role=option]").first.click()
    page.click(SAVE)
    expect(page.locator("#problems")).to_have_count(0)
    expect(page.locator("h1")).to_contain_text("Shortest")
