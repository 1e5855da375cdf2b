from playwright.sync_api import Page, expect


def test_slash_searches(page: Page) -> None:
    page.goto("/records/lead")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()


def test_j_and_k_walk_the_rows(page: Page) -> None:
    page.goto("/records/lead")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tbody th a").nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("tbody th a").first).to_be_focused()


def test_n_begins_a_record(page: Page) -> None:
    page.goto("/records/lead")
    page.keyboard.press("n")
    expect(page).to_have_url("/records/lead/new")


def test_e_edits(page: Page) -> None:
    page.goto("/records/lead/30")
    page.keyboard.press("e")
    expect(page).to_have_url("/records/lead/30/edit")


def test_g_l_goes_to_leads(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("l")
    expect(page.locator("h1")).to_have_text("全部线索")


def test_question_mark_lists_the_keys(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()


def test_keys_are_off_while_typing(page: Page) -> None:
    page.goto("/records/lead")
    page.locator("#q").press_sequentially("ne")
    expect(page).to_have_url("/records/lead")
