"""Pages of plugins: who may open them, and what happens when they break."""

from loopline.access.context import Context
from loopline.errors import Forbidden, NotFound, NotSignedIn
from loopline.hooks.boundary import boundary
from loopline.hooks.declarations import (
    File,
    Json,
    Page,
    PageAnswer,
    PageRequest,
    Redirect,
    Template,
)


def may_open(ctx: Context, page: Page) -> bool:
    """Whether the actor may open a page, by its permission."""
    match page.permission.split(":"):
        case ["public"]:
            return True
        case [""]:
            return ctx.actor.id is not None
        case ["administrator"]:
            return ctx.actor.administrator
        case [entity, action]:
            whole = ctx.snapshot.catalog
            return whole.has("entity", entity) and ctx.rights.allows(whole.entity(entity), action)
        case _:
            return False


def answer_page(ctx: Context, plugin: str, page: Page, request: PageRequest) -> PageAnswer:
    """Answer a page of a plugin.

    Raises NotFound where the plugin is not enabled, NotSignedIn or Forbidden, PluginFailed where it
    breaks, answers something else than a page, or leads away from this site.
    """
    if plugin not in ctx.calls.enabled:
        raise NotFound()
    if not may_open(ctx, page):
        raise NotSignedIn() if ctx.actor.id is None else Forbidden()
    with boundary(plugin, f"page {page.path}"):
        found = page.handler(ctx.contexts(plugin), request)
        if not isinstance(found, Template | Json | Redirect | File):
            raise TypeError(f"expected a page's answer, got {type(found).__name__}")
        if isinstance(found, Redirect) and not _is_of_this_site(found.url):
            raise ValueError(f"{found.url!r} is no path of this site")
    return found


def _is_of_this_site(url: str) -> bool:
    """Whether an address is a path: browsers read ``//`` and ``/\\`` as another host."""
    return url.startswith("/") and url[1:2] not in {"/", "\\"} and url.isprintable()
