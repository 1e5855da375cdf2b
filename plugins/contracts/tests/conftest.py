"""The API as an administrator uses it, and a shop with products and price books."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from loopline.testing.http_api import Api
from loopline.web.app import create_app

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
