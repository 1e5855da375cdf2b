"""Laws I2 and I3: whatever is published, relabelled, retired, restored, rolled back or broken,
the head is what the model says and no value of any record is lost.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kit.faults import Broken, Moment, fault
from kit.profiles import DEEP
from loopline.bootstrap import Platform, build_platform
from loopline.clock import FixedClock
from loopline.errors import NotValid
from loopline.services.bin import delete, restore
from loopline.services.editing import update
from loopline.services.publishing import publish, rollback_plan
from loopline.services.records import create, get
from loopline.settings import load_settings
from loopline.testing import publish_documents
from loopline.testing.templates import SiteRecipe, SiteTemplates

WORLDS = settings(
    max_examples=400 if DEEP else 30,
    stateful_step_count=40 if DEEP else 12,
    derandomize=not DEEP,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TYPES = ("integer", "text", "boolean", "long_text")
SAMPLES = {
    "integer": st.integers(-5, 5),
    "text": st.sampled_from(["a", "Ä恒", "x" * 80]),
    "boolean": st.booleans(),
    "long_text": st.sampled_from(["line\nline", "—"]),
}
DOCUMENT = "{{kind: entity, id: x_thing, extend: true, fields: {{{0}: {{{1}}}}}}}"


@dataclass
class Model:
    """What the site should hold: fields by id, and each record's values."""

    fields: dict[str, dict[str, object]] = field(default_factory=dict)
    records: dict[int, dict[str, object]] = field(default_factory=dict)
    binned: set[int] = field(default_factory=set)
    releases: dict[int, dict[str, dict[str, object]]] = field(default_factory=dict)
    made: int = 0

    def living(self) -> list[str]:
        return [name for name, one in self.fields.items() if not one["retired"]]


