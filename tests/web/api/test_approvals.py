"""An approval as the public contract writes it, and what must not go past it, over HTTP."""

import json
from collections.abc import Callable
from importlib.metadata import entry_points
from textwrap import dedent

import pytest

from loopline.access.tokens import create_token
from loopline.services.editing import update
from loopline.services.plugin_states import enable

PACK = "id: quotes\ntitle: Quotes\nversion: 0.1.0\nlayer: pack\n"
ENTITY = """
kind: entity
id: quote
format: 1
label: Quote
title_field: name
traits: {owned: true, audited: true}
fields:
  name:        {type: text, label: Name, required: true}
  discount:    {type: decimal, scale: 3, label: Discount}
  margin:      {type: decimal, scale: 3, label: Margin}
  valid_until: {type: date, label: Valid until}
  status:      {type: choice, label: Status, default: draft, options: {draft: {label: Draft}, sent: {label: Sent}, accepted: {label: Accepted}}}
  lines:       {type: lines, to: quote_line, label: Lines}
---
kind: entity
id: quote_line
format: 1
label: Quote line
parent: quote
title_field: what
fields:
  what:  {type: text, label: What}
  quote: {type: link, to: quote, label: Quote, on_delete: cascade}
"""  # noqa: E501
ROLES = "".join(
    f"""
---
kind: role
id: {role}
format: 1
label: {role}
grants: {{quotes: {{entity: quote, actions: [{actions}]}}}}
"""
    for role, actions in (
        ("seller", "read, create, update"), ("sales_manager", "read"), ("finance", "read"),
    )
)  # fmt: skip
EXAMPLE = """
---
kind: approval
id: quote_discount
format: 1
entity: quote
when: "discount > 0.1"
locks: [discount, lines, valid_until]          # a change to these voids the approval
steps:
  lead:    {mode: any, approvers: {a: {role: sales_manager}}, pos: 1}   # mode: sequence | any | all | count, with `count: 2`
  finance: {mode: all, when: "margin < 0.2", approvers: {a: {role: finance}, b: {field: owner.manager}}, pos: 2}
  legal:   {kind: acme.clause_check, pos: 3}    # a step registered by a plugin
"""  # noqa: E501
KEPT = """
kind: approval
id: quote_discount
extend: true
before: {field: status, to: [sent, accepted]}
"""
CODE = """
    from loopline.sdk import *

    def decide(ctx, approval, record):
        return Approved() if record.value("valid_until") else Rejected("no day")

    @hookimpl
    def register_approval_steps(ctx):
        label = Label({"zh": "条款", "en": "Clauses"})
        yield ApprovalStep(id="acme.clause_check", label=label, decide=decide)
"""
DEAR = {"name": "Pumps", "discount": "0.2", "margin": "0.1", "valid_until": "2026-02-01"}


