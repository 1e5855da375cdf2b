"""The page of tag rules."""

from dataclasses import dataclass, field
from typing import ClassVar

from loopline.web.contexts.described import described
from loopline.web.contexts.shell import NavItem, PageContext


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleRow:
    """A rule and what it would do now."""

    name: str = field(metadata=described("What it is called."))
    entity: str = field(metadata=described("Whose tags it gives."))
    tag: str = field(metadata=described("The tag."))
    when: str = field(metadata=described("Its condition."))
    gains: str = field(metadata=described("How many records would get the tag."))
    loses: str = field(metadata=described("How many records would lose it."))
    gaining: tuple[NavItem, ...] = field(default=(), metadata=described("The first of those."))
    losing: tuple[NavItem, ...] = field(default=(), metadata=described("The first of these."))


@dataclass(frozen=True, kw_only=True, slots=True)
class TagRulesContext(PageContext):
    """The tag rules of the site, for administrators."""

    template: ClassVar[str] = "pages/tag_rules.html"

    rows: tuple[RuleRow, ...] = field(metadata=described("Every rule."))
    run_action: str = field(metadata=described("Where running all of them posts."))
