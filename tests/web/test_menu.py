"""What the menu leads to beside records, and that what was done is always told in words."""

import re

import pytest

from kit.sources import KERNEL
from loopline.bootstrap import Platform
from loopline.language import Messages
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


def test_every_act_has_a_text_that_tells_it() -> None:
    pages = (KERNEL / "web" / "pages").glob("*.py")
    told = {key for one in pages for key in re.findall(r'done="([^"]+)"', one.read_text("utf-8"))}
    assert sorted({f"ui.toast.{key}" for key in told} - Messages().keys("en")) == []
