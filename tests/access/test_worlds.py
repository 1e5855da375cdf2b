"""I7: whatever asks for records or fields gives the same ones, in random organisations.

Every world is held against :class:`kit.worlds.World`, which says what is allowed without the
kernel's help. A world lives in a transaction that is rolled back, so that one site serves many.
"""

import io
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from starlette.datastructures import Headers, QueryParams

from kit.profiles import DEEP, QUICK
from kit.statements import foreign_rows
from kit.worlds import (
    CASE,
    CODES,
    DOCUMENTS,
    FIELDS,
    MISTAKEN,
    NOTE,
    OWNED,
    Law,
    Person,
    World,
    random_case,
    random_law,
    random_people,
    seeded,
)
from loopline.access.context import Actor, Context
from loopline.access.organisation import StoredOrganisation
from loopline.access.sessions import Session
from loopline.bootstrap import Platform
from loopline.errors import LooplineError
from loopline.fields.masking import Masked
from loopline.query.lists import ListQuery, page
from loopline.services import bin as recycle_bin
from loopline.services import editing, permits, records
from loopline.services.exports.export import ExportRequest, export
from loopline.services.sources import plugin_layers
from loopline.services.timeline import timeline
from loopline.services.titles import titles
from loopline.store.rows import Record, fetch
from loopline.testing.publishing import publish_documents
from loopline.web.api import entities as entities_api
from loopline.web.api import records as records_api
from loopline.web.api import timelines as timelines_api
from loopline.web.api.dispatch import ApiRequest
from loopline.web.pages.dispatch import PageRequest
from loopline.web.pages.picking import pick
from loopline.web.pages.record import show_record

LAWS = range(100) if DEEP else (0,) if QUICK else (0, 1, 2, 3, 10)
"""The last of the few veils the title of a record that is shown in brief."""
WORLDS = 20
WORDS = {"name": "alpha", "secret": "bravo", "mail": "charlie", "words": "echo"}
"""What each searched field of every record says."""


class _Undo(Exception):
    """Ends a transaction without leaving anything."""


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


def _publish(platform: Platform, demands: Path, law: Law) -> None:
    from loopline.services.planning import make_plan
    from loopline.services.publishing import publish

    demands.write_text(json.dumps(law.demands), encoding="utf-8")
    with platform.write() as ctx:
        layers = plugin_layers(platform.plugins, ["narrow"], platform.schemas, "en")
        publish(ctx, make_plan(ctx, layers, platform.schemas, frozenset()))
    publish_documents(platform, law.documents())


@pytest.mark.timeout(120)
@pytest.mark.parametrize("law", LAWS)
def test_every_door_shows_the_same(platform: Platform, narrow: Path, law: int) -> None:
    found = random_law(seeded(f"law {law}"), f"w{law}")
    _publish(platform, narrow, found)
    for seed in range(WORLDS):
        rng = seeded(f"{law} {seed}")
        with suppress(_Undo), platform.write(via="page") as ctx:
            world = _build(ctx, rng, found)
            for person in rng.sample(list(world.people.values()), 3):
                _Viewer(platform, ctx, world, person, rng).check()
            raise _Undo


def _build(ctx: Context, rng: Random, law: Law) -> World:
    """Write a random organisation and its records; answer what was written."""
    places = _written(ctx, "department", [{"name": one, "code": one} for one in CODES])
    above = {one: rng.choice([None, *places[:at]]) for at, one in enumerate(places)}
    editing.update_many(ctx, "department", {one: {"parent": up} for one, up in above.items()})
    users = _written(ctx, "user", [{"name": f"U{n}"} for n in range(6)])
    people = {one.id: one for one in random_people(rng, law, users, places)}
    moves = {n: {"manager": p.manager, "department": p.department} for n, p in people.items()}
    editing.update_many(ctx, "user", moves)
    rows = [random_case(rng, n, users, places) for n in range(10)]
    cases = _written(ctx, CASE, rows)
    links = {one: {"parent": rng.choice([None, *cases])} for one in cases}
    editing.update_many(ctx, CASE, links)
    notes = [
        {"words": f"echo w{n:04d}q", "case": rng.choice([None, *cases, *cases])} for n in range(5)
    ]
    world = World(law, above, dict(zip(places, CODES, strict=True)), people)
    return world.with_records(
        _stored(ctx, CASE, cases), _stored(ctx, NOTE, _written(ctx, NOTE, notes))
    )


