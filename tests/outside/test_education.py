"""Leads of an online school: 37 columns, an empty one, and "Select" where nothing was chosen."""

from collections import Counter
from pathlib import Path

import pytest

from loopline.bootstrap import Platform
from loopline.query.lists import ListQuery, count
from loopline.services.exports.export import ExportRequest, export

HERE = Path(__file__).parent


@pytest.fixture
def packs() -> tuple[str, ...]:
    return (str(HERE / "packs" / "education"),)


@pytest.mark.timeout(180)
def test_every_lead_comes_in_and_an_export_changes_nothing(
    platform: Platform, import_file, shared_data: Path, tmp_path: Path
) -> None:
    source = shared_data / "x_education" / "leads_as_found.csv.gz"
    report = import_file("enquiry", source, "education.yaml")
    assert (report.created, report.failed, report.unmatched) == (9240, 0, ())
    assert len(report.matched) == 37
    assert how_many(platform, "converted") == 3561
    assert how_many(platform, 'city == "Select" || specialization == "Select"') == 0
    seen = Counter()
    for kind in ("csv", "xlsx", "json"):
        file = tmp_path / f"enquiries.{kind}"
        with platform.read() as ctx:
            assert export(ctx, ExportRequest(entity="enquiry", format=kind), file) == 9240
        again = import_file("enquiry", file)
        seen[again.created, again.updated, again.skipped, again.failed] += 1
    assert seen == {(0, 0, 9240, 0): 3}


def how_many(platform: Platform, condition: str) -> int:
    with platform.read() as ctx:
        return count(ctx, ListQuery(entity="enquiry", filter=condition, count="exact")).value
