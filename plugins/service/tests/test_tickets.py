"""Tickets: who asks, what rules say of them, who gets them, and how they go on."""

import pytest

RULES = """
kind: role
id: agent
format: 1
label: {zh: 客服, en: Agent}
grants: {tickets: {entity: ticket, actions: ["*"]}}
---
kind: ticket_rule
id: x_leaks
format: 1
label: {zh: 泄漏, en: Leaks}
entity: ticket
pos: 1
when: 'contains(subject, "leak")'
set: {category: seal, priority: high, kind: fault}
---
kind: ticket_rule
id: x_words
format: 1
label: {zh: 投诉给赵, en: Complaints}
entity: ticket
pos: 2
when: 'kind == "complaint"'
assign: {zoe: {users: ["zoe@example.com"]}}
"""


@pytest.fixture
def site_documents() -> str:
    return RULES


@pytest.fixture
def people(as_user, make_record) -> dict[str, int]:
    found = {name: as_user(name, roles=("agent",)).id for name in ("Ann", "Bo", "Eve", "Zoe")}
    pumps = make_record("ticket_category", code="pump", name="Pumps").id
    make_record("ticket_category", code="seal", name="Seals", parent=pumps)
    for name, level in (("Ann", "first_line"), ("Bo", "first_line"), ("Eve", "expert")):
        make_record("skill", user=found[name], category=pumps, level=level)
    return found


def test_rules_classify_a_ticket_and_give_it_to_who_is_least_busy(ticket, read, people) -> None:
    first, second = read(ticket()), read(ticket())
    assert (first["category"], first["priority"], first["kind"]) == (2, "high", "fault")
    assert {first["owner"], second["owner"]} == {people["Ann"], people["Bo"]}


def test_what_somebody_said_stays(ticket, read, people) -> None:
    found = read(ticket(priority="low", owner=people["Zoe"]))
    assert (found["priority"], found["owner"]) == ("low", people["Zoe"])


def test_people_who_are_away_get_nothing(ticket, read, people, api) -> None:
    days = {"from": "2026-01-01", "until": "2026-01-09"}
    api("POST", "/records/absence", {"user": people["Ann"], **days})
    assert {read(ticket())["owner"] for _ in range(2)} == {people["Bo"]}


def test_a_rule_names_people_too(ticket, read, people) -> None:
    assert read(ticket(subject="Rude", kind="complaint"))["owner"] == people["Zoe"]


def test_whoever_asks_is_known_by_their_address(ticket, read, make_record) -> None:
    firm = make_record("customer", name="Mill").id
    contact = make_record("contact", name="Ada", email="ada@mill.example", customer=firm).id
    found = read(ticket(requester_email="ada@mill.example"))
    assert (found["contact"], found["customer"]) == (contact, firm)


def test_experts_get_what_is_escalated(ticket, read, act, people) -> None:
    number = ticket()
    act("escalate", number)
    found = read(number)
    assert (found["level"], found["owner"]) == ("expert", people["Eve"])
    assert [one["kind"] for one in found["messages"]] == ["internal"]
    act("escalate", number, status=422)


def test_a_complaint_is_solved_with_its_root_cause_only(ticket, read, act) -> None:
    number = ticket(kind="complaint")
    refused = act("solve", number, {"solution": "Sorry"}, status=422)
    assert [one["path"] for one in refused["problems"]] == ["fields.root_cause"]
    act("solve", number, {"solution": "Sorry", "root_cause": "Wrong seal"})
    assert (read(number)["status"], bool(read(number)["solved_at"])) == ("solved", True)


def test_stages_are_not_left_out(ticket, api) -> None:
    refused = api("PATCH", f"/records/ticket/{ticket()}", {"status": "closed"}, 422)
    assert refused["problems"][0]["code"] == "pipeline.from"


def test_a_reply_is_the_first_response_and_opens_the_ticket(ticket, read, act) -> None:
    number = ticket()
    act("note", number, {"text": "Ask Eve"})
    assert read(number)["first_responded_at"] is None
    act("reply", number, {"text": "We come."})
    found = read(number)
    assert (found["status"], bool(found["first_responded_at"])) == ("open", True)
    assert [one["kind"] for one in found["messages"]] == ["internal", "public"]


def test_messages_are_not_written_past_the_actions(ticket, api, act) -> None:
    number = ticket()
    act("reply", number, {"text": "We come."})
    forged = [{"kind": "public", "body": "Never said", "at": "2026-01-05T01:00:00Z"}]
    api("PATCH", f"/records/ticket/{number}", {"messages": forged}, 422)
    changed = [{"id": 1, "body": "Otherwise"}]
    api("PATCH", f"/records/ticket/{number}", {"messages": changed}, 422)


def test_messages_are_not_taken_away(ticket, api, read, act) -> None:
    number = ticket()
    act("reply", number, {"text": "We come."})
    api("PATCH", f"/records/ticket/{number}", {"messages": []}, 422)
    assert len(read(number)["messages"]) == 1


def test_a_ticket_goes_to_the_bin_with_its_messages(ticket, api, act) -> None:
    number = ticket()
    act("reply", number, {"text": "We come."})
    api("DELETE", f"/records/ticket/{number}", status=204)
