"""Explaining access: may somebody do something, why or why not, and what would change it.

The answer is computed by the same rights that decide, grant by grant; nothing is said that was not
tried.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from loopline.access.context import Context
from loopline.access.restrictions import NOTHING
from loopline.access.rights import READING
from loopline.errors import NotFound
from loopline.services.access_questions import (
    CHANGING,
    USER,
    Question,
    asked_record,
    known_entity,
    obstructed,
    subject,
)
from loopline.services.access_words import AccessWords
from loopline.services.flipping import smallest_change


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A grant or a demand of the chain. ``holds`` is None where no record was named.

    ``source`` is the role or the plugin, ``scope`` the expression, ``told`` the whole in words.
    """

    source: str
    grant: str = ""
    scope: str
    holds: bool | None
    told: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """Whether somebody may do something, and why, in one language."""

    allowed: bool
    sentence: str
    user: int
    action: str
    entity: str
    record: int | None
    grants: tuple[Link, ...] = ()
    demands: tuple[Link, ...] = ()
    change: str = ""

    def shape(self) -> dict[str, Any]:
        """Answer it as JSON."""
        return asdict(self)


def chain(question: Question, words: AccessWords) -> tuple[Sequence[Link], Sequence[Link]]:
    """Answer the grants that allow the action somewhere, and what plugins demand besides."""
    rights, entity, action = question.ctx.rights, question.entity, question.action
    if rights.unrestricted:
        return (), ()
    grants = [
        Link(
            source=one.role,
            grant=one.id,
            scope=one.scope,
            holds=question.holds(one.scope),
            told=_told(question, words, "grant", words.role(one.role), one.scope),
        )
        for one in rights.of(entity, action)
    ]
    demands = [
        Link(
            source=plugin,
            scope=text,
            holds=False if text == NOTHING else question.holds(text),
            told=_told(question, words, "demand", words.plugin(plugin), text),
        )
        for plugin, text in rights.restrict(entity.id, action)
    ]
    return grants, demands


def _told(question: Question, words: AccessWords, kind: str, source: str, scope: str) -> str:
    if not scope:
        return words.say(f"{kind}.all", source=source)
    if scope == NOTHING:
        return words.say(f"{kind}.failed", source=source)
    said = words.scope(scope)
    if question.record is None:
        return words.say(f"{kind}.where", source=source, scope=said)
    outcome = words.outcome(scope, question.record)
    return words.say(f"{kind}.told", source=source, scope=said, outcome=outcome)


def _reason(
    question: Question,
    words: AccessWords,
    grants: Sequence[Link],
    demands: Sequence[Link],
    *,
    allowed: bool,
) -> str:
    """Answer why, in one clause."""
    holding = [one for one in grants if one.holds is not False]
    if allowed:
        return holding[0].told if holding else words.say("why.administrator")
    barred = _barred(question)
    if barred:
        return words.say(barred)
    if not grants:
        return _without_grant(question.ctx, words)
    failing = [one.told for one in demands if one.holds is False]
    if holding:
        return failing[0] if failing else words.say("why.unread")
    return words.say("semicolon").join(dict.fromkeys(one.told for one in grants))


def _barred(question: Question) -> str:
    """Answer the key of what forbids the action whatever roles say, empty if nothing does."""
    traits, action = question.entity.traits, question.action
    if action not in READING and question.ctx.rights.reading_only:
        return "why.reading"
    if action not in READING and traits.closed:
        return "why.closed"
    return "why.append_only" if traits.append_only and action in CHANGING else ""


def _without_grant(ctx: Context, words: AccessWords) -> str:
    catalog = ctx.snapshot.catalog
    held = [one.id for one in catalog.roles() if one.everyone or one.id in ctx.actor.roles]
    if not held:
        return words.say("why.no_role")
    named = words.say("comma").join(map(words.role, held))
    return words.say("why.no_grant", roles=named)


def explain_access(
    ctx: Context, user: int, action: str, entity: str, record: int | None = None, language: str = ""
) -> Explanation:
    """Explain whether a user may do an action to a record, or to any of an entity.

    In ``language``, that of who asks if blank. Raises Forbidden where somebody but an administrator
    asks about another, NotFound for what does not exist for who asks.
    """
    spoken, definition = language or ctx.actor.language, known_entity(ctx, entity)
    asked = subject(ctx, user)
    held = asked_record(ctx, entity, record)
    words = AccessWords(ctx, asked or ctx, definition, spoken)
    if not words.known(action):
        raise NotFound(code="action.not_found", entity=definition.label, action=action)
    name = words.title(USER, user)
    told = {"user": name, "action": words.action(action), "thing": words.thing(held)}
    if asked is None:
        key = obstructed(ctx, user)
        allowed, why = False, words.say(f"why.{key}")
        found = _plain(user, action, entity, record, words.say(f"change.{key}", user=name))
    else:
        question = Question(asked, definition, action, held)
        allowed = question.allowed(asked.rights)
        grants, demands = chain(question, words)
        why = _reason(question, words, grants, demands, allowed=allowed)
        change = smallest_change(question, words, allowed=allowed)
        found = _plain(user, action, entity, record, change)
        found = replace(found, grants=tuple(grants), demands=tuple(demands))
    sentence = words.say("allowed" if allowed else "denied", **told, why=why)
    return replace(found, allowed=allowed, sentence=sentence)


def _plain(user: int, action: str, entity: str, record: int | None, change: str) -> Explanation:
    """Answer an explanation without a chain, of something denied."""
    return Explanation(
        allowed=False,
        sentence="",
        user=user,
        action=action,
        entity=entity,
        record=record,
        change=change,
    )
