"""Drives a site that has the plugin, over HTTP; prints what three people see as JSON."""

import json
import re
import sys
from pathlib import Path

from starlette.testclient import TestClient

from loopline.access.tokens import create_token
from loopline.services.plugin_states import disable
from loopline.sites import NewSite, add_user, create_site
from loopline.web.app import create_app

PASSWORD = "correct-horse-battery"
LEAD = {"name": "a", "phone": "13812345678"}


def main() -> None:
    """Make the site, let each person in, and tell what they got."""
    platform = create_site(NewSite(folder=Path(sys.argv[1])))
    client = TestClient(create_app(platform), base_url="http://localhost")
    seen = {}
    for number, role in enumerate(("acme_fitter", "acme_clerk")):
        email = f"{role}@example.com"
        user = add_user(platform, email, role, PASSWORD, administrator=False, roles=[role])
        with platform.write() as ctx:
            token = create_token(ctx.connection, user, frozenset({"write"}), ctx.now)
        seen[role] = visit(client, token, email, {**LEAD, "phone": f"1381234567{number}"})
    with platform.write() as ctx:
        disable(ctx, platform.shelf, "acme")
    seen["disabled"] = client.get("/acme/feet").status_code
    sys.stdout.write(json.dumps(seen))


def visit(client: TestClient, token: str, email: str, lead: dict) -> dict:
    """Answer what one person sees of the field, the action, the approval step and the page."""
    headers = {"authorization": f"Bearer {token}", "accept-language": "en"}
    client.cookies.clear()

    def ask(method: str, path: str, **given):
        return client.request(method, f"/api/v1{path}", headers=headers, **given)

    made = ask("POST", "/records/lead", json=lead).json()
    here = f"/records/lead/{made['id']}"
    fitted = ask("POST", f"{here}/actions/acme_fit", json={"size": 55})
    submitted = ask("POST", f"{here}/actions/submit", json={})
    shown = re.search(r'name="csrf" value="([^"]+)"', client.get("/login").text)
    form = {"email": email, "password": PASSWORD, "csrf": shown[1] if shown else ""}
    client.post("/login", data=form)
    page, wall = client.get("/acme/feet"), client.get("/dashboards/acme_wall")
    return {
        "field": "acme__shoe_size" in made,
        "described": "acme__shoe_size" in ask("GET", "/entities/lead").json()["fields"],
        "action": fitted.status_code,
        "size": ask("GET", here).json().get("acme__shoe_size"),
        "submitted": submitted.status_code,
        "decided": [one["state"] for one in submitted.json().get("data", {}).get("approvals", ())],
        "page": page.status_code,
        "drawn": " feet</p>" in page.text,
        "widget": ">55</th>" in wall.text,
        "refused": 'role="alert"' in wall.text,
    }


main()
