"""The timeline of a record: who changed or said what, when, and through which door."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from loopline.access.context import Context
from loopline.fields.definition import FieldDef
from loopline.fields.masking import mask
from loopline.services.approvals.acting import process_names
from loopline.services.approvals.trail import NOTE
from loopline.services.comments import COMMENT, Comment, comments_by_id
from loopline.services.timeline_sources import related_changes
from loopline.services.titles import Titles, titles
from loopline.store.changes import read_changes
from loopline.store.conversions import RECORDS


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldChange:
    """One field's change; values in Python form, None for blank."""

    field: FieldDef
    old: object
    new: object


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One write of the record, an act on it (``note`` is what was said with it), or a comment.

    Where nobody acted but an approval itself, ``actor_name`` is what that is called.
    ``records`` are those (entity, id) that it became, or came from. ``about`` is the record that
    was written where it is another one, which stands on this timeline too.
    """

    id: int
    at: datetime
    actor: int | None
    actor_name: str
    action: str
    via: str
    changes: tuple[FieldChange, ...]
    note: str = ""
    records: tuple[tuple[str, int], ...] = ()
    comment: Comment | None = None
    about: tuple[str, int] | None = None

    @property
    def kind(self) -> Literal["change", "comment"]:
        """What the entry is."""
        return "change" if self.comment is None else "comment"


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeline:
    """Entries newest first, the titles of the records they mention, and where to go on."""

    entries: tuple[Entry, ...]
    titles: Titles
    next: int | None


def timeline(
    ctx: Context, entity: str, record_id: int, *, limit: int = 30, before: int | None = None
) -> Timeline:
    """Answer the newest entries; the caller has checked that the record may be seen.

    Those of other records stand among them where a link of theirs says so (``timeline: true``) and
    the actor may read them.
    """
    own = read_changes(ctx.connection, entity, record_id, limit + 1, before)
    others = related_changes(ctx, entity, record_id, limit + 1, before)
    rows = sorted([*own, *others], key=lambda row: -row[0])[: limit + 1]
    names = titles(ctx, "user", {row.actor for _, row in rows if row.actor is not None})
    processes = process_names(ctx, {row.source for _, row in rows if row.source is not None})
    said = {i: int(row.diff[COMMENT][1]) for i, row in rows[:limit] if COMMENT in row.diff}
    comments = comments_by_id(ctx, set(said.values()))
    entries = tuple(
        Entry(
            id=change_id,
            at=row.at,
            actor=row.actor,
            actor_name=processes.get(row.source or "", "")
            if row.actor is None
            else names.get(row.actor, f"#{row.actor}"),
            action=row.action,
            via=row.via,
            changes=tuple(_changes(ctx, row.entity, row.diff)),
            note=str(row.diff.get(NOTE, ("", ""))[1]),
            comment=comments.get(said.get(change_id, 0)),
            records=tuple((name, number) for name, number in row.diff.get(RECORDS, ((), ()))[1]),
            about=None if (row.entity, row.record) == (entity, record_id) else row.about,
        )
        for change_id, row in rows[:limit]
    )
    following = entries[-1].id if len(rows) > limit else None
    return Timeline(entries=entries, titles=_titles(ctx, entries), next=following)


def _changes(
    ctx: Context, entity: str, diff: Mapping[str, tuple[object, object]]
) -> list[FieldChange]:
    definition = ctx.catalog.entity(entity)
    fields = {**definition.retired, **definition.fields}
    found = []
    for name, (old, new) in diff.items():
        field = fields.get(name)
        if field is not None:
            values = (_value(ctx, field, old), _value(ctx, field, new))
            found.append(FieldChange(field=field, old=values[0], new=values[1]))
    return found


def _value(ctx: Context, field: FieldDef, stored: object) -> object:
    """Answer a value from its JSON form, masked where the actor may not read it."""
    if stored is None:
        return None
    kind = ctx.snapshot.types[field.type]
    value = kind.from_json(field, stored)
    return mask(field, kind.format(field, value, ctx.locale)) if field.masked else value


def _titles(ctx: Context, entries: tuple[Entry, ...]) -> Titles:
    wanted: dict[str, set[int]] = {}
    for entry in entries:
        for name, number in (*entry.records, *((entry.about,) if entry.about else ())):
            wanted.setdefault(name, set()).add(number)
        for change in entry.changes:
            if change.field.to:
                ids = {value for value in (change.old, change.new) if isinstance(value, int)}
                wanted.setdefault(change.field.to, set()).update(ids)
    return {
        (target, record_id): title
        for target, ids in wanted.items()
        for record_id, title in titles(ctx, target, ids).items()
    }
