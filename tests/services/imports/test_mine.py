"""New records that are the importer's own."""

import pytest

from loopline.services.imports.request import ImportOptions, ImportRequest
from loopline.services.imports.start import start
from services.imports.conftest import write_csv

DOCUMENTS = """
kind: entity
id: x_job
format: 1
label: {zh: 活, en: Job}
title_field: name
traits: {owned: true}
fields:
  name: {type: text, label: {zh: 名称, en: Name}}
"""
TABLE = [["Name", "Owner"], ["Dig", None], ["Saw", "Ben"]]


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


@pytest.mark.parametrize("mine", [True, False])
def test_new_records_without_an_owner_are_the_importers_where_asked(
    platform, as_user, carry_out, records, tmp_path, mine
) -> None:
    ada, ben = as_user("Ada", administrator=True).id, as_user("Ben").id
    options = ImportOptions(mine=mine)
    content = write_csv(tmp_path / "jobs.csv", TABLE)
    with platform.open_as(ada, via="import", source=None) as ctx:
        request = ImportRequest(
            entity="x_job", file_name="jobs.csv", content=content, options=options
        )
        entered = start(ctx, request, platform.settings.files)
    carry_out(entered)
    owners = {one.values["name"]: one.values["owner"] for one in records("x_job")}
    assert owners == {"Dig": ada if mine else None, "Saw": ben}
