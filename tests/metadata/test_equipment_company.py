"""The demo company: everybody has a manager and a role, and its rules name only who is there."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from loopline.meta.document import nest
from loopline.meta.load import Loaded
from loopline.meta.schemas import Schemas
from loopline.services.sources import Demo, read_demo, read_pack
from loopline_metadata.packs.equipment import company

EMAILS = {one.email for one in company.employees()}
UNPLACED = {"顾衡之", "钟砺锋", "何思源"}
"""Engineers and lawyers: nobody who works in the product yet."""


@pytest.fixture(scope="module")
def said(schemas: Schemas) -> Demo:
    return read_demo("equipment", schemas)


@pytest.fixture(scope="module")
def bodies(loaded: Mapping[str, list[Loaded]]) -> list[Mapping[str, Any]]:
    """Answer the rules of the company, by their kinds."""
    return [
        {**nest(one.leaves), "kind": one.key.kind}
        for part in loaded["site"]
        for one in part.documents
    ]


def test_everybody_answers_to_the_head_of_the_company() -> None:
    for one in company.employees():
        chain = [one]
        while (above := company.manager(chain[-1])) is not None:
            chain.append(above)
        assert (chain[-1].name, len(chain) <= 4) == ("江望川", True)


def test_everybody_who_works_in_it_has_a_role(said: Demo) -> None:
    placed = {one.email for one in said.logins} | {email for email, _ in said.holders}
    assert {one.name for one in company.employees() if one.email not in placed} == UNPLACED
    assert placed <= EMAILS


def test_the_roles_are_those_of_the_pack(said: Demo, loaded: Mapping[str, list[Loaded]]) -> None:
    documents = [one.key for part in loaded["equipment"] for one in part.documents]
    roles = {key.id for key in documents if key.kind == "role"}
    held = {role for one in said.logins for role in one.roles}
    assert held | {role for _, some in said.holders for role in some} == roles


def test_rules_name_people_departments_and_pools_that_are_there(
    bodies: list[Mapping[str, Any]],
) -> None:
    receivers = [to for one in bodies for to in one.get("to", {}).values()]
    users = {email for to in receivers for email in to.get("users", ())}
    departments = {to["department"] for to in receivers if "department" in to}
    named = {to["pool"] for to in receivers if "pool" in to}
    ruled = {one["pool"] for one in bodies if one["kind"] == "pool_rule"}
    assert users <= EMAILS
    assert departments <= {code for code, _, _ in company.DEPARTMENTS}
    assert ruled == set(company.POOLS)
    assert named <= ruled | {"public"}


def test_what_the_company_set_up_is_of_the_site(said: Demo, schemas: Schemas) -> None:
    (folder,) = said.packs
    assert read_pack(folder, schemas, "zh").is_site
    assert Path(folder).is_dir()
