"""What the API says of itself: all that can be asked."""

from collections.abc import Sequence
from typing import Final

from loopline.access.context import Context
from loopline.web.api.dispatch import Answer, ApiRequest, ApiRoute
from loopline.web.api.docs import docs_page
from loopline.web.api.openapi import openapi

PREFIX: Final = "/api/v1"


def site_operations(described: Sequence[ApiRoute]) -> tuple[ApiRoute, ...]:
    """Answer the operations that describe the others and themselves."""

    def document(ctx: Context, request: ApiRequest) -> Answer:
        return Answer(content=openapi(everything, PREFIX))

    def docs(ctx: Context, request: ApiRequest) -> Answer:
        return Answer(page=docs_page(everything, PREFIX, ctx.messages, ctx.actor.language))

    own = (
        ApiRoute(
            method="GET",
            path="/openapi.json",
            handler=document,
            scope="public",
            summary="The OpenAPI document",
        ),
        ApiRoute(
            method="GET",
            path="/docs",
            handler=docs,
            scope="public",
            summary="The operations as a page for people",
            gives="text/html",
        ),
    )
    everything = (*described, *own)
    return own
