"""Every page and every list of the API that a signed-in person can ask for."""

import re
from collections.abc import Iterator

from starlette.testclient import TestClient

from loopline.access.tokens import create_token
from loopline.bootstrap import Platform
from loopline.sites import add_user
from loopline.web.app import create_app

PASSWORD = "correct-horse-battery"
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


class Crawler:
    """An administrator with a browser and a token."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        user = add_user(platform, "root@example.com", "Root", PASSWORD, administrator=True)
        with platform.write() as ctx:
            scopes = frozenset({"read", "write", "metadata"})
            self.token = create_token(ctx.connection, user, scopes, ctx.now)
        self.client = TestClient(
            create_app(platform), base_url="http://localhost", raise_server_exceptions=False
        )
        sent = {"email": "root@example.com", "password": PASSWORD}
        self.client.post("/login", data=sent | {"csrf": self._csrf("/login")})

    def _csrf(self, page: str) -> str:
        found = _CSRF.search(self.client.get(page).text)
        return found[1] if found else ""

    def post(self, path: str, **form: str):
        return self.client.post(path, data={"csrf": self._csrf("/"), **form})

    def api(self, method: str, path: str, **given):
        headers = {"authorization": f"Bearer {self.token}", "accept-language": "en"}
        return self.client.request(method, f"/api/v1{path}", headers=headers, **given)

    def broken(self) -> list[str]:
        """Answer the addresses that do not answer 200, and the pages that carry an error."""
        found = []
        for path in self.pages():
            answer = self.client.get(path)
            if answer.status_code != 200 or 'class="failed"' in answer.text:
                found.append(f"{path}: {answer.status_code}")
        for path in self.operations():
            answer = self.api("GET", path)
            if answer.status_code != 200:
                found.append(f"/api/v1{path}: {answer.status_code} {answer.text[:200]}")
        return found

    def pages(self) -> Iterator[str]:
        yield from ("/", "/plugins")
        with self.platform.read() as ctx:
            catalog = ctx.snapshot.catalog
            listed = {one.id: catalog.views(one.id) for one in catalog.entities()}
            traits = {one.id: one.traits for one in catalog.entities()}
            closed = {n for n, one in traits.items() if one.closed or not one.by_hand}
            fixed = {n for n, one in traits.items() if one.append_only}
        for entity, views in listed.items():
            base = f"/records/{entity}"
            yield base
            yield from (f"{base}?view={view.id}" for view in views if view.id)
            yield f"{base}/export?format=csv"
            record = self._first(entity)
            if entity not in closed:
                yield f"{base}/new"
            if record:
                yield f"{base}/{record}"
                if entity not in closed | fixed:
                    yield f"{base}/{record}/edit"

    def operations(self) -> Iterator[str]:
        yield from ("/entities", "/health", "/openapi.json", "/metadata/documents")
        with self.platform.read() as ctx:
            entities = ctx.snapshot.catalog.ids("entity")
        for entity in entities:
            yield f"/records/{entity}?count=exact"
            record = self._first(entity)
            if record:
                below = ("", "/timeline", "/actions")
                yield from (f"/records/{entity}/{record}{one}" for one in below)

    def _first(self, entity: str) -> int | None:
        items = self.api("GET", f"/records/{entity}?limit=1&fields=id").json()["items"]
        return items[0]["id"] if items else None
