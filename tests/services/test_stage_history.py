"""The history of stages: written with every move, opened for records from before."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from kit.kernel_site import DOCUMENTS
from kit.pipeline_site import DEALS, SITE
from loopline.access.tokens import create_token
from loopline.errors import NotFound
from loopline.services import bin as recycle_bin
from loopline.services.editing import update
from loopline.services.pipelines.reading import StageEntry, stages
from loopline.services.records import create, create_many
from loopline.testing import publish_documents

ENTITY, PIPELINES = DEALS.split("---\n", 1)
START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
Told = Callable[..., list[tuple[object, ...]]]
READER = """
kind: role
id: x_teller
format: 1
label: Teller
grants:
  deals: {entity: x_deal, actions: [read, create], fields: {amount: none}}
"""


@pytest.fixture
def site_documents() -> str:
    return f"{SITE}---{READER}"


@pytest.fixture
def told(platform) -> Told:
    """Answer what tells the history of a deal: names of what an entry says."""

    def tell(deal: int, *names: str) -> list[tuple[object, ...]]:
        with platform.read() as ctx:
            found = stages(ctx, "x_deal", deal)
        return [tuple(getattr(one, name) for name in names) for one in found]

    return tell


def _move(platform, deal: int, **values: object) -> None:
    with platform.write(via="page") as ctx:
        update(ctx, "x_deal", deal, values)


def _made(platform, **values: object) -> int:
    with platform.write(via="page") as ctx:
        return create(ctx, "x_deal", {"name": "a", **values}).id


def _work(platform) -> None:
    worker = platform.worker()
    while worker.run_one():
        pass


def test_every_move_is_kept_with_what_the_record_was_worth(platform, clock, told) -> None:
    deal = _made(platform, amount=Decimal("12.50"), due=date(2026, 2, 1))
    clock.at += timedelta(hours=2)
    _move(platform, deal, stage="quote")
    _move(platform, deal, name="b")
    assert told(deal, "pipeline", "before", "after", "at", "stay", "amount", "currency") == [
        ("x_deals", None, "talk", START, None, Decimal("12.50"), "CNY"),
        ("x_deals", "talk", "quote", clock.at, 7200, Decimal("12.50"), "CNY"),
    ]


def test_leaving_every_pipeline_is_kept_and_deleting_changes_nothing(platform, told) -> None:
    deal = _made(platform)
    _move(platform, deal, stage=None)
    with platform.write() as ctx:
        recycle_bin.delete(ctx, "x_deal", deal)
        recycle_bin.restore(ctx, "x_deal", deal)
    assert told(deal, "before", "after") == [(None, "talk"), ("talk", None)]


def test_a_record_of_the_past_entered_when_it_says(platform, told) -> None:
    long_ago = datetime(2025, 3, 1, 8, tzinfo=UTC)
    rows = [
        {"name": "a", "created_at": long_ago},
        {"name": "b", "stage": "lost", "closed": date(2025, 4, 1), "created_at": long_ago},
        {"name": "c", "since": long_ago + timedelta(days=1), "created_at": long_ago},
    ]
    with platform.write(via="import") as ctx:
        deals = create_many(ctx, "x_deal", rows)
    closed = datetime(2025, 3, 31, 16, tzinfo=UTC)
    expected = [long_ago, closed, long_ago + timedelta(days=1)]
    assert [told(deal, "at")[0][0] for deal in deals] == expected


def test_a_reader_sees_what_they_may_read(platform, as_user) -> None:
    deal = _made(platform, amount=Decimal(5))
    teller, stranger = as_user("Teller", roles=("x_teller",)), as_user("Nobody", roles=())
    with platform.read(teller) as ctx:
        [entry] = stages(ctx, "x_deal", deal)
    assert (entry.after, entry.amount, entry.currency) == ("talk", None, None)
    with platform.read(stranger) as ctx, pytest.raises(NotFound):
        stages(ctx, "x_deal", deal)


class TestBefore:
    """Records that are there before any pipeline."""

    @pytest.fixture
    def site_documents(self) -> str:
        return f"{DOCUMENTS}\n---\n{ENTITY}"

    @pytest.fixture
    def old(self, platform, clock) -> tuple[int, int]:
        """Answer a deal that moved an hour ago, and one that stands where it was made."""
        deals = _made(platform), _made(platform)
        clock.at += timedelta(hours=1)
        _move(platform, deals[0], stage="quote")
        clock.at += timedelta(hours=1)
        publish_documents(platform, PIPELINES)
        return deals

    def test_the_job_opens_their_history_once(self, platform, old, told) -> None:
        assert told(old[0], "after") == []
        _work(platform)
        hour = START + timedelta(hours=1)
        assert told(old[0], "before", "after", "at") == [(None, "quote", hour)]
        assert told(old[1], "before", "after", "at") == [(None, "talk", START)]

    def test_one_that_moves_first_is_opened_then(self, platform, old, told) -> None:
        _move(platform, old[0], stage="lost", reason="x")
        _work(platform)
        assert told(old[0], "before", "after", "stay") == [
            (None, "quote", None),
            ("quote", "lost", 3600),
        ]


def test_programs_read_the_history(platform, client, as_user) -> None:
    deal, ada = _made(platform, amount=Decimal(5)), as_user(administrator=True)
    with platform.write(via="cli") as ctx:
        token = create_token(ctx.connection, ada.id, frozenset({"read"}), ctx.now)
    headers = {"authorization": f"Bearer {token}"}
    found = client.get(f"/api/v1/records/x_deal/{deal}/stages", headers=headers).json()
    [item] = found["items"]
    assert (item["pipeline"], item["from"], item["to"]) == ("x_deals", None, "talk")
    assert (item["at"], item["stay"]) == ("2026-01-05T01:00:00Z", None)
    assert item["amount"] == {"amount": "5.00", "currency": "CNY"}


def test_a_plugin_reads_it_by_its_context(platform) -> None:
    deal = _made(platform)
    with platform.read() as ctx:
        [entry] = ctx.contexts("acme").stages("x_deal", deal)
    assert isinstance(entry, StageEntry)
