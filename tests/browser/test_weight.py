"""What a list page weighs on the wire."""

import pytest
from playwright.sync_api import Page

MOST_COLD = 200_000
MOST_WARM = 30_000


@pytest.fixture
def weighed(page: Page) -> list[int]:
    """Answer the sizes of what the page loads from now on."""
    sizes: list[int] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    return sizes


def test_a_list_page_stays_light(page: Page, weighed: list[int]) -> None:
    page.goto("/records/lead", wait_until="networkidle")
    cold = sum(weighed)
    weighed.clear()
    page.goto("/records/lead?sort=company", wait_until="networkidle")
    assert 0 < sum(weighed) <= MOST_WARM
    assert MOST_WARM < cold <= MOST_COLD
