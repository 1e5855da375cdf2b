"""The controls of the field types that hold more than a text: with scripts and without."""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.conftest import WIDE, sign_in, watched
from browser.served import PASSWORD, PEOPLE, serving
from browser.test_accessibility import AXE, OVERFLOW
from loopline.bootstrap import build_platform
from loopline.services import records
from loopline.services.editing import update
from loopline.settings import load_settings
from loopline.sites import add_user
from loopline.testing.templates import SiteRecipe, SiteTemplates

DOCUMENTS = """
kind: tag_group
id: x_place
format: 1
label: {zh: 场所, en: Place}
entities: [x_club]
tags: {gym: {label: {zh: 健身房, en: Gym}}, studio: {label: {zh: 工作室, en: Studio}}}
---
kind: tag_group
id: x_rank
format: 1
label: {zh: 等级, en: Rank}
entities: [x_club]
exclusive: true
tags: {gold: {label: {zh: 金, en: Gold}, tone: warn}, silver: {label: {zh: 银, en: Silver}}}
---
kind: entity
id: x_person
format: 1
label: {zh: 人, en: Person}
title_field: name
fields: {name: {type: text, label: {zh: 姓名, en: Name}}}
---
kind: entity
id: x_session
format: 1
label: {zh: 课次, en: Session}
title_field: topic
parent: x_club
fields:
  club:  {type: link, to: x_club, label: {zh: 俱乐部, en: Club}, required: true, on_delete: cascade}
  topic: {type: text, label: {zh: 主题, en: Topic}}
  coach: {type: link, to: x_person, label: {zh: 教练, en: Coach}}
  seats: {type: integer, label: {zh: 座位, en: Seats}}
  lasts: {type: duration, label: {zh: 时长, en: Length}}
---
kind: entity
id: x_club
format: 1
label: {zh: 俱乐部, en: Club}
title_field: name
fields:
  name:     {type: text, label: {zh: 名称, en: Name}, required: true}
  tags:     {type: tags, label: {zh: 标签, en: Tags}}
  members:  {type: links, to: x_person, label: {zh: 成员, en: Members}}
  about:    {type: any_link, label: {zh: 关于, en: About}}
  open:     {type: time, label: {zh: 开门, en: Opens}}
  lasts:    {type: duration, label: {zh: 课时, en: Lesson}}
  paint:    {type: color, label: {zh: 颜色, en: Colour}}
  photo:    {type: image, label: {zh: 照片, en: Photo}}
  annexes:  {type: files, label: {zh: 附件, en: Annexes}}
  story:    {type: rich_text, label: {zh: 介绍, en: Story}}
  sessions: {type: lines, to: x_session, label: {zh: 课程, en: Sessions}}
"""
NEW = "/records/x_club/new"
SAVE = "[data-submit]"
SHOTS = [(scheme, width) for scheme in ("light", "dark") for width in (1440, 375)]


