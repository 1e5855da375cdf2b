"""The addresses of the pages about access."""

from typing import Final

from loopline.web.pages import audit, explain, handover, people_rights
from loopline.web.pages.dispatch import PageRoute
from loopline.web.pages.revealing import reveal_value

ACCESS_PAGES: Final = handover.ROUTES + tuple(
    PageRoute(method=method, path=path, handler=handler)
    for method, path, handler in (
        ("GET", "/account", people_rights.show_own),
        ("GET", "/people/{id:int}", people_rights.show_person),
        ("POST", "/people/{id:int}/roles", people_rights.change),
        ("POST", "/people/{id:int}/sessions/end", people_rights.end_sign_in),
        ("POST", "/people/{id:int}/tokens/revoke", people_rights.revoke),
        ("POST", "/people/{id:int}/unlock", people_rights.unlock),
        ("POST", "/people/{id:int}/disable", people_rights.disable),
        ("POST", "/people/{id:int}/enable", people_rights.enable),
        ("GET", "/explain", explain.show_explain),
        ("GET", "/audit", audit.show_trail),
        ("POST", "/records/{entity}/{id:int}/reveal/{field}", reveal_value),
    )
)
