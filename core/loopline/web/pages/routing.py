"""All pages and their addresses."""

from collections.abc import Sequence
from typing import Final

from starlette.routing import BaseRoute, Route

from loopline.bootstrap import Platform
from loopline.services.conversion import CONVERT
from loopline.web.pages import (
    acting,
    board,
    board_moves,
    bulk,
    comments,
    converting,
    edits,
    forms,
    home,
    lists,
    notifications,
    picking,
    record,
    saved_views,
    tag_rules,
)
from loopline.web.pages import bin as recycle_bin
from loopline.web.pages.access_routes import ACCESS_PAGES
from loopline.web.pages.approvals import decide, show_inbox
from loopline.web.pages.approve import ApprovePage
from loopline.web.pages.dispatch import PageEndpoint, PageRoute
from loopline.web.pages.door import Door, choose_language, leave
from loopline.web.pages.downloads import FilesPage
from loopline.web.pages.exporting import export_list
from loopline.web.pages.extensions import plugin_pages
from loopline.web.pages.imports import ImportPages
from loopline.web.pages.plugins import PluginsPage
from loopline.web.pages.portal import portal_routes
from loopline.web.pages.public_forms import PublicForms
from loopline.web.rendering import Renderer

FORMS: Final = (forms.create_record, edits.update_record)
"""What reads the forms of records, which may send files."""
PAGES: Final[Sequence[PageRoute]] = tuple(
    PageRoute(method=method, path=path, handler=handler, uploads=handler in FORMS)
    for method, path, handler in (
        ("GET", "/", home.show_home),
        ("POST", "/logout", leave),
        ("POST", "/language", choose_language),
        ("GET", "/approvals", show_inbox),
        ("POST", "/approvals/{id:int}", decide),
        ("GET", "/pick/{entity}", picking.pick),
        ("GET", "/records/{entity}", lists.show_list),
        ("GET", "/records/{entity}/export", export_list),
        ("GET", "/records/{entity}/cards", board.show_cards),
        ("GET", "/records/{entity}/{id:int}/stage", board_moves.show_move),
        ("POST", "/records/{entity}/{id:int}/stage", board_moves.move),
        ("GET", "/records/{entity}/bin", recycle_bin.show_bin),
        ("POST", "/records/{entity}/bulk", bulk.ask),
        ("POST", "/records/{entity}/bulk/do", bulk.do),
        ("GET", "/records/{entity}/bulk/{id:int}", bulk.show_run),
        ("GET", "/records/{entity}/new", forms.show_new),
        ("POST", "/records/{entity}/new", forms.create_record),
        ("GET", "/records/{entity}/{id:int}", record.show_record),
        ("GET", "/records/{entity}/{id:int}/edit", edits.show_edit),
        ("POST", "/records/{entity}/{id:int}/edit", edits.update_record),
        ("POST", "/records/{entity}/{id:int}/delete", recycle_bin.delete_record),
        ("POST", "/records/{entity}/{id:int}/restore", recycle_bin.restore_record),
        ("GET", f"/records/{{entity}}/{{id:int}}/actions/{CONVERT}", converting.show_convert),
        ("POST", f"/records/{{entity}}/{{id:int}}/actions/{CONVERT}", converting.convert),
        ("GET", "/records/{entity}/{id:int}/actions/{action}", acting.show_action),
        ("POST", "/records/{entity}/{id:int}/actions/{action}", acting.act),
    )
)
_TALK: Final = (
    *comments.ROUTES,
    *notifications.ROUTES,
    *saved_views.ROUTES,
    *tag_rules.ROUTES,
)


def page_routes(platform: Platform, renderer: Renderer) -> list[BaseRoute]:
    """Answer the routes of the pages; the door's need no session."""
    door, public = Door(platform, renderer), PublicForms(platform, renderer)
    return [
        Route("/login", door.show, methods=["GET"]),
        Route("/login", door.enter, methods=["POST"]),
        Route("/login/language", door.language, methods=["POST"]),
        Route("/forms/{form}", public.show, methods=["GET"]),
        Route("/forms/{form}", public.post, methods=["POST"]),
        *ApprovePage(platform, renderer).routes(),
        *portal_routes(platform, renderer),
        *(
            Route(one.path, PageEndpoint(platform, renderer, one).handle, methods=[one.method])
            for one in (
                *PAGES,
                *ACCESS_PAGES,
                *_TALK,
                *PluginsPage(platform).routes(),
                *FilesPage(platform).routes(),
                *ImportPages(platform).routes(),
                *plugin_pages(platform),
            )
        ),
    ]
