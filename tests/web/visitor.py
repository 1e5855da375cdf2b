"""A browser's side of the pages, over HTTP: signs in, sends forms with their token."""

import re
from dataclasses import dataclass

from httpx2 import Response
from starlette.testclient import TestClient

from loopline.bootstrap import Platform
from loopline.sites import add_user

PASSWORD = "loopline-test"


@dataclass(frozen=True)
class Visitor:
    """Somebody with a browser."""

    client: TestClient

    def get(self, path: str, **headers: str) -> Response:
        """Ask for a page; redirects are answered, not followed."""
        return self.client.get(path, headers=headers, follow_redirects=False)

    def post(self, path: str, **form: str) -> Response:
        """Send a form as it stands."""
        return self.client.post(path, data=form, follow_redirects=False)

    def send(self, path: str, **form: str) -> Response:
        """Send a form with the token of this session."""
        return self.post(path, csrf=self.csrf(), **form)

    def csrf(self) -> str:
        """Answer the token that the forms of this session carry."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.client.get("/").text)
        if found is None:
            raise LookupError("no form with a token")
        return found[1]

    def sign_in(self, email: str, password: str = PASSWORD, **form: str) -> Response:
        """Sign in by the form."""
        return self.post("/login", email=email, password=password, **form)


def add_person(platform: Platform, name: str, *, administrator: bool = False) -> str:
    """Create somebody who can sign in; answer the address."""
    email = f"{name.lower()}@example.com"
    add_user(platform, email, name, PASSWORD, administrator=administrator)
    return email