def chunk(kind: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check


HEAD = struct.pack(">IIBBBBB", 40, 30, 8, 2, 0, 0, 0)
PIXELS = zlib.compress((b"\0" + b"\x20\x80\x90" * 40) * 30)
PNG = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", HEAD) + chunk(b"IDAT", PIXELS) + chunk(b"IEND", b"")


@pytest.fixture(scope="module")
def club_site(
    site_templates: SiteTemplates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Answer the address of a site with an entity that has every one of these fields."""
    folder = tmp_path_factory.mktemp("clubs")
    url = f"sqlite:///{folder / 'loopline.db'}"
    recipe = SiteRecipe(frozenset(), (), DOCUMENTS)
    site_templates.copy_to(url, recipe)
    recipe.write_settings(folder / "site", url)
    platform = build_platform(load_settings(folder / "site"))
    for email, name, administrator, language in PEOPLE.values():
        user = add_user(platform, email, name, PASSWORD, administrator=administrator)
        with platform.write(via="cli") as ctx:
            update(ctx, "user", user, {"language": language})
    with platform.write(via="cli") as ctx:
        people = [{"name": one} for one in ("何嘉宁", "方予安", "杜若溪")]
        records.create_many(ctx, "x_person", people)
    with serving(platform) as address:
        yield address
    platform.close()


@pytest.fixture
def make_page(club_site: str, browser: Browser) -> Iterator:
    """Answer a maker of signed-in pages of that site."""
    opened, errors = [], []

    def make(person: str = "admin", **options: object) -> Page:
        context = browser.new_context(base_url=club_site, **{"viewport": WIDE, **options})
        context.set_default_timeout(15_000)
        opened.append(context)
        page = watched(context.new_page(), errors)
        sign_in(page, person)
        return page

    yield make
    for context in opened:
        context.close()
    assert errors == []


@pytest.fixture
def page(make_page) -> Page:
    return make_page()


@pytest.fixture
def plain(make_page) -> Page:
    """Answer a page without scripts."""
    return make_page(java_script_enabled=False)


def choose(page: Page, within: str, words: str) -> None:
    page.locator(f"{within} [role=combobox]").fill(words)
    page.locator(f"{within} [role=option]:has-text('{words}')").first.click()


def fill_club(page: Page, name: str) -> None:
    """Fill in the form of a club with every control."""
    page.goto(NEW)
    page.fill("[name=name]", name)
    page.click("label.chip:has-text('健身房'), label.chip:has-text('Gym')")
    page.click("label.chip:has-text('金'), label.chip:has-text('Gold')")
    for person in ("何嘉宁", "方予安"):
        choose(page, "ll-links", person)
    page.select_option("[name='about.entity']", "x_person")
    choose(page, ".any-link", "杜若溪")
    page.fill("[name=open]", "09:30")
    page.fill("[name=lasts]", "1h30m")
    page.fill("[name=paint]", "#1a6b7c")
    page.set_input_files("[name='photo.upload']", {"name": "p.png", "mimeType": "", "buffer": PNG})
    notes = [{"name": f"{n}.txt", "mimeType": "", "buffer": b"x"} for n in "ab"]
    page.set_input_files("[name='annexes.upload']", notes)
    page.click(".rich-in")
    page.keyboard.type("hello ")
    page.click(".rich-bold")
    page.keyboard.type("world")
    page.fill("[name='sessions.0.topic']", "starters")
    choose(page, "#f-sessions-0-row", "何嘉宁")
    page.fill("[name='sessions.0.seats']", "12")


def test_every_control_is_saved_and_shown(page: Page) -> None:
    fill_club(page, "甲")
    page.click("[data-add]")
    page.fill("[name='sessions.1.topic']", "experts")
    page.click(SAVE)
    facts = page.locator("#facts")
    expect(facts.locator(".several a")).to_have_text(["何嘉宁", "方予安"])
    expect(facts.locator(".tag")).to_have_text(["健身房", "金"])
    expect(facts.locator(".rich b")).to_have_text("world")
    expect(facts.locator("a:has-text('杜若溪')")).to_be_visible()
    expect(facts.locator(".small-lines > li")).to_have_count(2)
    expect(facts.locator(".small-lines")).to_contain_text("starters")
    expect(facts.locator(".file-link")).to_have_count(3)
    assert facts.locator("img.thumb").evaluate("one => one.decode().then(() => one.naturalWidth)")
    with page.expect_download() as download:
        facts.locator(".file-link:has-text('a.txt')").click()
    assert Path(download.value.path()).read_bytes() == b"x"


def test_chips_and_lines_are_removed(page: Page) -> None:
    fill_club(page, "乙")
    page.click(SAVE)
    page.click("a:has-text('编辑')")
    page.click("ll-links label.chip:has-text('何嘉宁')")
    expect(page.locator("ll-links label.chip")).to_have_text(["方予安"])
    page.click("[data-drop]")
    page.check("[name='photo._remove']")
    page.click(SAVE)
    facts = page.locator("#facts")
    expect(facts.locator(".several a")).to_have_text(["方予安"])
    expect(facts.locator(".small-lines")).to_have_count(0)
    expect(facts.locator("img.thumb")).to_have_count(0)


def test_a_refused_save_keeps_everything(page: Page) -> None:
    fill_club(page, "丙")
    page.fill("[name='sessions.0.seats']", "many")
    page.click(SAVE)
    expect(page.locator("#f-sessions .err")).to_contain_text("many")
    expect(page.locator("ll-links label.chip")).to_have_text(["何嘉宁", "方予安"])
    expect(page.locator(".any-link [role=combobox]")).to_have_value("杜若溪")
    expect(page.locator(".rich-in b")).to_have_text("world")
    expect(page.locator(".file-row")).to_have_count(3)
    page.fill("[name='sessions.0.seats']", "5")
    page.click(SAVE)
    expect(page.locator("#facts .file-link")).to_have_count(3)


def test_every_control_works_without_scripts(plain: Page) -> None:
    plain.goto(NEW)
    plain.fill("[name=name]", "丁")
    plain.fill("[name='members._find']", "方")
    plain.click("[name=_find][value=members]")
    plain.click("label.chip:has-text('方予安')")
    plain.select_option("[name='about.entity']", "x_person")
    plain.fill("[name='about._find']", "杜")
    plain.click("[name=_find][value=about]")
    plain.select_option("[name=about]", label="杜若溪")
    plain.fill("[name='sessions.0.topic']", "one")
    plain.click("[data-add]")
    plain.fill("[name='sessions.1.topic']", "two")
    plain.fill("[name='sessions.1.coach._find']", "何")
    plain.click("[name=_find][value='sessions.1.coach']")
    plain.select_option("[name='sessions.1.coach']", label="何嘉宁")
    plain.fill("[name=story]", "<p>a</p>")
    note = {"name": "n.txt", "mimeType": "", "buffer": b"x"}
    plain.set_input_files("[name='annexes.upload']", note)
    plain.click(SAVE)
    facts = plain.locator("#facts")
    expect(facts.locator(".several a")).to_have_text(["方予安"])
    expect(facts.locator(".small-lines > li")).to_have_count(2)
    expect(facts.locator(".file-link")).to_contain_text("n.txt")


@pytest.mark.parametrize("person", ["admin", "english"])
@pytest.mark.parametrize(("scheme", "width"), SHOTS)
def test_the_form_and_the_record_have_no_violation(
    make_page, axe_source: str, person: str, scheme: str, width: int
) -> None:
    look = {"color_scheme": scheme, "viewport": {"width": width, "height": 812}}
    page = make_page(person, **look, reduced_motion="reduce")
    page.context.add_init_script(axe_source)
    fill_club(page, f"{scheme}{width}{person}")
    page.fill("[name='sessions.0.seats']", "many")
    page.click(SAVE)
    page.wait_for_selector("#problems")
    assert (page.evaluate(AXE), page.evaluate(OVERFLOW) <= 0) == ([], True)
    page.fill("[name='sessions.0.seats']", "5")
    page.click(SAVE)
    page.wait_for_selector("#record")
    assert (page.evaluate(AXE), page.evaluate(OVERFLOW) <= 0) == ([], True)


def test_chips_survive_the_end_of_the_session(page: Page) -> None:
    fill_club(page, "戊")
    page.context.clear_cookies()
    page.click(SAVE)
    page.click("main a.btn")
    page.fill("[name=email]", PEOPLE["admin"][0])
    page.fill("[name=password]", PASSWORD)
    page.click("form[action='/login'] button.primary")
    expect(page.locator("[name=name]")).to_have_value("戊")
    expect(page.locator("ll-links label.chip")).to_have_text(["何嘉宁", "方予安"])
    expect(page.locator(".any-link [role=combobox]")).to_have_value("杜若溪")
    expect(page.locator(".rich-in b")).to_have_text("world")
    expect(page.locator("[name='sessions.0.topic']")).to_have_value("starters")


def test_a_line_that_was_added_stays_when_other_fields_follow(page: Page) -> None:
    page.goto(NEW)
    page.fill("[name='sessions.0.topic']", "one")
    page.click("[data-add]")
    expect(page.locator("[data-line-row]")).to_have_count(2)
    page.click("[data-add]")
    expect(page.locator("[data-line-row]")).to_have_count(3)
    page.click("#f-sessions-0-row [data-drop]")
    with page.expect_response(lambda answer: answer.request.method == "POST") as following:
        page.evaluate("document.getElementById('fields').dispatchEvent(new Event('refresh'))")
    assert following.value.status == 200
    expect(page.locator("[data-line-row]")).to_have_count(2)
    page.fill("[name='sessions.2.topic']", "three")
    page.fill("[name=name]", "己")
    page.click(SAVE)
    expect(page.locator("#facts .small-lines > li")).to_have_count(1)