class Metadata(RuleBasedStateMachine):
    """The acts of a consultant and of users, one at a time, against a model."""

    site: Path
    platform: Platform

    @initialize()
    def open(self) -> None:
        self.model = Model()
        with self.platform.read() as ctx:
            self.model.releases[ctx.snapshot.revision] = {}

    def _publish(self, name: str, **leaves: object) -> None:
        text = ", ".join(f"{key}: {str(value).lower()}" for key, value in leaves.items())
        release = publish_documents(self.platform, DOCUMENT.format(name, text))
        self.model.releases[release.revision] = deepcopy(self.model.fields)

    @rule(kind=st.sampled_from(TYPES))
    def add_field(self, kind: str) -> None:
        self.model.made += 1
        name = f"x_f{self.model.made}"
        self.model.fields[name] = {"type": kind, "label": name, "retired": False}
        self._publish(name, type=kind, label=name)

    @precondition(lambda self: self.model.fields)
    @rule(data=st.data(), label=st.sampled_from(["one", "two", "three"]))
    def relabel(self, data: st.DataObject, label: str) -> None:
        name = data.draw(st.sampled_from(sorted(self.model.fields)))
        self.model.fields[name]["label"] = label
        self._publish(name, label=label)

    @precondition(lambda self: self.model.fields)
    @rule(data=st.data(), retired=st.booleans())
    def retire_or_restore_a_field(self, data: st.DataObject, retired: bool) -> None:
        name = data.draw(st.sampled_from(sorted(self.model.fields)))
        self.model.fields[name]["retired"] = retired
        self._publish(name, retired=retired)

    @rule(data=st.data())
    def roll_back(self, data: st.DataObject) -> None:
        revision = data.draw(st.sampled_from(sorted(self.model.releases)))
        with self.platform.write() as ctx:
            related = self.platform.related_plugins
            plan = rollback_plan(ctx, revision, self.platform.schemas, related)
            release = publish(ctx, plan)
        self.model.fields = deepcopy(self.model.releases[revision])
        self.model.releases[release.revision] = deepcopy(self.model.fields)

    @rule(moment=st.sampled_from(["before", "after"]), at=st.integers(1, 40))
    def break_a_publish(self, moment: Moment, at: int) -> None:
        document = DOCUMENT.format(f"x_f{self.model.made + 1}", "type: integer, label: lost")
        with fault(self.platform.database.engine, moment, at):
            try:
                publish_documents(self.platform, document)
            except Broken:
                return
        self.model.made += 1
        name = f"x_f{self.model.made}"
        self.model.fields[name] = {"type": "integer", "label": "lost", "retired": False}
        with self.platform.read() as ctx:
            self.model.releases[ctx.snapshot.revision] = deepcopy(self.model.fields)

    @rule()
    def publish_nonsense(self) -> None:
        with pytest.raises(NotValid):
            publish_documents(self.platform, DOCUMENT.format("x_bad", "type: nonsense, label: x"))

    def _values(self, data: st.DataObject) -> dict[str, object]:
        names = self.model.living()
        chosen = data.draw(st.lists(st.sampled_from(names), unique=True)) if names else []
        return {name: data.draw(SAMPLES[str(self.model.fields[name]["type"])]) for name in chosen}

    @rule(data=st.data())
    def create_a_record(self, data: st.DataObject) -> None:
        values = self._values(data)
        with self.platform.write() as ctx:
            made = create(ctx, "x_thing", {"name": "n", **values})
        self.model.records[made.id] = values

    @precondition(lambda self: self.model.records.keys() - self.model.binned)
    @rule(data=st.data())
    def update_a_record(self, data: st.DataObject) -> None:
        living = sorted(self.model.records.keys() - self.model.binned)
        record = data.draw(st.sampled_from(living))
        values = self._values(data)
        with self.platform.write() as ctx:
            update(ctx, "x_thing", record, values)
        self.model.records[record] |= values

    @precondition(lambda self: self.model.records)
    @rule(data=st.data())
    def delete_or_restore_a_record(self, data: st.DataObject) -> None:
        record = data.draw(st.sampled_from(sorted(self.model.records)))
        act = restore if record in self.model.binned else delete
        with self.platform.write() as ctx:
            act(ctx, "x_thing", record)
        self.model.binned ^= {record}

    @rule()
    def start_again(self) -> None:
        self.platform.close()
        self.platform = build_platform(load_settings(self.site), self.platform.clock)

    @invariant()
    def the_head_is_the_newest_release(self) -> None:
        with self.platform.read() as ctx:
            assert ctx.snapshot.revision == max(self.model.releases)

    @invariant()
    def the_fields_are_those_of_the_model(self) -> None:
        with self.platform.read() as ctx:
            entity = ctx.catalog.entity("x_thing")
            found = {
                name: {"type": one.type, "label": one.label.to("zh"), "retired": one.retired}
                for name, one in {**entity.fields, **entity.retired}.items()
                if name.startswith("x_f")
            }
        assert found == self.model.fields

    @invariant()
    def no_value_is_lost(self) -> None:
        with self.platform.read() as ctx:
            for record, values in self.model.records.items():
                stored = get(ctx, "x_thing", record, deleted=True).values
                shown = {name: stored[name] for name in self.model.living()}
                assert shown == {name: values.get(name) for name in self.model.living()}

    @invariant()
    def hidden_columns_keep_their_values(self) -> None:
        with self.platform.read() as ctx:
            rows = ctx.connection.execute(sa.text("SELECT * FROM r_x_thing")).mappings().all()
        assert {row["id"] for row in rows} == self.model.records.keys()
        for row in rows:
            for name, value in self.model.records[row["id"]].items():
                assert row[name] == value

    def teardown(self) -> None:
        self.platform.close()


@pytest.fixture
def machine(
    tmp_path: Path, database_url: str, recipe: SiteRecipe, site_templates: SiteTemplates
) -> type[Metadata]:
    """Answer a machine of which each run starts from a fresh copy of the site."""
    recipe.write_settings(tmp_path / "site", database_url)

    class OnFreshSite(Metadata):
        def __init__(self) -> None:
            site_templates.copy_to(database_url, recipe)
            self.site = tmp_path / "site"
            clock = FixedClock(datetime(2026, 1, 5, tzinfo=UTC))
            self.platform = build_platform(load_settings(self.site), clock)
            super().__init__()

    return OnFreshSite


@pytest.mark.timeout(3600 if DEEP else 300)
def test_no_sequence_of_acts_loses_anything(machine: type[Metadata]) -> None:
    run_state_machine_as_test(machine, settings=WORLDS)
