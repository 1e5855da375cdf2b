"""The board in a real browser: by mouse, by keys, on a phone; what is missing is asked in place."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.served import Served
from loopline.services.records import create

BOARD = "/records/opportunity?view=opportunity_board"
PHONE = {"viewport": {"width": 375, "height": 812}, "has_touch": True, "is_mobile": True}
Deal = Callable[..., str]


@pytest.fixture
def deal(served: Served) -> Iterator[Deal]:
    """Answer a maker of opportunities by name, with all that a quote asks for but a need."""

    def make(name: str, **values: object) -> str:
        with served.platform.write(via="cli") as ctx:
            given = {"amount": Decimal(90_000), "expected_close": date(2030, 1, 1)}
            create(
                ctx, "opportunity", {"name": name, "customer": served.customer, **given, **values}
            )
        return name

    return make


def _card(page: Page, name: str) -> Locator:
    return page.locator(".kcard", has_text=name)


def _column(page: Page, code: str) -> Locator:
    return page.locator(f"[data-column={code}]")


def _drag(page: Page, name: str, code: str) -> None:
    start = _card(page, name).locator(".card-facts").bounding_box()
    end = _column(page, code).locator("ul").bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 4, start["y"] + 4)
    page.mouse.down()
    page.mouse.move(start["x"] + 30, start["y"] + 20, steps=4)
    page.mouse.move(end["x"] + 60, end["y"] + 30, steps=10)
    page.mouse.up()


def test_a_card_is_dragged_and_the_heads_follow(page: Page, deal: Deal) -> None:
    name = deal("拖动的商机", need="泵")
    page.goto(BOARD)
    count = _column(page, "confirmed").locator(".badge")
    before = int(count.inner_text())
    _drag(page, name, "confirmed")
    expect(count).to_have_text(str(before + 1))
    expect(_column(page, "confirmed").locator(".kcard", has_text=name)).to_be_visible()
    page.reload()
    expect(_column(page, "confirmed").locator(".kcard", has_text=name)).to_be_visible()


def test_missing_fields_are_asked_in_place_and_cancelling_snaps_back(
    page: Page, deal: Deal
) -> None:
    name = deal("缺需求的商机")
    page.goto(BOARD)
    _drag(page, name, "confirmed")
    dialog = page.get_by_role("dialog", name="进入需求确认")
    expect(dialog.locator("textarea")).to_be_focused()
    dialog.get_by_role("link", name="取消").click()
    expect(_column(page, "talk").locator(".kcard", has_text=name)).to_be_visible()
    _drag(page, name, "confirmed")
    dialog.locator("textarea").fill("两台离心泵")
    dialog.get_by_role("button", name="移动").click()
    expect(dialog).to_have_count(0)
    expect(_column(page, "confirmed").locator(".kcard", has_text=name)).to_be_visible()


def test_a_refusal_is_told_on_the_card_which_returns(page: Page, deal: Deal) -> None:
    name = deal("没有金额的商机", amount=Decimal(0))
    page.goto(BOARD)
    _drag(page, name, "negotiation")
    expect(_card(page, name).get_by_role("alert")).to_have_text("金额要大于零才能报价")
    expect(_column(page, "talk").locator(".kcard", has_text=name)).to_be_visible()


def test_keys_lift_a_card_carry_it_and_return_it(page: Page, deal: Deal) -> None:
    name = deal("键盘移动的商机", need="阀")
    page.goto(BOARD)
    _card(page, name).focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(_column(page, "confirmed").locator(".kcard", has_text=name)).to_be_focused()
    page.keyboard.press("Escape")
    expect(_column(page, "talk").locator(".kcard", has_text=name)).to_be_focused()
    for key in ("Space", "ArrowRight", "Space"):
        page.keyboard.press(key)
    expect(page.locator("#board-told")).to_contain_text("需求确认")
    expect(_column(page, "confirmed").locator(".kcard", has_text=name)).to_be_focused()


def test_a_phone_moves_by_the_menu_of_a_card(open_page, deal: Deal) -> None:
    name = deal("手机上的商机", need="阀")
    page: Page = open_page(**PHONE)
    page.goto(BOARD)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["viewport"]["width"]
    page.get_by_role("link", name=f"移动 {name}").tap()
    page.get_by_role("button", name="需求确认").tap()
    expect(_column(page, "confirmed").locator(".kcard", has_text=name)).to_be_attached()
    expect(page.locator("#board-told")).to_contain_text(name)


def test_without_scripts_a_page_asks_and_leads_back(open_page, deal: Deal) -> None:
    name = deal("没有脚本的商机")
    page: Page = open_page(java_script_enabled=False)
    page.goto(BOARD)
    _card(page, name).get_by_role("link", name=f"移动 {name}").click()
    page.get_by_label("阶段").select_option("confirmed")
    page.get_by_role("button", name="移动").click()
    page.locator("textarea").fill("泵")
    page.get_by_role("button", name="移动").click()
    expect(_column(page, "confirmed").locator(".kcard", has_text=name)).to_be_visible()


def test_the_page_of_a_record_leads_on_and_asks_in_place(page: Page, deal: Deal) -> None:
    name = deal("记录页上的商机")
    page.goto(BOARD)
    _card(page, name).get_by_role("link", name=name, exact=True).click()
    page.get_by_role("button", name="进入需求确认").click()
    dialog = page.get_by_role("dialog", name="进入需求确认")
    dialog.locator("textarea").fill("泵")
    dialog.get_by_role("button", name="移动").click()
    expect(page.locator(".stage-path [aria-current=step]")).to_contain_text("需求确认")
    expect(page.get_by_role("button", name="进入方案")).to_be_visible()
