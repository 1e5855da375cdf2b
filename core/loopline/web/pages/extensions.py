"""Pages that plugins register, within the frame of all others."""

from collections.abc import Iterator
from pathlib import Path

import orjson

from loopline.access.context import Context
from loopline.bootstrap import Platform
from loopline.hooks import declarations
from loopline.hooks.boundary import boundary
from loopline.hooks.declarations import File, Json, Redirect, Template
from loopline.services.plugin_pages import answer_page
from loopline.web.api.dispatch import as_json
from loopline.web.contexts.plugins import PluginPageContext
from loopline.web.contexts.shell import Crumb
from loopline.web.pages.dispatch import Give, Go, Hand, PageRequest, PageRoute, Reply, Show
from loopline.web.pages.portal import PUBLIC
from loopline.web.pages.shell import Place, shell


def plugin_pages(platform: Platform) -> Iterator[PageRoute]:
    """Yield a route for each method of each page for people who are signed in."""
    for plugin, pages in platform.plugins.pages.items():
        for page in pages:
            if not page.path.startswith("/api/") and page.permission != PUBLIC:
                yield from (_route(plugin, page, method) for method in page.methods)


def plugin_templates(platform: Platform) -> dict[str, Path]:
    """Answer the folder of templates of each plugin that has one."""
    found = {name: one.folder / "templates" for name, one in platform.plugins.manifests.items()}
    return {name: folder for name, folder in found.items() if folder.is_dir()}


def plugin_static(platform: Platform) -> dict[str, Path]:
    """Answer the folder of static files of each plugin that has one."""
    found = {name: one.folder / "static" for name, one in platform.plugins.manifests.items()}
    return {name: folder for name, folder in found.items() if folder.is_dir()}


def _route(plugin: str, page: declarations.Page, method: str) -> PageRoute:
    def handle(ctx: Context, asked: PageRequest) -> Reply:
        request = declarations.PageRequest(
            method=method,
            path=asked.path,
            query=dict(asked.query),
            form={n: v for n, v in asked.form.multi_items() if isinstance(v, str) and n != "csrf"},
        )
        found = answer_page(ctx, plugin, page, request)
        match found:
            case Template():
                return _framed(ctx, asked, plugin, page, found)
            case Redirect():
                return Go(to=found.url)
            case File():
                return Hand(content=found.content, name=found.name, media_type=found.media_type)
            case Json():
                with boundary(plugin, f"page {page.path}"):
                    return Give(content=orjson.loads(as_json(found.data)))

    return PageRoute(method=method, path=page.path, handler=handle)


def _framed(
    ctx: Context, asked: PageRequest, plugin: str, page: declarations.Page, found: Template
) -> Show:
    given = found.title or page.menu or plugin
    title = given if isinstance(given, str) else given.to(ctx.actor.language)
    frame = shell(ctx, asked, Place(title=title, crumbs=(Crumb(label=title),)))
    content = f"{plugin}/{found.name}"
    return Show(context=PluginPageContext(shell=frame, content=content, page=found.context))
