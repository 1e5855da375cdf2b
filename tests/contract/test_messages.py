"""Every text exists in both languages, and every error code is told and documented."""

from collections import Counter

from ruamel.yaml import YAML

from kit.error_codes import PAGE, page, raised_codes
from kit.sources import KERNEL
from loopline.language import LANGUAGES, Messages


def test_both_languages_have_the_same_keys() -> None:
    messages = Messages()
    assert messages.keys("zh") ^ messages.keys("en") == frozenset()


def test_no_key_stands_in_two_files() -> None:
    texts = [YAML(typ="safe").load(file.read_text("utf-8")) or {} for file in _locale_files("en")]
    counted = Counter(key for one in texts for key in one)
    assert [key for key, times in counted.items() if times > 1] == []


def test_both_languages_have_the_same_files() -> None:
    names = [{file.name for file in _locale_files(language)} for language in LANGUAGES]
    assert names[0] == names[1]


def test_every_raised_code_has_a_text() -> None:
    messages = Messages()
    assert sorted(raised_codes() - messages.keys("en")) == []


def test_the_reference_page_lists_every_code() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(Messages()), "run: make reference"


def _locale_files(language: str) -> list:
    return sorted((KERNEL / "locale" / language).glob("*.yaml"))
