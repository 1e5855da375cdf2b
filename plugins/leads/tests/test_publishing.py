"""Broken rules are told when they are to be published: by schema, expression, and by record."""

import pytest

from loopline.errors import NotValid
from loopline.testing import publish_documents

ASSIGNMENT = """
kind: assignment
id: x_rule
format: 1
label: {{zh: 甲, en: One}}
entity: lead
method: {method}
when: {when}
to: {{a: {to}}}
"""
GOOD = {"method": "fixed", "when": "'level == \"a\"'", "to": '{users: ["ann@example.com"]}'}
POOL = """
kind: pool_rule
id: x_pool
format: 1
label: {{zh: 池, en: Pool}}
entity: lead
pool: {pool}
recycle: {{idle: {{label: Idle, reason: {reason}, days: {days}}}}}
"""
SOUND = {"pool": "public", "reason": "no_follow_up", "days": "3"}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"method": "by_luck"}, "metadata.not_allowed"),
        ({"when": "'no_such_field == 1'"}, "expr.unknown_field"),
        ({"to": "{role: nobody}"}, "metadata.no_target"),
        ({"to": "{everybody: true}"}, "metadata.unknown_key"),
        ({"to": '{users: ["nobody@example.com"]}'}, "nobody@example.com"),
        ({"to": "{department: X}"}, "编码为 X 的部门"),
        ({"to": "{pool: nowhere}"}, "编码为 nowhere 的线索池"),
        ({"to": "{weight: 2}"}, "users"),
    ],
)
def test_an_assignment_rule_that_cannot_work_is_refused(platform, house, wrong, told) -> None:
    with pytest.raises(NotValid) as refused:
        publish_documents(platform, ASSIGNMENT.format(**{**GOOD, **wrong}))
    assert told in str(refused.value)


def test_one_that_can_is_published(platform, house) -> None:
    publish_documents(platform, ASSIGNMENT.format(**GOOD))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"reason": "no_luck"}, "metadata.not_allowed"),
        ({"days": "0"}, "metadata.invalid"),
        ({"pool": "nowhere"}, "nowhere"),
        ({"pool": "north"}, "north_rule"),
    ],
)
def test_a_pool_rule_that_cannot_work_is_refused(platform, house, wrong, told) -> None:
    with pytest.raises(NotValid) as refused:
        publish_documents(platform, POOL.format(**{**SOUND, **wrong}))
    assert told in str(refused.value)
