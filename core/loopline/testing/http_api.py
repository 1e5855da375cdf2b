"""The HTTP API as a test speaks to it: JSON in, JSON out, and any other status fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.testclient import TestClient

_DONE: Final = frozenset({200, 201, 204})


@dataclass(frozen=True, slots=True)
class Api:
    """The API below ``/api/v1``, spoken to with one token."""

    client: TestClient
    headers: Mapping[str, str]

    def __call__(self, method: str, path: str, body: object = None, status: int = 0) -> Any:
        """Send JSON; answer what comes back, JSON read, anything else as bytes.

        Raises AssertionError with the answer where its status is not ``status``, by default one
        that says it was done.
        """
        answer = self.client.request(
            method, f"/api/v1{path}", json=body, headers=dict(self.headers)
        )
        if answer.status_code not in ({status} if status else _DONE):
            raise AssertionError(f"{answer.status_code}: {answer.text}")
        spoken = answer.headers.get("content-type", "")
        return answer.json() if "json" in spoken else answer.content

    def upload(self, name: str, content: bytes) -> int:
        """Keep a file; answer its number."""
        files = {"file": (name, content)}
        answer = self.client.post("/api/v1/files", files=files, headers=dict(self.headers))
        return int(answer.json()["id"])
