"""The trail of the site for administrators: who wrote what, when, through which door."""

from dataclasses import dataclass
from datetime import date

from loopline.access.context import Context
from loopline.errors import Forbidden
from loopline.services.approvals.trail import NOTE
from loopline.services.people import USER
from loopline.services.titles import Titles, titles
from loopline.store.changes import ChangeRow
from loopline.store.trail import TrailFilter, read_trail


@dataclass(frozen=True, kw_only=True, slots=True)
class TrailQuery:
    """What of the trail is asked for; ``day`` is one in the zone of who asks."""

    actor: int | None = None
    entity: str | None = None
    action: str | None = None
    day: date | None = None
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line: the labels of the fields that changed, and what was said with it."""

    id: int
    row: ChangeRow
    fields: tuple[str, ...]
    said: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Trail:
    """A page of the trail, what its records and people are called, and where to go on."""

    lines: tuple[Line, ...]
    titles: Titles
    next: int | None


def read(ctx: Context, query: TrailQuery) -> Trail:
    """Answer a page of the trail. Raises Forbidden for all but administrators."""
    if not ctx.actor.administrator:
        raise Forbidden(code="access.trail")
    since, until = (None, None) if query.day is None else ctx.moment.span(query.day)
    wanted = TrailFilter(
        actor=query.actor, entity=query.entity, action=query.action, since=since, until=until
    )
    rows = read_trail(ctx.connection, wanted, query.limit + 1, query.before)
    lines = tuple(
        Line(id=at, row=row, fields=_fields(ctx, row), said=str(row.diff.get(NOTE, ("", ""))[1]))
        for at, row in rows[: query.limit]
    )
    more = lines[-1].id if len(rows) > query.limit else None
    return Trail(lines=lines, titles=_called(ctx, lines), next=more)


def _fields(ctx: Context, row: ChangeRow) -> tuple[str, ...]:
    """Answer the labels of the fields that a line names; a new record says nothing by them."""
    if row.action == "create" or not ctx.catalog.has("entity", row.entity):
        return ()
    entity = ctx.catalog.entity(row.entity)
    known = {**entity.retired, **entity.fields}
    return tuple(known[one].label.to(ctx.actor.language) for one in row.diff if one in known)


def _called(ctx: Context, lines: tuple[Line, ...]) -> Titles:
    wanted: dict[str, set[int]] = {}
    for one in lines:
        wanted.setdefault(one.row.entity, set()).add(one.row.record)
        if one.row.actor is not None:
            wanted.setdefault(USER, set()).add(one.row.actor)
    return {
        (entity, record): title
        for entity, ids in wanted.items()
        for record, title in titles(ctx, entity, ids).items()
    }