@pytest.fixture
def blocked_plugins() -> frozenset[str]:
    return frozenset(one.name for one in entry_points(group="loopline.plugins"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> str:
    """Answer the folder of a pack that owns quotes."""
    made = tmp_path_factory.mktemp("packs") / "quotes"
    made.mkdir()
    (made / "pack.yaml").write_text(PACK, encoding="utf-8")
    (made / "quotes.yaml").write_text(ENTITY + ROLES + EXAMPLE, encoding="utf-8")
    return str(made)


@pytest.fixture
def packs(folder) -> tuple[str, ...]:
    return (folder,)


@pytest.fixture
def site_documents() -> str:
    return KEPT


@pytest.fixture
def site(site):
    """Answer the site with the plugin of one file whose step the example names."""
    words = {"id": "acme", "title": "acme", "version": "1"}
    (site / "plugins" / "acme.json").write_text(json.dumps(words), encoding="utf-8")
    (site / "plugins" / "acme.py").write_text(dedent(CODE), encoding="utf-8")
    return site


@pytest.fixture
def people(platform, as_user, ask) -> dict[str, Callable]:
    """Answer clients of Sam who sells, Lea who leads, Fin of finance and Max above Sam."""
    with platform.write() as ctx:
        enable(ctx, platform.shelf, "acme")
    roles = {"Sam": "seller", "Lea": "sales_manager", "Fin": "finance", "Max": "sales_manager"}
    actors = {name: as_user(name, roles=(role,)) for name, role in roles.items()}
    with platform.write(via="cli") as ctx:
        update(ctx, "user", actors["Sam"].id, {"manager": actors["Max"].id})
        tokens = {
            name: create_token(ctx.connection, actor.id, frozenset({"read", "write"}), ctx.now)
            for name, actor in actors.items()
        }

    def client(token: str) -> Callable:
        return lambda method, path, **given: ask(token, method, path, **given)

    return {name: client(token) for name, token in tokens.items()}


@pytest.fixture
def quote(people) -> str:
    """Answer the address of a quote over the limit."""
    made = people["Sam"]("POST", "/records/quote", json=DEAR)
    assert made.status_code == 201, made.text
    return f"/records/quote/{made.json()['id']}"


def act(people, name: str, quote: str, action: str, **said: object):
    return people[name]("POST", f"{quote}/actions/{action}", json=said)


def write(people, quote: str, **values: object) -> tuple[int, list[str]]:
    answer = people["Sam"]("PATCH", quote, json=values)
    return answer.status_code, [one["code"] for one in answer.json().get("problems", ())]


def stands(people, quote: str) -> list[str]:
    items = people["Sam"]("GET", f"{quote}/approvals").json()["items"]
    return [one["state"] for one in items]


def approve(people, quote: str) -> None:
    """Let everybody whom the example names agree, one step after the other."""
    assert act(people, "Sam", quote, "submit").status_code == 200
    for name in ("Lea", "Fin", "Max"):
        assert act(people, name, quote, "approve").status_code == 200


def test_the_example_runs_as_it_is_written(people, quote) -> None:
    assert act(people, "Sam", quote, "submit").status_code == 200
    assert act(people, "Fin", quote, "approve").status_code == 403
    for name in ("Lea", "Fin"):
        act(people, name, quote, "approve")
        assert stands(people, quote) == ["pending"]
    act(people, "Max", quote, "approve")
    assert stands(people, quote) == ["approved"]


def test_one_write_of_fields_and_lines_asks_anew_once(people, quote) -> None:
    write(people, quote, lines=[{"what": "A pump"}, {"what": "A hose"}])
    act(people, "Sam", quote, "submit")
    act(people, "Lea", quote, "approve")
    assert write(people, quote, discount="0.3", lines=[{"what": "Another"}]) == (200, [])
    rounds = people["Sam"]("GET", f"{quote}/approvals?all=1").json()["items"]
    assert [(one["round"], one["state"]) for one in rounds] == [(2, "pending"), (1, "voided")]
    assert [one["act"] for one in rounds[1]["events"]][-1] == "voided"
    assert "approved" in [one["state"] for one in rounds[1]["seats"]]
    assert stands(people, quote) == ["pending"]


def test_a_step_is_left_out_and_the_plugin_may_refuse(people, quote) -> None:
    write(people, quote, margin="0.5", valid_until=None)
    act(people, "Sam", quote, "submit")
    act(people, "Lea", quote, "approve")
    assert stands(people, quote) == ["rejected"]


def test_over_the_limit_it_is_sent_only_once_it_is_approved(people, quote) -> None:
    assert write(people, quote, status="sent") == (422, ["approval.before"])
    act(people, "Sam", quote, "submit")
    assert write(people, quote, status="sent") == (422, ["approval.before_pending"])
    for name in ("Lea", "Fin", "Max"):
        act(people, name, quote, "approve")
    assert write(people, quote, status="sent") == (200, [])


def test_a_discount_changed_after_the_approval_is_not_sent(people, quote) -> None:
    approve(people, quote)
    assert write(people, quote, discount="0.3", status="sent") == (422, ["approval.before"])
    assert write(people, quote, discount="0.3") == (200, [])
    assert stands(people, quote) == ["pending"]
    assert write(people, quote, status="sent") == (422, ["approval.before_pending"])


def test_what_is_sent_keeps_its_lines_and_its_discount(people, quote) -> None:
    approve(people, quote)
    write(people, quote, status="sent")
    lines = [{"what": "A pump for nothing"}]
    assert write(people, quote, lines=lines) == (422, ["approval.before_change"])
    assert write(people, quote, discount="0.4") == (422, ["approval.before_change"])
    assert stands(people, quote) == ["approved"]


def test_neither_a_copy_nor_a_bulk_change_goes_past_it(people, quote) -> None:
    approve(people, quote)
    write(people, quote, status="sent")
    copied = people["Sam"]("POST", "/records/quote", json={**DEAR, "status": "sent"})
    assert [one["code"] for one in copied.json()["problems"]] == ["approval.before"]
    fresh = people["Sam"]("POST", "/records/quote", json=DEAR).json()["id"]
    bulk = {"ids": [fresh], "act": "update", "fields": {"status": "sent"}}
    run = people["Sam"]("POST", "/records/quote/bulk", json=bulk).json()
    assert (run["refused"], "Quote discount" in run["problems"][0]["message"]) == (1, True)


def test_within_the_limit_it_is_sent_at_once(people, quote) -> None:
    assert write(people, quote, discount="0.1", status="sent") == (200, [])
