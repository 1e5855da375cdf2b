"""The page of laws names tests that exist."""

import re

from kit.sources import ROOT

PAGE = ROOT / "docs" / "explanation" / "laws.md"


def test_every_file_that_the_laws_name_is_there() -> None:
    named = set(re.findall(r"`(tests/[a-z_/]+\.py)`", PAGE.read_text(encoding="utf-8")))
    assert len(named) > 10
    assert sorted(name for name in named if not (ROOT / name).is_file()) == []
