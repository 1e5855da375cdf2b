"""Saved views: the menu in a list's bar, and the page where one arranges them."""

from dataclasses import dataclass, field
from typing import ClassVar

from loopline.web.contexts.described import described
from loopline.web.contexts.inputs import Choice
from loopline.web.contexts.shell import Hidden, PageContext


@dataclass(frozen=True, kw_only=True, slots=True)
class ViewLink:
    """A saved view in the menu."""

    label: str = field(metadata=described("Its name."))
    href: str = field(metadata=described("The list as it was saved."))
    note: str = field(default="", metadata=described("Whom it is shared with."))
    current: bool = field(default=False, metadata=described("Whether it is shown now."))


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedMenu:
    """Saved views beside a form that saves the list as it is: name, shared, pinned, default."""

    action: str = field(metadata=described("Where saving posts."))
    hidden: tuple[Hidden, ...] = field(metadata=described("The list's state."))
    views: tuple[ViewLink, ...] = field(metadata=described("The views one has or is given."))
    manage_href: str = field(metadata=described("The page to arrange them."))
    sharing: tuple[Choice, ...] = field(
        default=(), metadata=described("With whom it can be shared; empty for nobody.")
    )
    update_action: str = field(
        default="", metadata=described("Where putting this state into the view shown posts.")
    )
    current: str = field(default="", metadata=described("The name of the view shown."))
    missing: str = field(default="", metadata=described("What of that view is gone, in words."))


@dataclass(frozen=True, kw_only=True, slots=True)
class ViewRow:
    """A view on the page; empty actions mean: not by this person."""

    name: str = field(metadata=described("Its name."))
    href: str = field(metadata=described("The list as it was saved."))
    key: str = field(metadata=described("What choices name it by."))
    note: str = field(metadata=described("Whose it is and whom it is shared with."))
    pinned: bool = field(metadata=described("Whether it is a tab."))
    default: bool = field(metadata=described("Whether the list begins with it."))
    of_site: bool = field(default=False, metadata=described("Whether designers made it."))
    missing: str = field(default="", metadata=described("What of it is gone, in words."))
    edit_action: str = field(default="", metadata=described("Where name and sharing post."))
    delete_action: str = field(default="", metadata=described("Where deleting posts."))
    sharing: tuple[Choice, ...] = field(default=(), metadata=described("With whom it is shared."))


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedViewsContext(PageContext):
    """The views of an entity's list."""

    template: ClassVar[str] = "pages/saved_views.html"

    rows: tuple[ViewRow, ...] = field(metadata=described("Saved views, then the site's own."))
    choose_action: str = field(metadata=described("Where pinning and beginning post."))
    list_href: str = field(metadata=described("Back to the list."))
    problems: tuple[str, ...] = field(
        default=(), metadata=described("Why the last act was refused, one a line.")
    )
