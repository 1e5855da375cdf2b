"""Publishing refuses rules that name what is not there; work that was given up is told."""

import pytest

from loopline.errors import NotValid
from loopline.jobs.queue import Job
from loopline.services.observing import announce_failure
from loopline.testing import publish_documents

HEAD = "id: x_rule\nformat: 1\nlabel: {zh: 甲, en: One}\nentity: ticket\n"
SLA = f"kind: sla_policy\n{HEAD}"
TICKET = f"kind: ticket_rule\n{HEAD}"
VISIT = f"kind: visit_rule\n{HEAD}subject: Call\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SLA + "limits: {sometimes: {resolve: P1D}}", "sometimes"),
        (SLA + "limits: {high: {resolve: P1W}}", "resolve"),
        (SLA + "limits: {high: {resolve: PT}}", "resolve"),
        (SLA + "calendar: nowhere\nlimits: {high: {resolve: P1D}}", "metadata.no_target"),
        (TICKET + "set: {priority: sometimes}", "sometimes"),
        (TICKET + "set: {category: nowhere}", "nowhere"),
        (TICKET + "when: 'no_such_field == 1'", "expr.unknown_field"),
        (TICKET + 'assign: {a: {users: ["nobody@example.com"]}}', "nobody@example.com"),
        (TICKET + "assign: {a: {role: nobody}}", "metadata.no_target"),
        (TICKET + "assign: {a: {pos: 1}}", "x_rule"),
        (VISIT + "enters: gone\nafter: P1D", "gone"),
        (VISIT + "enters: closed\nafter: PT4H", "after"),
        (VISIT + "enters: closed\nafter: P1D\nchannel: pigeon", "pigeon"),
    ],
)
def test_a_rule_that_cannot_work_is_refused(
    platform, administrator, make_record, text, told
) -> None:
    make_record("ticket_category", code="pump", name="Pumps")
    with pytest.raises(NotValid) as refused:
        publish_documents(platform, text)
    assert told in str(refused.value)


def test_one_that_can_is_published(platform, administrator, make_record) -> None:
    make_record("ticket_category", code="pump", name="Pumps")
    publish_documents(platform, TICKET + "set: {category: pump, priority: high}")


def test_the_experts_are_told_of_work_that_was_given_up(
    platform, administrator, make_record, told
) -> None:
    make_record("skill", user=administrator.id, level="expert")
    for number, kind in enumerate(("clock.action", "clock.tick", "mail.send", "import.run"), 1):
        lost = Job(id=number, kind=kind, payload={}, attempts=8, lease_token="")
        announce_failure(platform.write, lost, "SMTP: no such host")
    assert len(told(administrator)) == 2
    assert "SMTP: no such host" in told(administrator)[0]
