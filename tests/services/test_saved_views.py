"""Saved views give nothing away."""

import pytest

from loopline.services.saved_views import ViewWish, save_view, saved_views

ROLE = """
---
kind: role
id: x_clerk
format: 1
label: {zh: 文员, en: Clerk}
grants: {things: {entity: x_thing, actions: [read], fields: {price: none}}}
"""


@pytest.fixture
def site_documents(site_documents: str) -> str:
    return site_documents + ROLE


@pytest.mark.parametrize(
    ("state", "given"),
    [
        ({"conditions": ["price:ge:3"]}, []),
        ({"filter": "price > 3"}, []),
        ({"filter": "count > 3"}, [{"filter": "count > 3"}]),
        ({"columns": ["name", "price"], "sort": "price"}, [{"columns": ["name"]}]),
    ],
)
def test_a_shared_view_names_no_field_that_may_not_be_read(platform, as_user, state, given) -> None:
    root, clerk = as_user("Root", administrator=True), as_user("Clerk", roles=("x_clerk",))
    with platform.write(root) as ctx:
        save_view(ctx, "x_thing", ViewWish(name="a", state=state, shared="everyone"))
    with platform.read(clerk) as ctx:
        assert [one.state for one in saved_views(ctx, "x_thing")] == given
