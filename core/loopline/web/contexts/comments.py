"""Comments in the timeline of a record, and the box one writes them in."""

from dataclasses import dataclass, field

from loopline.web.contexts.described import described


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A piece of a comment: plain text, a web address or a person's name."""

    text: str = field(metadata=described("What is shown."))
    href: str = field(default="", metadata=described("Where a web address leads."))
    person: bool = field(default=False, metadata=described("Whether it names a person."))


@dataclass(frozen=True, kw_only=True, slots=True)
class CommentShown:
    """A comment; empty actions mean: not by this person."""

    parts: tuple[Part, ...] = field(metadata=described("What it says, in pieces."))
    edited: bool = field(default=False, metadata=described("Whether it was changed since."))
    deleted: bool = field(default=False, metadata=described("Whether it says nothing any more."))
    text: str = field(default="", metadata=described("The text to change."))
    edit_action: str = field(default="", metadata=described("Where changing it posts ``text``."))
    delete_action: str = field(default="", metadata=described("Where deleting it posts."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Composer:
    """The box for a new comment: posts ``text``."""

    action: str = field(metadata=described("Where it posts."))
    people: str = field(metadata=described("Where the names of colleagues are found: ?q=."))
    text: str = field(default="", metadata=described("What was written before."))
    error: str = field(default="", metadata=described("Why it was refused."))
