"""A site that is served for real, with people and a small set of records."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

import uvicorn

from loopline.bootstrap import Platform
from loopline.services import records
from loopline.services.editing import update
from loopline.sites import add_user
from loopline.web.app import create_app

PASSWORD = "loopline-test"
PEOPLE = {
    "sales": ("lin@example.com", "林知夏", False, "zh"),
    "colleague": ("zhou@example.com", "周启航", False, "zh"),
    "admin": ("jiang@example.com", "江望川", True, "zh"),
    "english": ("erin@example.com", "Erin Ward", True, "en"),
}
"""Who signs in: e-mail, name, whether an administrator, language."""
_COMPANIES = ("恒岳化工", "远湖水务", "苏澜制药", "北穗环保", "泰盈食品", "锦桐造纸")
_SOURCES = ("web", "expo", "referral", "phone")
_SURNAMES = "莫林周赵钱孙李"
_NAMES = ("乐言", "知夏", "启航", "若溪", "予安", "怀瑾", "亦舟", "静姝", "松年", "令仪")


@dataclass(frozen=True, kw_only=True)
class Served:
    """A running site: its address, and the records that tests name."""

    address: str
    platform: Platform
    customer: int
    opportunity: int


def fill(platform: Platform) -> tuple[int, int]:
    """Create people and records; answer a customer that others link to, and an opportunity."""
    for email, name, administrator, language in PEOPLE.values():
        user = add_user(platform, email, name, PASSWORD, administrator=administrator)
        with platform.write(via="cli") as ctx:
            update(ctx, "user", user, {"language": language})
    with platform.write(via="cli") as ctx:
        records.create_many(ctx, "region", _regions())
        records.create_many(ctx, "product", [{"name": f"离心泵 IS{n}"} for n in range(50, 80, 5)])
        customers = records.create_many(ctx, "customer", [{"name": one} for one in _COMPANIES])
        records.create_many(ctx, "lead", [_lead(n) for n in range(70)])
        customer = next(one for one in customers if isinstance(one, int))
        records.create(ctx, "contact", {"name": "何嘉宁", "customer": customer})
        deal = {"name": "循环水泵采购", "customer": customer, "amount": Decimal(368_000)}
        opportunity = records.create(ctx, "opportunity", deal)
    return customer, opportunity.id


def _regions() -> list[dict[str, object]]:
    return [
        {"code": "32", "name": "江苏省", "full_name": "江苏省", "level": "province"},
        {"code": "3205", "name": "苏州市", "full_name": "江苏省苏州市", "level": "city"},
    ]


def _lead(n: int) -> dict[str, object]:
    return {
        "name": _SURNAMES[n % 7] + _NAMES[n % 10],
        "company": f"{_COMPANIES[n % 6]}{n}厂",
        "phone": f"+861390000{n:04d}",
        "source": _SOURCES[n % 4],
        "budget": Decimal(10_000 * (n + 1)),
    }


@contextmanager
def serving(platform: Platform) -> Iterator[str]:
    """Serve a platform from a thread; answer its address."""
    config = uvicorn.Config(create_app(platform), port=0, log_level="error", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
