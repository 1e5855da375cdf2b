"""The pages and operations of the plugin, beside the lists that documents describe."""

from collections.abc import Iterable
from typing import Final

from loopline.sdk import Context, Json, Page, PageAnswer, PageRequest
from loopline_leads.channels import channel_table
from loopline_leads.pool_pages import pool_table
from loopline_leads.preview_page import preview_data, preview_page
from loopline_leads.soon_page import soon_data, soon_page
from loopline_leads.texts import told
from loopline_leads.trial_page import trial_data, trial_page

_READERS: Final = "lead:read"
_RULERS: Final = "administrator"


def pages() -> Iterable[Page]:
    """Yield the pages of leads, and the same for programs."""
    yield Page(
        path="/leads/pools",
        handler=pool_table,
        permission=_READERS,
        menu=told("page.pools"),
        icon="i-lead",
    )
    yield Page(
        path="/leads/recycling",
        handler=soon_page,
        permission=_READERS,
        menu=told("page.soon"),
        icon="i-clock",
    )
    yield Page(
        path="/leads/channels",
        handler=channel_table,
        permission=_READERS,
        menu=told("page.channels"),
        icon="i-flow",
    )
    yield Page(
        path="/leads/recycling/preview",
        handler=preview_page,
        permission=_RULERS,
        menu=told("page.preview"),
        icon="i-clock",
    )
    yield Page(
        path="/leads/trial",
        handler=trial_page,
        permission=_RULERS,
        menu=told("page.trial"),
        icon="i-flow",
    )
    yield Page(path="/api/v1/leads/recycling", handler=_json_soon, permission=_READERS)
    yield Page(path="/api/v1/leads/recycling/preview", handler=_json_preview, permission=_RULERS)
    yield Page(path="/api/v1/leads/trial", handler=_json_trial, permission=_RULERS)


def _json_soon(ctx: Context, request: PageRequest) -> PageAnswer:
    return Json(soon_data(ctx, request))


def _json_preview(ctx: Context, request: PageRequest) -> PageAnswer:
    return Json(preview_data(ctx, request))


def _json_trial(ctx: Context, request: PageRequest) -> PageAnswer:
    return Json(trial_data(ctx, request))
