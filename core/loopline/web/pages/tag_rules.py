"""The page of tag rules: who would get and lose which tag, and running them."""

from collections.abc import Mapping
from typing import Final

from loopline.access.context import Context
from loopline.jobs.queue import enqueue
from loopline.services.metadata import require_configure
from loopline.services.tagging import RUN, RulePreview, preview
from loopline.web.contexts.shell import Crumb, NavItem
from loopline.web.contexts.tag_rules import RuleRow, TagRulesContext
from loopline.web.pages.dispatch import Go, PageRequest, PageRoute, Reply, Show
from loopline.web.pages.shell import Place, entity_href, shell

_PATH: Final = "/tags/rules"


def show(ctx: Context, asked: PageRequest) -> Reply:
    """Answer the page. Raises Forbidden for all but administrators."""
    require_configure(ctx)
    title = ctx.messages.say("ui.tag.rules", ctx.actor.language)
    return Show(
        context=TagRulesContext(
            shell=shell(ctx, asked, Place(title=title, crumbs=(Crumb(label=title),))),
            rows=tuple(_row(ctx, one) for one in preview(ctx)),
            run_action=f"{_PATH}/run",
        )
    )


def run(ctx: Context, asked: PageRequest) -> Reply:
    """Have a worker run all rules now."""
    require_configure(ctx)
    enqueue(ctx.connection, RUN, {}, ctx.now, unique_key=RUN)
    return Go(to=_PATH, done="tags.running")


def _row(ctx: Context, one: RulePreview) -> RuleRow:
    language, rule = ctx.actor.language, one.rule.rule
    return RuleRow(
        name=rule.label.to(language) or rule.key,
        entity=ctx.catalog.entity(rule.entity).label.to(language),
        tag=one.rule.field.options[rule.tag].label.to(language),
        when=rule.when,
        gains=f"{one.gains:,}",
        loses=f"{one.loses:,}",
        gaining=_links(rule.entity, one.gaining),
        losing=_links(rule.entity, one.losing),
    )


def _links(entity: str, records: Mapping[int, str]) -> tuple[NavItem, ...]:
    base = entity_href(entity)
    return tuple(NavItem(label=title, href=f"{base}/{number}") for number, title in records.items())


ROUTES: Final = (
    PageRoute(method="GET", path=_PATH, handler=show),
    PageRoute(method="POST", path=f"{_PATH}/run", handler=run),
)
