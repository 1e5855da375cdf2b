"""No hook without a test, a page with its exact arguments, an example that compiles, and a user."""

import re

import pytest

from kit.hook_pages import arguments, examples, hooks
from kit.sources import ROOT

PAGE = (ROOT / "docs" / "reference" / "hooks.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tested() -> set[str]:
    files = [*(ROOT / "tests").rglob("test_*.py"), *(ROOT / "plugins").rglob("test_*.py")]
    texts = (file.read_text(encoding="utf-8") for file in files)
    return {name for text in texts for name in re.findall(r"def test_hook_(\w+)\(", text)}


@pytest.fixture(scope="module")
def used() -> set[str]:
    texts = [file.read_text(encoding="utf-8") for file in (ROOT / "plugins").rglob("*.py")]
    return {name for text in texts for name in re.findall(r"@hookimpl\ndef (\w+)\(", text)}


@pytest.mark.parametrize("name", hooks())
def test_every_hook_is_tested_described_and_used(name: str, tested, used) -> None:
    assert name in tested
    assert f"### {name}({', '.join(arguments(hooks()[name]))})" in PAGE
    assert name in used


@pytest.mark.parametrize("name", hooks())
def test_every_example_compiles(name: str) -> None:
    code = re.findall(r"```python\n(.*?)```", examples()[name], flags=re.DOTALL)
    assert code
    for one in code:
        compile(one, name, "exec")
