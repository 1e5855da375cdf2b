"""What the pages for business users put in quotes or bold is called so somewhere in the product."""

import re

import pytest

from kit.sources import PACKAGES, ROOT

PAGES = sorted((ROOT / "docs" / "how-to" / "business-users").glob("*.zh.md"))
LONGEST = 14  # what is longer is a sentence, not a name


@pytest.fixture(scope="module")
def product() -> str:
    """Answer all that the product says: its documents, its texts, the labels in its code."""
    files = [
        one for folder in PACKAGES for end in ("yaml", "py") for one in folder.rglob(f"*.{end}")
    ]
    return "\n".join(one.read_text(encoding="utf-8") for one in files)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_names_on_the_page_are_those_of_the_product(page, product) -> None:
    text = page.read_text(encoding="utf-8")
    names = {one for one in re.findall(r"“([^”]+)”", text) if len(one) <= LONGEST}
    assert sorted(one for one in names if one not in product) == []
