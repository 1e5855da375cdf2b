"""The tutorial, walked from top to bottom on a fresh site, in both languages.

What it says of ``make demo`` is done by opening the site: the demo's own people and data have tests
of their own.
"""

import re
from collections.abc import Iterator

import pytest

from kit.sources import ROOT
from kit.walker import Walker
from kit.walking import RunCommands, Step, WriteFile, steps
from loopline.testing.templates import SiteRecipe, SiteTemplates

FOLDER = ROOT / "docs" / "tutorial"
PAGES = {"en": FOLDER / "first-steps.md", "zh": FOLDER / "first-steps.zh.md"}
LARGE = {"en": "Li Na", "zh": "李娜"}
UNSAID = 13
"""Acts that are told in words: clone, folder, open, sign in, language (2), a second terminal, stop,
and with the lead: open it, edit, save, submit, say so."""
RUN = re.compile(r"(Rehearsal|Import|试运行|导入) \d+")

pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module", params=list(PAGES))
def walked(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    site_templates: SiteTemplates,
) -> Iterator[tuple[Walker, str]]:
    """Walk the whole page; rate and submit a lead before it is counted, and answer its state."""
    folder = tmp_path_factory.mktemp("tutorial")
    recipe = SiteRecipe(frozenset(), ("equipment",), "")
    url = f"sqlite:///{folder / 'loopline.db'}"
    site_templates.copy_to(url, recipe)
    recipe.write_settings(folder / "var" / "demo", url)
    walker = Walker(folder, request.param, site_templates)
    told = list(steps(PAGES[request.param]))
    counted = next(
        at for at, one in enumerate(told) if "my_workbench" in getattr(one, "address", "")
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOOPLINE_LANGUAGE", request.param)
        walker.follow(told[:counted])
        state = walker.submit("credit", LARGE[request.param], credit__rating="good")
        walker.follow(told[counted:])
    yield walker, state
    walker.close()


def told(text: str) -> str:
    """Answer a text without the numbers of imports: the demo has one before."""
    return RUN.sub(r"\1", text)


def test_commands_print_what_is_shown(walked) -> None:
    lines = [(line, one.out) for one in walked[0].printed for line in one.shown]
    assert [line for line, out in lines if told(line) not in told(out)] == []


def test_commands_succeed_but_where_a_row_is_refused(walked) -> None:
    refusing = [one.shown[-1] for one in walked[0].printed if any(one.codes)]
    assert [bool(re.search(r"1 failed|失败 1", line)) for line in refusing] == [True, True]


def test_pages_show_what_is_said(walked) -> None:
    words = [(one.address, word, one.text) for one in walked[0].seen for word in one.words]
    assert [(address, word) for address, word, text in words if word not in text] == []
    assert {one.status for one in walked[0].seen} == {200}


def test_the_step_of_the_plugin_passes_a_good_lead(walked) -> None:
    assert walked[1] == "approved"


def acts(step: Step) -> int:
    return len(step.lines) if isinstance(step, RunCommands) else 1


@pytest.mark.parametrize("page", PAGES.values(), ids=list(PAGES))
def test_a_newcomer_has_a_working_plugin_in_less_than_forty_acts(page) -> None:
    told = list(steps(page))
    last = max(at for at, one in enumerate(told) if "credit_rated" in getattr(one, "address", ""))
    assert UNSAID + sum(map(acts, told[: last + 1])) < 40


def test_both_languages_write_the_same_files() -> None:
    one, other = ([s for s in steps(page) if isinstance(s, WriteFile)] for page in PAGES.values())
    assert [s.path for s in one] == [s.path for s in other]
    assert [s for s in one if s.path != "fair.csv"] == [s for s in other if s.path != "fair.csv"]