def _written(ctx: Context, entity: str, rows: list[dict[str, Any]]) -> list[int]:
    made = records.create_many(ctx.through("seed"), entity, rows)
    assert all(isinstance(one, int) for one in made), made
    return [one for one in made if isinstance(one, int)]


def _stored(ctx: Context, entity: str, ids: list[int]) -> dict[int, dict[str, Any]]:
    found = fetch(ctx.connection, ctx.snapshot.table(entity), ids)
    return {one: dict(found[one].values) for one in ids}


class _Viewer:
    """One person in one world, looking through every door."""

    def __init__(
        self, platform: Platform, ctx: Context, world: World, me: Person, rng: Random
    ) -> None:
        scopes = frozenset({"read"} if me.reading else {"read", "write"})
        actor = Actor(id=me.id, language="en", roles=me.roles, scopes=scopes)
        self.whole, self.world, self.me, self.rng = ctx, world, me, rng
        self.ctx = replace(
            ctx,
            actor=actor,
            locale=platform.locale(actor),
            organisation=StoredOrganisation(ctx.connection, ctx.snapshot),
            now=ctx.now + timedelta(seconds=1),
        )
        self.told: list[str] = []
        self.refused = ""

    def check(self) -> None:
        for entity in (CASE, NOTE):
            self.told = []
            if self.world.anywhere(self.me, entity, "read"):
                self._lists(entity)
                self._search(entity)
                self._records(entity)
                self._export(entity)
                self._shape(entity)
                self._refusals(entity)
            else:
                self._nothing(entity)
            self._permits(entity)
            self._leaks(entity)
        self._writes()

    def _seen(self, entity: str) -> set[int]:
        return self.world.allowed(self.me, "read", entity)

    def _level(self, entity: str, name: str) -> str:
        return self.world.level(self.me, entity, name)

    def _readable(self, entity: str) -> set[str]:
        names = [*FIELDS[entity], *(OWNED if entity == CASE else ())]
        return {one for one in names if self._level(entity, one) != "none"}

    def _lists(self, entity: str) -> None:
        seen = self._seen(entity)
        with foreign_rows(self.ctx.connection, f"r_{entity}", seen) as foreign:
            found = page(self.ctx, ListQuery(entity=entity, limit=100, count="exact"))
        assert foreign == []
        assert {one.id for one in found.records} == seen
        assert found.count is not None
        assert found.count.value == len(seen)
        for one in found.records:
            self._shown(entity, one)
        answer = self._api(records_api.list_records, entity, count="exact")
        assert {one["id"] for one in answer["items"]} == seen
        assert answer["count"]["value"] == len(seen)
        hops = [f"{link}.{name}" for link, name in self._hops(entity)]
        if hops:
            self._api(records_api.list_records, entity, fields=",".join(hops))

    def _hops(self, entity: str) -> Iterator[tuple[str, str]]:
        link = "parent" if entity == CASE else "case"
        if self._level(entity, link) in {"read", "write"}:
            yield from ((link, name) for name in FIELDS[CASE] if name in self._seen_fields())

    def _seen_fields(self) -> set[str]:
        known = self.world.anywhere(self.me, CASE, "read")
        return self._readable(CASE) if known else set()

    def _shown(self, entity: str, record: Record) -> None:
        row = self.world.rows(entity)[record.id]
        assert record.values.keys() == self._readable(entity)
        for name, value in record.values.items():
            masked = self._level(entity, name) == "mask" and row[name] is not None
            assert isinstance(value, Masked) if masked else value == row[name]

    def _search(self, entity: str) -> None:
        seen, rows = self._seen(entity), self.world.rows(entity)
        for name in FIELDS[entity]:
            word = WORDS.get(name)
            if word is not None:
                open_ = self._level(entity, name) in {"read", "write"}
                wanted = {one for one in seen if rows[one][name]} if open_ else set()
                found = page(self.ctx, ListQuery(entity=entity, q=word, limit=100)).records
                assert {one.id for one in found} == wanted, name
        asked = self._page({"entity": entity}, q="")
        assert {int(one["value"]) for one in pick(self.ctx, asked).content["items"]} == seen
        self.told.append(repr(pick(self.ctx, asked)))

    def _records(self, entity: str) -> None:
        seen, rows = self._seen(entity), self.world.rows(entity)
        for one in rows:
            found = self._of(records.get, self.ctx, entity, one)
            assert (found is not None) == (one in seen)
        assert set(titles(self.ctx, entity, rows)) == seen
        for one in self.rng.sample(list(rows), 3):
            shown = self._of(self._api, records_api.get_record, entity, str(one))
            opened = self._of(show_record, self.ctx, self._page({"entity": entity, "id": one}))
            assert [shown is not None, opened is not None] == [one in seen] * 2, self.refused
            self.told.append(repr(opened))
            story = self._of(self._api, timelines_api.record_timeline, entity, str(one))
            assert (story is not None) == (one in seen)
            if one in seen:
                for entry in timeline(self.ctx, entity, one).entries:
                    assert {each.field.id for each in entry.changes} <= self._readable(entity)

    def _export(self, entity: str) -> None:
        target = io.BytesIO()
        found = self._of(export, self.ctx, ExportRequest(entity=entity, format="json"), target)
        assert (found is not None) == self.world.anywhere(self.me, entity, "export"), self.refused
        if found is not None:
            both = self._seen(entity) & self.world.allowed(self.me, "export", entity)
            assert {one["ID"] for one in json.loads(target.getvalue())} == both
            self.told.append(target.getvalue().decode())

    def _shape(self, entity: str) -> None:
        shape = self._api(entities_api.get_entity, entity, provenance="1")
        assert shape["fields"].keys() == self._readable(entity)
        named = {one.split(".")[1] for one in shape["provenance"] if one.startswith("fields.")}
        assert named <= self._readable(entity)

    def _refusals(self, entity: str) -> None:
        for name in FIELDS[entity]:
            if self._level(entity, name) in {"none", "mask"}:
                for asked in ({"sort": (name,)}, {"filter": f"is_blank({name})"}):
                    query = ListQuery(entity=entity, **asked)  # type: ignore[arg-type]
                    assert self._of(page, self.ctx, query) is None, (name, asked)

    def _nothing(self, entity: str) -> None:
        for door in (records_api.list_records, entities_api.get_entity):
            assert self._of(self._api, door, entity) is None
        assert self._of(page, self.ctx, ListQuery(entity=entity)) is None
        assert self._of(export, self.ctx, ExportRequest(entity=entity), io.BytesIO()) is None
        assert titles(self.ctx, entity, self.world.rows(entity)) == {}
        one = next(iter(self.world.rows(entity)))
        assert self._of(records.get, self.ctx, entity, one) is None
        listed = entities_api.list_entities(self.ctx, self._request({})).content
        assert entity not in {each["id"] for each in listed["items"]}

    def _permits(self, entity: str) -> None:
        rows = self.world.rows(entity)
        found = fetch(self.ctx.connection, self.ctx.snapshot.table(entity), list(rows))
        for action in ("read", "update", "delete", "assign", "reveal", "export"):
            allowed = self.world.allowed(self.me, action, entity)
            answers = permits.permitted(self.ctx, entity, action, [found[one] for one in rows])
            assert {one for one, may in zip(rows, answers, strict=True) if may} == allowed, action

    def _leaks(self, entity: str) -> None:
        """No text of a field that may not be read, nor of a record that is not there."""
        told = "\n".join(self.told)
        for other in (CASE, NOTE):
            seen = self._seen(other)
            for one, row in self.world.rows(other).items():
                for name in ("name", "secret", "phone", "mail", "words"):
                    open_ = one in seen and self._level(other, name) in {"read", "write"}
                    if row.get(name) and not open_:
                        assert str(row[name]) not in told, (entity, other, name)

    def _writes(self) -> None:
        world, me = self.world, self.me
        open_ = self._level(CASE, "amount") == "write"
        for one in self.rng.sample(list(world.cases), 2):
            row = world.cases[one]
            after = {**row, "amount": 7}
            changed = world.with_records({**world.cases, one: after}, world.notes)
            seen = world.may(me, "read", CASE, row)
            may = world.may(me, "update", CASE, row) and changed.may(me, "update", CASE, after)
            done = self._tried(editing.update, self.ctx, CASE, one, {"amount": 7})
            assert done == (seen and may and open_), self.refused
            gone = self._tried(recycle_bin.delete, self.ctx, CASE, one)
            assert gone == (seen and world.may(me, "delete", CASE, row)), self.refused
            self._hands_over(one, self.rng.choice([None, *world.people]))

    def _hands_over(self, one: int, owner: int | None) -> None:
        world, me, row = self.world, self.me, self.world.cases[one]
        if row["owner"] == owner:
            return
        place = world.department_of(owner)
        moved = {**row, "owner": owner, "department": place or row["department"]}
        if owner is not None:
            moved["department"] = place
        changed = world.with_records({**world.cases, one: moved}, world.notes)
        seen = world.may(me, "read", CASE, row)
        may = (
            seen
            and world.may(me, "update", CASE, row)
            and (changed.may(me, "update", CASE, moved) or world.may(me, "assign", CASE, row))
        )
        done = self._tried(editing.update, self.ctx, CASE, one, {"owner": owner})
        assert done == (may and self._level(CASE, "owner") == "write"), self.refused

    def _tried(self, act: Any, *given: Any) -> bool:
        point = self.ctx.connection.begin_nested()
        found = self._of(act, *given)
        point.rollback()
        return found is not None

    def _of(self, act: Any, *given: Any) -> Any:
        """Answer what an act answers, None where it is refused."""
        try:
            return act(*given)
        except LooplineError as error:
            self.refused = f"{error!r} {error}"
        return None

    def _api(self, door: Any, entity: str, record: str = "", **asked: str) -> Any:
        request = self._request({"entity": entity, "id": record}, **asked)
        content = door(self.ctx, request).content
        self.told.append(repr(content))
        return content

    def _request(self, path: dict[str, str], **asked: str) -> ApiRequest:
        return ApiRequest(path=path, query=QueryParams(asked), headers=Headers())

    def _page(self, path: dict[str, Any], **asked: str) -> PageRequest:
        session = Session(user_id=self.me.id, csrf="", expires_at=self.ctx.now)
        return PageRequest(path=path, query=QueryParams(asked), session=session, site="", here="/")


def test_a_mistaken_demand_leaves_nothing(platform: Platform, narrow: Path) -> None:
    grant = random_law(seeded("0"), "m").grants[0]
    whole = replace(grant, entity=CASE, actions=frozenset({"*"}), scope="", departments=frozenset())
    _publish(platform, narrow, Law((whole,), {CASE: MISTAKEN}))
    with suppress(_Undo), platform.write() as ctx:
        _written(ctx, CASE, [{"name": "x"}])
        me = Actor(id=1, roles=frozenset({whole.role}))
        assert page(replace(ctx, actor=me), ListQuery(entity=CASE)).records == ()
        raise _Undo
