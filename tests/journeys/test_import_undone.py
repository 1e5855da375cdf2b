"""An import taken back is no event: what plugins count on the way stands as before it."""

import csv
from collections.abc import Mapping
from datetime import timedelta

import pytest

from loopline.services.imports.request import ImportOptions, ImportRequest
from loopline.services.imports.run import run
from loopline.services.imports.start import start
from loopline.services.imports.undo import begin_undo, undo

_MOVED = {"row_version", "updated_at", "updated_by"}
Values = Mapping[str, object]
CASES: Mapping[str, tuple[Values, Values, Values]] = {
    "lead": (
        {"name": "Ada"},
        {"next_follow_up": "2026-02-01"},
        {"owner": "Bo", "budget": 5, "status": "contacted"},
    ),
    "opportunity": (
        {"name": "Mill", "expected_close": "2026-03-01"},
        {"amount": "20.00"},
        {"owner": "Bo", "expected_close": "2026-02-01"},
    ),
    "ticket": (
        {"subject": "Pump leaks"},
        {"status": "solved", "solution": "Seal changed"},
        {"owner": "Bo", "status": "reopened", "priority": "high"},
    ),
}
"""For each entity a new record, what is written to it, and what a file changes."""


@pytest.mark.parametrize("entity", CASES)
def test_a_record_is_as_it_was(platform, api, as_user, clock, tmp_path, entity) -> None:
    as_user("Bo")
    values, further, changes = CASES[entity]
    made = api("POST", f"/records/{entity}", values)["id"]
    before = api("PATCH", f"/records/{entity}/{made}", further)
    clock.move(timedelta(hours=3))
    file = tmp_path / "changes.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["id", *changes], [made, *changes.values()]])
    asked = ImportRequest(entity=entity, file_name=file.name, content=file, options=ImportOptions())
    with platform.write(via="import") as ctx:
        number = start(ctx, asked, platform.settings.files)
    assert run(platform.open_as, platform.settings.files, number).updated == 1
    assert api("GET", f"/records/{entity}/{made}")["owner"] != before["owner"]
    clock.move(timedelta(hours=3))
    with platform.write(via="import") as ctx:
        begin_undo(ctx, number)
    assert undo(platform.open_as, number).undone.reverted == 1
    after = api("GET", f"/records/{entity}/{made}")
    assert {k for k in before if before[k] != after[k]} <= _MOVED
