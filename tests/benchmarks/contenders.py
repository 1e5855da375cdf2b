"""Who is measured: ours, the hand-written application, Django with REST framework.

Each is a server over its own database with the same leads, and knows its own requests.
"""

import http.client
import importlib.util
import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from benchmarks import baseline
from benchmarks.load import Request
from benchmarks.report import BY_HAND, DJANGO, OURS
from benchmarks.servers import Server, environment, gunicorn, uvicorn
from benchmarks.workload import LISTED, body, leads
from loopline.access.tokens import create_token
from loopline.bootstrap import Platform, build_platform
from loopline.query.lists import ListQuery, cursor_at
from loopline.services.records import create_many
from loopline.settings import load_settings
from loopline.sites import add_user
from loopline.store.copies import create_database

Maker = Callable[[], Request]
_FILTER: Final = 'source == "expo" && budget > 100'
_LIST: Final = f"/api/v1/records/lead?fields={LISTED}"
_EMAIL: Final = "bench@example.com"
_PASSWORD: Final = "measuring-only"
_SUMMARY: Final = {
    "dataset": {"entity": "lead"},
    "dimensions": {"source": {"field": "source"}, "level": {"field": "level"}},
    "measures": {
        "n": {"aggregate": "count"},
        "amount": {"aggregate": "sum", "field": "budget"},
    },
    "totals": "none",
}


@dataclass(frozen=True)
class Contender:
    """A server, what opens its API and its pages, and its requests by kind of work.

    ``start`` starts one more server like it.
    """

    name: str
    database: str
    start: Callable[[], AbstractContextManager[Server]]
    server: Server
    api: str
    pages: str
    works: Mapping[str, Maker]

    def headers(self, work: str) -> str:
        """Answer the header that a kind of work needs."""
        return self.pages if work == "list as a page" else self.api


@contextmanager
def contenders(site: Path, url: str, folder: Path, rows: int) -> Iterator[list[Contender]]:
    """Fill the databases and serve all that are installed here."""
    with ExitStack() as stack:
        found = [stack.enter_context(_ours(site, rows))]
        found.append(stack.enter_context(_by_hand(_beside(url, folder, "by_hand"), rows)))
        if importlib.util.find_spec("rest_framework") is not None:
            found.append(stack.enter_context(_django(_beside(url, folder, "django"), rows)))
        yield found


def _beside(url: str, folder: Path, name: str) -> str:
    """Answer a database of its own beside the one at ``url``."""
    if url.startswith("sqlite"):
        return f"sqlite:///{folder / name}.db"
    server, sign, options = url.partition("?")
    other = f"{server}_{name}{sign}{options}"
    create_database(other)
    return other


def _numbers(rows: int) -> tuple[Callable[[], int], Iterator[int]]:
    """Answer what chooses records, and numbers of new leads."""
    chance = random.Random(7)  # noqa: S311 which records, nothing secret
    return (lambda: chance.randrange(1, rows)), count(10**8)


