"""The frame around every page: menu, bars, language, the signed-in person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from loopline.web.contexts.described import described
from loopline.web.contexts.person import Person


@dataclass(frozen=True, kw_only=True, slots=True)
class NavItem:
    """A link of the menu, the tab bar or the menu of new things."""

    label: str = field(metadata=described("The word shown."))
    href: str = field(metadata=described("Where it leads."))
    icon: str = field(default="", metadata=described("The symbol's name, without i-."))
    line: str = field(default="", metadata=described("The line it is a station of."))
    current: bool = field(default=False, metadata=described("Whether the page is this one."))
    opened: bool = field(default=False, metadata=described("Whether a page below it is shown."))
    key: str = field(default="", metadata=described("The letter that leads here after G."))
    children: "tuple[NavItem, ...]" = field(
        default=(), metadata=described("Entries beneath; shown while this one or they are current.")
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class NavGroup:
    """A part of the side menu; ``ring`` draws its entries as stations of the loop."""

    items: tuple[NavItem, ...] = field(metadata=described("The entries in order."))
    label: str = field(default="", metadata=described("The heading; none when empty."))
    ring: bool = field(default=False, metadata=described("Whether entries are stations."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Crumb:
    """A step of the way to the page."""

    label: str = field(metadata=described("The word shown."))
    href: str = field(default="", metadata=described("Where it leads; empty for the page itself."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Toast:
    """What has just been done, with a way back where there is one."""

    text: str = field(metadata=described("What happened."))
    bad: bool = field(default=False, metadata=described("Whether it went wrong."))
    undo_action: str = field(default="", metadata=described("Where the undo is posted."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Hidden:
    """A value that a form carries along unseen."""

    name: str = field(metadata=described("The parameter."))
    value: str = field(metadata=described("Its value."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Bell:
    """How many notifications wait; a script asks ``source`` for the newest number and label."""

    label: str = field(metadata=described("The number in words."))
    count: str = field(default="", metadata=described("The number; empty for none."))
    href: str = field(default="/notifications", metadata=described("The notifications."))
    source: str = field(
        default="/notifications/count", metadata=described("Where the newest number is.")
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Shell:
    """What every page of a signed-in person has in common."""

    language: str = field(metadata=described("zh or en: the language of every word."))
    title: str = field(metadata=described("The browser tab's text, without the product's name."))
    site: str = field(metadata=described("The name of the site, under the product's."))
    csrf: str = field(metadata=described("The token that every posted form carries."))
    here: str = field(metadata=described("The page's own address, to come back to."))
    person: Person | None = field(default=None, metadata=described("Who is signed in."))
    home_href: str = field(default="/", metadata=described("The home page."))
    logout_action: str = field(default="/logout", metadata=described("Where signing out posts."))
    language_action: str = field(
        default="/language", metadata=described("Where the choice of language posts.")
    )
    menu: tuple[NavGroup, ...] = field(default=(), metadata=described("The side menu."))
    foot: tuple[NavItem, ...] = field(default=(), metadata=described("Its last entries."))
    own: tuple[NavItem, ...] = field(
        default=(), metadata=described("Pages about the person themselves.")
    )
    tabs: tuple[NavItem, ...] = field(default=(), metadata=described("The phone's tab bar."))
    create: tuple[NavItem, ...] = field(default=(), metadata=described("What can be made new."))
    crumbs: tuple[Crumb, ...] = field(default=(), metadata=described("The way to this page."))
    line: str = field(default="", metadata=described("The line this page belongs to."))
    toast: Toast | None = field(default=None, metadata=described("What has just been done."))
    bell: Bell | None = field(default=None, metadata=described("The bell; none at the door."))


@dataclass(frozen=True, kw_only=True, slots=True)
class PageContext:
    """The base of every page's context.

    ``template`` is the page's file; ``fragments`` maps the id of each region that can be swapped
    alone to the file that draws it.
    """

    template: ClassVar[str]
    fragments: ClassVar[Mapping[str, str]] = {}

    shell: Shell = field(metadata=described("The frame around the page."))
