"""The page of notifications."""

from dataclasses import dataclass, field
from typing import ClassVar

from loopline.web.contexts.described import described
from loopline.web.contexts.inputs import Choice
from loopline.web.contexts.lists import Tab
from loopline.web.contexts.shell import PageContext


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One notification."""

    text: str = field(metadata=described("What happened."))
    excerpt: str = field(metadata=described("What was said, if anything was."))
    icon: str = field(metadata=described("The symbol of its kind."))
    when: str = field(metadata=described("When, in words."))
    machine: str = field(metadata=described("When, as a machine reads it."))
    open_action: str = field(metadata=described("Where opening it posts: it is read then."))
    unread: bool = field(default=False, metadata=described("Whether it was not read yet."))


@dataclass(frozen=True, kw_only=True, slots=True)
class NotificationsContext(PageContext):
    """What one was told."""

    template: ClassVar[str] = "pages/notifications.html"

    tabs: tuple[Tab, ...] = field(metadata=described("The unread, and all."))
    told: tuple[Told, ...] = field(metadata=described("Newest first."))
    more_href: str = field(metadata=described("Earlier ones."))
    read_action: str = field(metadata=described("Where marking all read posts; empty if they are."))
    mail_action: str = field(metadata=described("Where the choice of mails posts ``kind``."))
    kinds: tuple[Choice, ...] = field(metadata=described("Kinds that can also go by mail."))
