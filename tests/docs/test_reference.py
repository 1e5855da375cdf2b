"""The pages of the reference say what the code says."""

import pytest

from kit.reference_pages import FOLDER, pages


@pytest.mark.parametrize(
    "name", ["commands.md", "api.md", "kinds.md", "field-types.md", "functions.md", "plugins.md"]
)
def test_a_page_is_as_the_code_makes_it(name) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == pages()[name], "run: make reference"
