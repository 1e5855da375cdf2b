"""Operations of the API that plugins register as pages below ``/api/``."""

from collections.abc import Iterator
from typing import Final

from loopline.access.context import Context
from loopline.bootstrap import Platform
from loopline.errors import NotFound
from loopline.hooks.boundary import boundary
from loopline.hooks.declarations import File, Json, Page, PageRequest, Redirect
from loopline.services.plugin_pages import answer_page
from loopline.web.api.dispatch import JSON, Answer, ApiRequest, ApiRoute, Scope, as_json

_PREFIX: Final = "/api/v1"


def plugin_operations(platform: Platform) -> Iterator[ApiRoute]:
    """Yield an operation for each method of each page of a plugin that lies below the prefix."""
    for plugin, pages in platform.plugins.pages.items():
        for page in pages:
            if page.path.startswith(f"{_PREFIX}/"):
                yield from (_operation(plugin, page, method) for method in page.methods)


def _operation(plugin: str, page: Page, method: str) -> ApiRoute:
    def handle(ctx: Context, request: ApiRequest) -> Answer:
        asked = PageRequest(
            method=method,
            path=request.path,
            query=dict(request.query),
            json=request.json() if request.body.strip() else None,
        )
        found = answer_page(ctx, plugin, page, asked)
        match found:
            case Json():
                with boundary(plugin, f"page {page.path}"):
                    body = as_json(found.data)
                return Answer(content=body, status=found.status, media_type=JSON)
            case Redirect():
                return Answer(status=303, headers={"location": found.url})
            case File():
                return Answer(content=found.content, media_type=found.media_type)
            case _:
                raise NotFound()

    return ApiRoute(
        method=method,
        path=page.path.removeprefix(_PREFIX),
        handler=handle,
        scope=_scope(page, method),
        summary=f"{plugin}: {page.path.removeprefix(_PREFIX)}",
        free_parameters=True,
    )


def _scope(page: Page, method: str) -> Scope:
    if page.permission == "public":
        return "public"
    return "read" if method == "GET" else "write"