@contextmanager
def _ours(site: Path, rows: int) -> Iterator[Contender]:
    platform = build_platform(load_settings(site))
    fill(platform, 0, rows)
    user = add_user(platform, _EMAIL, "Bench", _PASSWORD, administrator=True)
    with platform.write(via="cli") as ctx:
        token = create_token(
            ctx.connection, user, frozenset({"read", "write", "metadata"}), ctx.now
        )
    with platform.read() as ctx:
        deep = cursor_at(ctx, ListQuery(entity="lead", limit=50), rows // 10)
    platform.close()
    one, new = _numbers(rows)
    listed = f"{_LIST}&filter={quote(_FILTER)}"
    works: dict[str, Maker] = {
        "list": lambda: ("GET", listed, None),
        "list with total": lambda: ("GET", f"{listed}&count=estimate", None),
        "page at nine tenths": lambda: ("GET", f"{_LIST}&cursor={deep}", None),
        "get": lambda: ("GET", f"/api/v1/records/lead/{one()}", None),
        "create": lambda: ("POST", "/api/v1/records/lead", body(next(new))),
        "update a field": lambda: ("PATCH", f"/api/v1/records/lead/{one()}", _rename(new)),
        "group by two fields": lambda: ("POST", "/api/v1/query", _SUMMARY),
        "list as a page": lambda: ("GET", f"/records/lead?filter={quote(_FILTER)}", None),
    }
    start = partial(uvicorn, "loopline.cli.serving:application", {"LOOPLINE_SITE": str(site)})
    with start() as server:
        api, pages = f"authorization: Bearer {token}", f"cookie: {_signed_in(server.port)}"
        yield Contender(OURS, platform.settings.database_url, start, server, api, pages, works)


def fill(platform: Platform, first: int, last: int) -> None:
    """Write leads into our site, and let PostgreSQL look at what it has."""
    for start in range(first, last, 1000):
        with platform.write(via="import") as ctx:
            create_many(ctx, "lead", list(leads(start, min(1000, last - start))))
    with platform.write() as ctx:
        ctx.connection.exec_driver_sql("ANALYZE")


def _signed_in(port: int) -> str:
    """Sign in by the form; answer the cookie."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    form = urlencode({"email": _EMAIL, "password": _PASSWORD})
    headers = {"content-type": "application/x-www-form-urlencoded", "host": "localhost"}
    connection.request("POST", "/login", form, headers)
    found = connection.getresponse().getheader("set-cookie") or ""
    connection.close()
    return found.partition(";")[0]


@contextmanager
def _by_hand(url: str, rows: int) -> Iterator[Contender]:
    baseline.prepare(url, rows)
    one, new = _numbers(rows)
    works: dict[str, Maker] = {
        "list": lambda: ("GET", "/leads", None),
        "list with total": lambda: ("GET", "/leads?count=1", None),
        "page at nine tenths": lambda: ("GET", f"/leads?below={rows // 10}", None),
        "get": lambda: ("GET", f"/leads/{one()}", None),
        "create": lambda: ("POST", "/leads", body(next(new))),
        "update a field": lambda: ("PATCH", f"/leads/{one()}", _rename(new)),
        "group by two fields": lambda: ("GET", "/summary", None),
    }
    start = partial(uvicorn, "benchmarks.baseline:application", {"BASELINE_DB": url})
    with start() as server:
        api = f"authorization: Bearer {baseline.TOKEN}"
        yield Contender(BY_HAND, url, start, server, api, "", works)


@contextmanager
def _django(url: str, rows: int) -> Iterator[Contender]:
    command = [sys.executable, "-m", "benchmarks.drf.prepare", str(rows)]
    settings = {"BASELINE_DB": url}
    made = subprocess.run(command, env=environment(settings), check=True, capture_output=True)
    opening = json.loads(made.stdout)
    one, new = _numbers(rows)
    listed = "/leads?source=expo&above=100"
    works: dict[str, Maker] = {
        "list with total": lambda: ("GET", listed, None),
        "page at nine tenths": lambda: ("GET", f"/leads?offset={rows * 9 // 10}", None),
        "get": lambda: ("GET", f"/leads/{one()}", None),
        "create": lambda: ("POST", "/leads", body(next(new))),
        "update a field": lambda: ("PATCH", f"/leads/{one()}", _rename(new)),
        "group by two fields": lambda: ("GET", "/leads/summary", None),
        "list as a page": lambda: ("GET", "/admin/leads/lead/?source=expo", None),
    }
    start = partial(gunicorn, "benchmarks.drf.wsgi:application", settings)
    with start() as server:
        api = f"authorization: Token {opening['token']}"
        pages = f"cookie: sessionid={opening['session']}"
        yield Contender(DJANGO, url, start, server, api, pages, works)


def _rename(numbers: Iterator[int]) -> Any:
    return {"name": f"改名{next(numbers)}"}
