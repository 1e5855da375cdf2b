"""Taking writes of an import back, the newest first; what somebody changed since stays."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from operator import attrgetter

import orjson

import loopline.services.bin as recycle_bin
from loopline.access.context import Context
from loopline.errors import LooplineError, Problem
from loopline.fields.base import Unreadable
from loopline.language import Label
from loopline.services.editing import update_many
from loopline.services.incoming import reached
from loopline.services.permits import NOT_THERE, refused
from loopline.services.records import Outcome
from loopline.store.changes import ChangeRow
from loopline.store.rows import Record, fetch
from loopline.store.sources import made_from, touched_besides, updates_from
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
            records = list(dict.fromkeys(change.record for change in some))
            if action == "create":
                self._remove(one, records)
            elif action == "update" and entity == self.entity:
                self._set_back(one, records)
        return self.taken

    def _remove(self, one: RecordTable, ids: Sequence[int]) -> None:
        """Delete records that the import made, unless somebody wrote them or what they reach."""
        entity, allowed = one.entity.id, self._allowed(one, "delete", ids)
        touched = self._touched(entity, allowed)
        for record in sorted(touched):
            self._keep(one, record, Problem("", "import.changed_since"))
        free = [record for record in allowed if record not in touched]
        some_reach = self._is_reaching(entity, set(free))
        for record in free:
            if some_reach and self._is_reaching(entity, {record}):
                self._keep(one, record, Problem("", "import.held_since"))
                continue
            problems = self._alone(partial(recycle_bin.delete, self.ctx, entity, record))
            gone = not problems or problems[0].code == NOT_THERE  # along with one before
            self.taken.removed += gone
            if not gone:
                self._keep(one, record, problems[0])

    def _is_reaching(self, entity: str, records: set[int]) -> bool:
        """Whether deleting records would delete or change others that somebody wrote."""
        others = reached(self.ctx.elevated("delete"), entity, records)
        return any(self._touched(name, sorted(ids)) for name, ids in others.items() if ids)

    def _touched(self, entity: str, records: Collection[int]) -> set[int]:
        sources = (self.source, self.own)
        return touched_besides(self.ctx.connection, sources, entity, list(records))

    def _set_back(self, one: RecordTable, ids: Sequence[int]) -> None:
        """Give fields that the import changed the values they had, unless they changed again.

        All that the import did to a record counts, also what lies beyond this batch.
        """
        connection, entity = self.ctx.connection, one.entity.id
        made = made_from(connection, self.source, entity, ids)  # they go to the bin as they are
        records = self._allowed(one, "update", [i for i in ids if i not in made])
        diffs = _folded(updates_from(connection, self.source, entity, list(records)))
        back: dict[int, Values] = {}
        for record_id, record in records.items():
            back[record_id], left = _earlier(one, record, diffs[record_id])
            for problem in self._left(one, left):
                self._keep(one, record_id, problem)
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
        failed = {i: back[i] for i, found in outcomes.items() if not isinstance(found, int)}
        given = {
            record: {name: value for name, value in values.items() if name in self.given}
            for record, values in failed.items()
            if values.keys() - self.given
        }
        return {**outcomes, **self._written(one, given)}

    def _written(self, one: RecordTable, changes: Mapping[int, Values]) -> dict[int, Outcome]:
        """Write what there is to write; where one makes the whole impossible, each alone."""
        wanted = {record: values for record, values in changes.items() if values}
        outcomes: dict[int, Outcome] = {}
        write = partial(update_many, self.ctx, one.entity.id, wanted)
        problems = self._alone(lambda: outcomes.update(write()))
        if problems and len(wanted) > 1:
            for record, values in wanted.items():
                outcomes |= self._written(one, {record: values})
        elif problems:
            outcomes |= dict.fromkeys(wanted, problems)
        return outcomes

    def _left(self, one: RecordTable, left: Mapping[str, str]) -> Iterator[Problem]:
        """Yield what is told of fields that the file gave and that keep their values."""
        reasons: dict[str, list[str]] = defaultdict(list)
        for name in sorted(left.keys() & self.given):
            reasons[left[name]].append(name)
        for code, names in reasons.items():
            yield Problem("", code, {"fields": self._labels(one, names)})

    def _alone(self, act: Callable[[], object]) -> tuple[Problem, ...]:
        """Do something so that its refusal leaves nothing behind; answer the refusal."""
        try:
            with self.ctx.connection.begin_nested():
                act()
        except LooplineError as error:
            return error.reasons()
        return ()

    def _allowed(self, one: RecordTable, action: str, ids: Sequence[int]) -> dict[int, Record]:
        """Answer those of some records that are there and that the actor may do this to, in order.

        The others are left before anything is told of them.
        """
        held = fetch(self.ctx.connection, one, sorted(ids), lock=True)
        living = [held[i] for i in ids if i in held and held[i].deleted_at is None]
        allowed: dict[int, Record] = {}
        for record, problems in zip(living, refused(self.ctx, one, action, living), strict=True):
            if problems:
                self._keep(one, record.id, problems[0])
            else:
                allowed[record.id] = record
        return allowed

    def _labels(self, one: RecordTable, names: Sequence[str]) -> Label:
        known = {**one.entity.retired, **one.entity.fields}
        return Label.join(
            known[name].label if name in known else Label({"en": name}) for name in names
        )

    def _keep(self, one: RecordTable, record: int, why: Problem) -> None:
        self.taken.kept.append(Problem(f"{one.entity.id}/{record}", why.code, why.params))


def _folded(changes: Sequence[ChangeRow]) -> Fold:
    """Answer what changes, given the newest first, did to each record in all."""
    found: Fold = {}
    for change in changes:
        fields = found.setdefault(change.record, {})
        for name, (old, new) in change.diff.items():
            fields[name] = (old, fields[name][1] if name in fields else new)
    return found


def _earlier(
    one: RecordTable, record: Record, diff: Mapping[str, tuple[object, object]]
) -> tuple[Values, Mapping[str, str]]:
    """Answer the values to set back, and why other fields keep theirs; as before needs neither."""
    back: Values = {}
    left: dict[str, str] = {}
    for name, (old, new) in diff.items():
        stored = one.fields.get(name)
        if stored is None:
            left[name] = "import.fields_gone_since"
            continue
        kind, definition, now = stored.type, stored.definition, record.values.get(name)
        told = None if now is None else orjson.loads(orjson.dumps(kind.to_json(definition, now)))
        try:
            if told == new:
                back[name] = None if old is None else kind.from_json(definition, old)
            elif told != old:
                left[name] = "import.fields_changed_since"
        except Unreadable:
            left[name] = "import.fields_gone_since"
    return back, left
