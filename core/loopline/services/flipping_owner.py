"""Handing a record over, as what would turn an answer about access round: tried with people.

Whose a record is decides nothing by itself: another grant may still allow, a plugin may demand. So
the record is asked about as it would stand with each other owner, with that owner's department.
"""

from collections.abc import Iterator, Set
from dataclasses import replace

from loopline.access.accounts import standing
from loopline.services.access_questions import USER, Question
from loopline.services.access_words import AccessWords
from loopline.services.ownership import DEPARTMENT, OWNER, departments_of
from loopline.store.rows import Record


def hand_over(question: Question, words: AccessWords) -> Iterator[str]:
    """Try the record as the person's own."""
    ctx = question.ctx
    if question.record is not None and question.entity.traits.owned:
        moved = _owned_by(question.record, ctx.actor.id, ctx.moment.profile.get(DEPARTMENT))
        if question.allowed(ctx.rights, moved):
            yield words.say("change.hand_over", user=ctx.actor.name)


def hand_away(question: Question, words: AccessWords) -> Iterator[str]:
    """Try the record as that of others: any of them, any out of the team, or one by name."""
    one = question.record
    if one is None or not question.entity.traits.owned or not one.values.get(OWNER):
        return
    team = question.ctx.organisation.reports(question.ctx.actor.id or 0)
    tried = dict(_tried(question, one, team))
    turning = [user for user, turns in tried.items() if turns]
    if not turning:
        return
    me = question.ctx.actor.name
    if all(tried.values()):
        yield words.say("change.hand_away", user=me)
    elif all(turns for user, turns in tried.items() if user not in team):
        yield words.say("change.hand_away_from_team", user=me)
    else:
        yield words.say("change.hand_over", user=words.title(USER, turning[0]))


def _tried(question: Question, one: Record, team: Set[int]) -> Iterator[tuple[int, bool]]:
    """Yield a user of each department, in the team and out of it, and whether that turns it."""
    ctx, now = question.ctx, one.values.get(OWNER)
    among = set(standing(ctx.connection, ctx.snapshot.table(USER))) - {ctx.actor.id}
    among = {user for user in among if user != now or user in team}
    departments = departments_of(ctx, among)
    kinds: dict[tuple[bool, object], int] = {}
    for user in sorted(among):
        kinds.setdefault((user in team, departments.get(user)), user)
    for (_, department), user in kinds.items():
        yield user, not question.allowed(ctx.rights, _owned_by(one, user, department))


def _owned_by(record: Record, owner: int | None, department: object) -> Record:
    return replace(record, values={**record.values, OWNER: owner, DEPARTMENT: department})
