"""The smallest change that would turn an answer about access round, found by trying.

What is tried first touches least: one record, then one person, then one role, then a plugin.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from loopline.access.rights import Rights, rights_of
from loopline.meta.document import DocumentKey
from loopline.meta.roles import EVERYTHING, Grant, RoleDef
from loopline.services.access_questions import Question
from loopline.services.access_words import AccessWords
from loopline.services.flipping_owner import hand_away, hand_over

_EVERYTHING: Final = 1_000
Try = Callable[[Question, AccessWords], Iterator[str]]


def smallest_change(question: Question, words: AccessWords, *, allowed: bool) -> str:
    """Answer in words what would turn the answer round; what to do where nothing single does."""
    tries = _TAKING if allowed else _GIVING
    found = next((text for one in tries for text in one(question, words)), "")
    return found or words.say("change.none")


def _write_token(question: Question, words: AccessWords) -> Iterator[str]:
    rights = question.ctx.rights
    if rights.reading_only and question.allowed(replace(rights, reading_only=False)):
        yield words.say("change.write_token")


def _enable_plugin(question: Question, words: AccessWords) -> Iterator[str]:
    """Try with the plugin enabled that declares the entity."""
    entity = question.entity
    if entity.traits.closed:
        open_ = replace(entity, traits=replace(entity.traits, closed=False))
        if replace(question, entity=open_).allowed(question.ctx.rights):
            shares = question.ctx.snapshot.catalog.shares(DocumentKey("entity", entity.id))
            yield words.say("change.enable_plugin", plugin=words.plugin(shares[0][0]))


def _give_role(question: Question, words: AccessWords) -> Iterator[str]:
    """Try every role they do not hold, those that allow least first."""
    ctx = question.ctx
    others = [
        one
        for one in ctx.snapshot.catalog.roles()
        if not one.everyone and one.id not in ctx.actor.roles
    ]
    for role in sorted(others, key=_power):
        if question.allowed(_with_roles(question, ctx.actor.roles | {role.id})):
            told = role.label.to(words.language)
            yield words.say("change.give", role=told, user=ctx.actor.name)


def _power(role: RoleDef) -> tuple[int, str]:
    def weight(grant: Grant) -> int:
        everywhere = _EVERYTHING if grant.entity == EVERYTHING else 1
        return everywhere * (_EVERYTHING if EVERYTHING in grant.actions else len(grant.actions))

    return sum(map(weight, role.grants)), role.id


def _with_roles(question: Question, roles: frozenset[str]) -> Rights:
    rights = question.ctx.rights
    catalog = question.ctx.snapshot.catalog
    found = rights_of(catalog, roles, reading_only=rights.reading_only)
    return replace(found, restrict=rights.restrict)


def _add_action(question: Question, words: AccessWords) -> Iterator[str]:
    """Try the action in each grant on the entity that lacks it."""
    for grant in question.ctx.rights.grants:
        if grant.entity == question.entity.id and not grant.allows(question.action):
            more = replace(grant, actions=grant.actions | {question.action})
            if question.allowed(_with_grant(question, grant, more)):
                yield _of_grant(question, words, "change.add_action", grant)


def _drop_action(question: Question, words: AccessWords) -> Iterator[str]:
    """Try each grant that allows the action without it."""
    for grant in question.granting(question.ctx.rights):
        if EVERYTHING not in grant.actions:
            less = replace(grant, actions=grant.actions - {question.action})
            if not question.allowed(_with_grant(question, grant, less)):
                yield _of_grant(question, words, "change.drop_action", grant)


def _with_grant(question: Question, old: Grant, new: Grant) -> Rights:
    rights = question.ctx.rights
    return replace(rights, grants=tuple(new if one is old else one for one in rights.grants))


def _of_grant(question: Question, words: AccessWords, key: str, grant: Grant) -> str:
    action, role = words.action(question.action), words.role(grant.role)
    return words.say(key, action=action, role=role, thing=words.granted(grant.entity))


def _lift_demand(question: Question, words: AccessWords) -> Iterator[str]:
    """Try without what plugins demand, one plugin at a time."""
    rights = question.ctx.rights
    for plugin, _ in rights.restrict(question.entity.id, question.action):

        def others(entity: str, action: str, left: str = plugin) -> list[tuple[str, str]]:
            return [one for one in rights.restrict(entity, action) if one[0] != left]

        if question.allowed(replace(rights, restrict=others)):
            yield words.say("change.disable_plugin", plugin=words.plugin(plugin))


def _administrator_off(question: Question, words: AccessWords) -> Iterator[str]:
    ctx = question.ctx
    if ctx.actor.administrator:
        plain = replace(ctx, actor=replace(ctx.actor, administrator=False))
        if not replace(question, ctx=plain).allowed(plain.rights):
            yield words.say("change.no_administrator", user=ctx.actor.name)


def _take_role(question: Question, words: AccessWords) -> Iterator[str]:
    """Try without each role they were given, then without all that allow it."""
    ctx = question.ctx
    if ctx.actor.administrator:
        return
    for role in sorted(ctx.actor.roles):
        if not question.allowed(_with_roles(question, ctx.actor.roles - {role})):
            yield words.say("change.take", role=words.role(role), user=ctx.actor.name)


def _take_roles(question: Question, words: AccessWords) -> Iterator[str]:
    ctx = question.ctx
    allowing = {one.role for one in question.granting(ctx.rights)} & ctx.actor.roles
    if allowing and not question.allowed(_with_roles(question, ctx.actor.roles - allowing)):
        named = words.say("comma").join(words.role(one) for one in sorted(allowing))
        yield words.say("change.take_several", roles=named, user=ctx.actor.name)


_GIVING: Final[tuple[Try, ...]] = (
    _write_token,
    _enable_plugin,
    hand_over,
    _give_role,
    _add_action,
    _lift_demand,
)
_TAKING: Final[tuple[Try, ...]] = (
    _administrator_off,
    hand_away,
    _take_role,
    _drop_action,
    _take_roles,
)
