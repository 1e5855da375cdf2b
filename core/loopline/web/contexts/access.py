"""The pages about access: a person's ways in and roles, an explanation, the trail."""

from dataclasses import dataclass, field
from typing import ClassVar

from loopline.web.contexts.described import described
from loopline.web.contexts.inputs import Choice, FieldInput
from loopline.web.contexts.shell import PageContext


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldRole:
    """A role that somebody holds."""

    label: str = field(metadata=described("What it is called."))
    help: str = field(metadata=described("What it is for."))
    take: str = field(default="", metadata=described("What posting sends to take it away."))


@dataclass(frozen=True, kw_only=True, slots=True)
class WayIn:
    """A session or a token."""

    title: str = field(metadata=described("From where, or what it is called."))
    note: str = field(metadata=described("Since when, until when, for what."))
    current: bool = field(default=False, metadata=described("Whether this page came through it."))
    ended: str = field(default="", metadata=described("Since when it opens nothing any more."))
    key: str = field(default="", metadata=described("What posting sends to end it."))
    action: str = field(default="", metadata=described("Where ending it posts."))


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonContext(PageContext):
    """What a person may do and how they come in."""

    template: ClassVar[str] = "pages/person.html"

    record_href: str = field(metadata=described("The record of the person; empty if unreadable."))
    administrator: bool = field(metadata=described("Whether they may do everything."))
    disabled: str = field(metadata=described("Why they cannot sign in at all; empty if they can."))
    enable_action: str = field(metadata=described("Where letting them in again posts, if allowed."))
    disable_action: str = field(metadata=described("Where disabling them posts, if allowed."))
    locked: str = field(metadata=described("Until when failures keep them out; empty if not."))
    unlock_action: str = field(metadata=described("Where lifting the lock posts, if allowed."))
    roles: tuple[HeldRole, ...] = field(metadata=described("The roles they hold."))
    roles_action: str = field(metadata=described("Where giving and taking posts, if allowed."))
    others: tuple[Choice, ...] = field(metadata=described("The roles that can be given."))
    sessions: tuple[WayIn, ...] = field(metadata=described("Where they are signed in."))
    end_others: str = field(metadata=described("Where ending all others posts, if there are any."))
    tokens: tuple[WayIn, ...] = field(metadata=described("Their tokens."))
    explain_href: str = field(metadata=described("The page that explains their rights."))
    trail_href: str = field(metadata=described("What they did, for administrators."))
    handover_href: str = field(metadata=described("Handing over, for administrators."))


@dataclass(frozen=True, kw_only=True, slots=True)
class ChainLink:
    """A grant or a demand in words; ``holds`` is yes, no, or blank where no record is named."""

    text: str = field(metadata=described("What it says."))
    holds: str = field(default="", metadata=described("yes or no; blank where nothing is named."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """An explanation."""

    allowed: bool = field(metadata=described("Whether it is allowed."))
    sentence: str = field(metadata=described("Why, in one sentence."))
    links: tuple[ChainLink, ...] = field(metadata=described("The grants and demands behind it."))
    change: str = field(metadata=described("The smallest change that turns it round."))


@dataclass(frozen=True, kw_only=True, slots=True)
class ExplainContext(PageContext):
    """May somebody do something, and why."""

    template: ClassVar[str] = "pages/explain.html"

    people: tuple[Choice, ...] = field(metadata=described("Whom one may ask about; none: oneself."))
    actions: tuple[Choice, ...] = field(metadata=described("What can be asked for."))
    entities: tuple[Choice, ...] = field(metadata=described("Of what."))
    record: FieldInput = field(metadata=described("Chooses the record; blank for any."))
    answer: Answered | None = field(default=None, metadata=described("The answer, once asked."))
    problem: str = field(default="", metadata=described("Why there is no answer."))


@dataclass(frozen=True, kw_only=True, slots=True)
class TrailLine:
    """A line of the trail."""

    when: str = field(metadata=described("When, for people."))
    machine: str = field(metadata=described("When, for machines."))
    who: str = field(metadata=described("Who did it."))
    action: str = field(metadata=described("What was done."))
    entity: str = field(metadata=described("To what kind of record."))
    title: str = field(metadata=described("To which record."))
    href: str = field(metadata=described("The record's page; empty where there is none."))
    said: str = field(metadata=described("Which fields, or what was said."))
    via: str = field(metadata=described("Through which door; blank for pages."))


@dataclass(frozen=True, kw_only=True, slots=True)
class TrailContext(PageContext):
    """The trail of the site, for administrators."""

    template: ClassVar[str] = "pages/audit.html"

    people: tuple[Choice, ...] = field(metadata=described("Whose lines."))
    entities: tuple[Choice, ...] = field(metadata=described("About what."))
    actions: tuple[Choice, ...] = field(metadata=described("Which acts."))
    day: str = field(metadata=described("Of which day."))
    lines: tuple[TrailLine, ...] = field(metadata=described("The lines, the newest first."))
    more_href: str = field(default="", metadata=described("Older lines."))
    problem: str = field(default="", metadata=described("What of the filter was not understood."))
