"""What the menu leads to beside records, and that what was done is always told in words."""

import re

import pytest

from kit.kernel_site import DOCUMENTS
from kit.sources import KERNEL
from loopline.bootstrap import Platform
from loopline.language import Messages
from loopline.testing import publish_documents
from web.visitor import Visitor, add_person


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Answer one kind of database: nothing here depends on it."""
    return sqlite_url


def test_administrators_find_their_pages_in_the_menu(platform: Platform, visitor: Visitor) -> None:
    visitor.sign_in(add_person(platform, "Eve", administrator=True))
    page = visitor.get("/audit").text
    assert 'href="/plugins"' in page
    assert 'href="/tags/rules"' in page
    assert re.search(r'href="/audit" aria-current="page"', page)


def test_others_do_not_find_them(ada: Visitor) -> None:
    assert 'href="/plugins"' not in ada.get("/").text


MENU = """
---
kind: menu
id: main
extend: true
items:
  x_things: {label: {zh: 物品, en: Things}, entity: x_thing}
  x_parts:  {label: {zh: 零件, en: Parts}, entity: x_part, parent: x_things}
  x_locks:  {label: {zh: 锁, en: Locks}, entity: x_lock, parent: x_parts}
"""


class TestEntries:
    """Where an entry stands that names no group, or one above that stands below another."""

    @pytest.fixture
    def site_documents(self) -> str:
        return DOCUMENTS + MENU

    def test_every_entry_stands_somewhere(self, ada: Visitor) -> None:
        page = ada.get("/").text
        nav = page[page.index("<nav") : page.index("</nav>")]
        found = re.findall(r'href="/records/(x_\w+)"', nav)
        assert found == ["x_thing", "x_part", "x_lock"]
        assert "其他" in nav

    def test_what_declares_no_plural_is_called_as_its_entry(
        self, platform: Platform, ada: Visitor
    ) -> None:
        publish_documents(platform, MENU.replace("物品", "全部物品"))
        page = ada.get("/records/x_thing").text
        crumbs = page.partition('<nav class="crumbs"')[2].partition("</nav>")[0]
        assert crumbs.count("物品") == crumbs.count("全部物品") == 1


def test_every_act_has_a_text_that_tells_it() -> None:
    pages = (KERNEL / "web" / "pages").glob("*.py")
    told = {key for one in pages for key in re.findall(r'done="([^"]+)"', one.read_text("utf-8"))}
    assert sorted({f"ui.toast.{key}" for key in told} - Messages().keys("en")) == []
