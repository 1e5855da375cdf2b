"""Taking writes of an import back, the newest first; what somebody changed since stays."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from operator import attrgetter

import orjson

import loopline.services.bin as recycle_bin
from loopline.access.context import Context
from loopline.errors import LooplineError, Problem
from loopline.language import LANGUAGES, Label
from loopline.services.editing import update_many
from loopline.services.records import Outcome
from loopline.store.changes import ChangeRow
from loopline.store.rows import Record, fetch
from loopline.store.sources import made_from, touched_besides
from loopline.store.tables import RecordTable

Values = dict[str, object]
Fold = dict[int, dict[str, tuple[object, object]]]
"""For each record its fields as they were before some changes, and after them, in JSON form."""


@dataclass(slots=True)
class Taken:
    """What taking back came to; ``kept`` tells for each record that is left as it is why."""

    removed: int = 0
    reverted: int = 0
    kept: list[Problem] = field(default_factory=list)

    def counts(self) -> Mapping[str, int]:
        """Answer how many records came to which end."""
        return {"removed": self.removed, "reverted": self.reverted, "kept": len(self.kept)}


@dataclass(frozen=True, kw_only=True, slots=True)
class TakeBack:
    """Takes back what an import of an entity wrote.

    ``given`` are the fields that its file gave, ``source`` is its name in the trail, ``own`` that
    of its undoing.
    """

    ctx: Context
    entity: str
    given: frozenset[str]
    source: str
    own: str
    taken: Taken = field(default_factory=Taken)

    def perform(self, changes: Sequence[ChangeRow]) -> Taken:
        """Undo writes, given the newest first."""
        for (entity, action), some in groupby(changes, key=attrgetter("entity", "action")):
            one = self.ctx.snapshot.table(entity)
            if action == "create":
                self._remove(one, [change.record for change in some])
            elif action == "update" and entity == self.entity:
                self._set_back(one, _folded(some))
        return self.taken

    def _remove(self, one: RecordTable, ids: Sequence[int]) -> None:
        """Move records that the import made to the bin."""
        ctx, entity = self.ctx, one.entity.id
        living = self._living(one, ids)
        touched = touched_besides(ctx.connection, (self.source, self.own), entity, list(living))
        for record in living:
            if record in touched:
                self._keep(one, record, Problem("", "import.changed_since"))
                continue
            refused = self._alone(partial(recycle_bin.delete, ctx, entity, record))
            self.taken.removed += not refused
            for problem in refused[:1]:
                self._keep(one, record, problem)

    def _set_back(self, one: RecordTable, diffs: Fold) -> None:
        """Give fields that the import changed the values they had, unless they changed again."""
        for made in made_from(self.ctx.connection, self.source, one.entity.id, list(diffs)):
            del diffs[made]  # it goes to the bin as it is
        back: dict[int, Values] = {}
        for record_id, record in self._living(one, list(diffs)).items():
            back[record_id], left = _earlier(one, record, diffs[record_id])
            if left & self.given:
                told = {"fields": self._labels(one, sorted(left & self.given))}
                self._keep(one, record_id, Problem("", "import.fields_changed_since", told))
        for record_id, outcome in self._updated(one, back).items():
            if isinstance(outcome, int):
                self.taken.reverted += 1
            else:
                self._keep(one, record_id, outcome[0])

    def _updated(self, one: RecordTable, back: Mapping[int, Values]) -> Mapping[int, Outcome]:
        """Write earlier values; of a record that refuses some only those that the file gave.

        What the site worked out from them is worked out again.
        """
        outcomes = self._written(one, back)
        refused = {i: back[i] for i, found in outcomes.items() if not isinstance(found, int)}
        given = {
            record: {name: value for name, value in values.items() if name in self.given}
            for record, values in refused.items()
            if values.keys() - self.given
        }
        return {**outcomes, **self._written(one, given)}

    def _written(self, one: RecordTable, changes: Mapping[int, Values]) -> dict[int, Outcome]:
        """Write what there is to write; where one makes the whole impossible, each alone."""
        wanted = {record: values for record, values in changes.items() if values}
        outcomes: dict[int, Outcome] = {}
        refused = self._alone(lambda: outcomes.update(update_many(self.ctx, one.entity.id, wanted)))
        if refused and len(wanted) > 1:
            for record, values in wanted.items():
                outcomes |= self._written(one, {record: values})
        elif refused:
            outcomes |= dict.fromkeys(wanted, refused)
        return outcomes

    def _alone(self, act: Callable[[], object]) -> tuple[Problem, ...]:
        """Do something so that its refusal leaves nothing behind; answer the refusal."""
        try:
            with self.ctx.connection.begin_nested():
                act()
        except LooplineError as error:
            return error.problems or (Problem("", error.key, error.params),)
        return ()

    def _living(self, one: RecordTable, ids: Sequence[int]) -> dict[int, Record]:
        """Answer those of some records that are there, in the order given."""
        held = fetch(self.ctx.connection, one, sorted(set(ids)), lock=True)
        return {i: held[i] for i in ids if i in held and held[i].deleted_at is None}

    def _labels(self, one: RecordTable, names: Sequence[str]) -> Label:
        say = self.ctx.messages.say
        labels = [one.fields[name].definition.label for name in names]
        return Label(
            {to: say("ui.comma", to).join(each.to(to) for each in labels) for to in LANGUAGES}
        )

    def _keep(self, one: RecordTable, record: int, why: Problem) -> None:
        self.taken.kept.append(Problem(f"{one.entity.id}/{record}", why.code, why.params))


def _folded(changes: Iterator[ChangeRow]) -> Fold:
    """Answer what changes, given the newest first, did to each record in all."""
    found: Fold = {}
    for change in changes:
        fields = found.setdefault(change.record, {})
        for name, (old, new) in change.diff.items():
            fields[name] = (old, fields[name][1] if name in fields else new)
    return found


def _earlier(
    one: RecordTable, record: Record, diff: Mapping[str, tuple[object, object]]
) -> tuple[Values, set[str]]:
    """Answer the values to set back, and the fields that changed again."""
    back: Values = {}
    left: set[str] = set()
    for name in diff.keys() & one.fields.keys():
        (old, new), stored = diff[name], one.fields[name]
        kind, definition, now = stored.type, stored.definition, record.values.get(name)
        told = None if now is None else orjson.loads(orjson.dumps(kind.to_json(definition, now)))
        if told == new:
            back[name] = None if old is None else kind.from_json(definition, old)
        else:
            left.add(name)
    return back, left
