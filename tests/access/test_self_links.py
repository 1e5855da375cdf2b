"""Scopes that follow a link see records as they are to be, also one that points to itself."""

import pytest

from loopline.errors import NotValid
from loopline.services import editing, records

DOCUMENTS = """
kind: entity
id: x_case
format: 1
label: Case
title_field: name
traits: {owned: true}
fields:
  name:   {type: text, label: Name}
  parent: {type: link, to: x_case, label: Parent}
---
kind: role
id: x_upper
format: 1
label: Upper
grants: {cases: {entity: x_case, actions: [read, update], scope: "parent.owner == me"}}
"""


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


def test_nobody_hands_a_record_out_of_their_own_sight(platform, as_user) -> None:
    ada, bo = as_user("Ada", roles=("x_upper",)), as_user("Bo")
    with platform.write() as ctx:
        made = records.create(ctx, "x_case", {"name": "ring", "owner": ada.id})
        editing.update(ctx, "x_case", made.id, {"parent": made.id})
    with platform.write(ada) as ctx:
        assert editing.update(ctx, "x_case", made.id, {"name": "round"}).value("name") == "round"
        with pytest.raises(NotValid, match="out_of_scope"):
            editing.update(ctx, "x_case", made.id, {"owner": bo.id})
