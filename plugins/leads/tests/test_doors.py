"""One path of ownership: whichever door a lead changes hands by, the same clock starts anew."""

import csv
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from loopline.access.tokens import create_token
from loopline.jobs.queue import enqueue
from loopline.services.bulk import BulkRequest
from loopline.services.bulk import start as start_bulk
from loopline.services.editing import update
from loopline.services.imports.request import ImportOptions, ImportRequest
from loopline.services.imports.run import run
from loopline.services.imports.start import start
from loopline.store.rows import Record
from web.visitor import Visitor, add_person

PROTECTED = timedelta(days=5)


class Doors:
    """Every way to give a lead to somebody, as an administrator."""

    def __init__(self, platform, root, act, client, folder: Path) -> None:
        self.platform, self.root, self.act = platform, root, act
        self.client, self.folder = client, folder

    def api(self, lead: int, owner: int) -> None:
        with self.platform.write() as ctx:
            scopes = frozenset({"read", "write"})
            token = create_token(ctx.connection, self.root.id, scopes, ctx.now)
        headers = {"authorization": f"Bearer {token}"}
        address = f"/api/v1/records/lead/{lead}"
        answer = self.client.patch(address, headers=headers, json={"owner": owner})
        assert answer.status_code == 200, answer.text

    def _visitor(self) -> Visitor:
        visitor = Visitor(self.client)
        visitor.sign_in(add_person(self.platform, "Page", administrator=True))
        return visitor

    def page_action(self, lead: int, owner: int) -> None:
        address = f"/records/lead/{lead}/actions/assign"
        sent = self._visitor().send(address, owner=str(owner), reason="")
        assert sent.status_code == 303, sent.text

    def page_bulk(self, lead: int, owner: int) -> None:
        sent = self._visitor().send(
            "/records/lead/bulk/do",
            id=str(lead),
            _act="action:assign",
            owner=str(owner),
            reason="",
        )
        assert sent.status_code == 303, sent.text

    def page(self, lead: int, owner: int) -> None:
        visitor = self._visitor()
        sent = visitor.send(f"/records/lead/{lead}/edit", _base="1", name="Lead", owner=str(owner))
        assert sent.status_code == 303, sent.text

    def file(self, lead: int, owner: int) -> None:
        path = self.folder / "leads.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([["id", "负责人"], [lead, "Bo"]])
        asked = ImportRequest(
            entity="lead", file_name=path.name, content=path, options=ImportOptions()
        )
        files = self.platform.settings.files
        with self.platform.write(self.root, via="import") as ctx:
            number = start(ctx, asked, files)
        assert run(self.platform.open_as, files, number).updated == 1

    def bulk_edit(self, lead: int, owner: int) -> None:
        asked = BulkRequest(entity="lead", act="update", ids=(lead,), settings={"owner": owner})
        with self.platform.write(self.root, via="page") as ctx:
            start_bulk(ctx, asked)

    def bulk_action(self, lead: int, owner: int) -> None:
        settings = {"owner": owner, "reason": "in bulk"}
        asked = BulkRequest(
            entity="lead", act="action", action="assign", ids=(lead,), settings=settings
        )
        with self.platform.write(self.root, via="page") as ctx:
            start_bulk(ctx, asked)

    def action(self, lead: int, owner: int) -> None:
        self.act(self.root, "assign", lead, owner=owner)

    def job(self, lead: int, owner: int) -> None:
        with self.platform.write(via="job") as ctx:
            ctx.contexts("leads").update("lead", lead, {"owner": owner})


@pytest.fixture
def through(platform, house, act, client, tmp_path) -> Callable[[str, int, int], None]:
    """Answer what gives a lead to somebody through a door."""
    doors = Doors(platform, house.people["Root"], act, client, tmp_path)
    return lambda door, lead, owner: getattr(doors, door)(lead, owner)


@pytest.fixture
def story(read, log) -> Callable[[int], tuple[Record, list[Mapping[str, object]]]]:
    """Answer what reads a lead as it stands, and its moves."""
    return lambda lead: (read(lead), log(lead))


@pytest.mark.parametrize(
    "door",
    [
        *("api", "page", "page_action", "page_bulk"),
        *("file", "bulk_edit", "bulk_action", "action", "job"),
    ],
)
def test_every_door_starts_the_same_clock(door, through, house, lead, story, clock) -> None:
    one = lead(source="expo", owner=house.id("Ann")).id
    clock.at += timedelta(days=30)
    through(door, one, house.id("Bo"))
    now, moves = story(one)
    assert (now.value("owner"), now.value("owned_since")) == (house.id("Bo"), clock.now())
    assert now.value("protected_until") == clock.now() + PROTECTED
    last = moves[-1]
    assert (last["move"], last["from_owner"], last["to_owner"]) == (
        "assign",
        house.id("Ann"),
        house.id("Bo"),
    )


def test_a_claim_and_the_night_move_the_clock_too(house, lead, act, story, clock, platform) -> None:
    one = lead(source="expo").id
    act(house.people["Ann"], "claim", one)
    assert story(one)[0].value("protected_until") == clock.now() + PROTECTED
    clock.at += timedelta(days=11)
    with platform.write() as ctx:
        enqueue(ctx.connection, "leads.recycle", {}, ctx.now)
    platform.worker().run_due()
    now, moves = story(one)
    clock_fields = ("owner", "owned_since", "protected_until")
    assert [now.value(name) for name in clock_fields] == [None] * 3
    assert [row["move"] for row in moves] == ["claim", "recycle"]


def test_what_does_not_change_the_owner_leaves_the_clock_alone(
    house, lead, story, later, platform
) -> None:
    one = lead(owner=house.id("Ann"))
    later(days=1)
    with platform.write(house.people["Ann"], via="api") as ctx:
        update(ctx, "lead", one.id, {"name": "Other", "owner": house.id("Ann")})
    now, moves = story(one.id)
    assert now.value("protected_until") == one.value("protected_until")
    assert len(moves) == 1
