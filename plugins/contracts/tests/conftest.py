"""The API as an administrator uses it, and a shop with products and price books."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from starlette.testclient import TestClient

from loopline.access.tokens import create_token
from loopline.web.app import create_app

Api = Callable[..., Any]
BOOKS = [
    {
        "name": "Everybody",
        "prices": [
            {"product": 1, "min_quantity": "1", "price": "90"},
            {"product": 1, "min_quantity": "10", "price": "80.01"},
        ],
    },
    {"name": "A", "level": "a", "prices": [{"product": 2, "price": "5"}]},
    {"name": "Over", "ends": "2020-01-01", "prices": [{"product": 1, "price": "1"}]},
]


@pytest.fixture
def headers(platform, as_user) -> dict[str, str]:
    root = as_user("Root", administrator=True)
    with platform.write() as ctx:
        token = create_token(ctx.connection, root.id, frozenset({"read", "write"}), ctx.now)
    return {"authorization": f"Bearer {token}", "accept-language": "en"}


@pytest.fixture
def upload(client, headers) -> Callable[[str, BytesIO], int]:
    """Answer what keeps a file and answers its number."""

    def send(name: str, content: BytesIO) -> int:
        answer = client.post("/api/v1/files", files={"file": (name, content)}, headers=headers)
        return int(answer.json()["id"])

    return send


@pytest.fixture
def api(client, headers) -> Api:
    """Answer what sends JSON and gives it back; any other status than asked for fails."""

    def send(method: str, path: str, body: object = None, status: int = 0) -> Any:
        answer = client.request(method, f"/api/v1{path}", json=body, headers=headers)
        assert answer.status_code in ({status} if status else {200, 201}), answer.text
        return answer.json() if "json" in answer.headers.get("content-type", "") else answer.content

    return send


@pytest.fixture
def visitor(platform) -> Iterator[TestClient]:
    with TestClient(create_app(platform), base_url="http://localhost") as found:
        yield found


@pytest.fixture
def shop(api: Api) -> None:
    api("POST", "/records/customer", {"name": "Mill", "level": "a"})
    lamp = {"code": "L", "name": "Lamp", "list_price": "100", "cost": "60", "tax_rate": "0.13"}
    api("POST", "/records/product", lamp)
    api("POST", "/records/product", {"code": "S", "name": "Screw", "list_price": "7"})
    for book in BOOKS:
        api("POST", "/records/price_book", book)
