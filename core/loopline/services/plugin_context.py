"""What plugins are called with: the kernel's doors, and nothing behind them."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, TypeVar

from loopline.access.context import Actor, Context
from loopline.access.roles import holders_of
from loopline.calendars.calendar import WorkingCalendar
from loopline.errors import LooplineError, Problem
from loopline.expr.literals import quoted
from loopline.expr.moment import Moment
from loopline.hooks.declarations import Document
from loopline.jobs.queue import enqueue
from loopline.language import Label
from loopline.meta.document import DocumentKey, nest
from loopline.query.answering import answer
from loopline.query.grid import ResultGrid
from loopline.query.lists import ListQuery, count, page
from loopline.query.reading import read_query
from loopline.services import bin as recycle_bin
from loopline.services import editing, lines, permits, records, titles
from loopline.services.expressions import linked_records, predicate, values_of
from loopline.services.pipelines.reading import StageEntry, stages
from loopline.services.plugin_doors.approvals import Approvals
from loopline.services.plugin_doors.files import Files
from loopline.services.plugin_doors.messages import Messages
from loopline.services.plugin_doors.portal import Portal
from loopline.services.plugin_doors.widgets import Widgets
from loopline.services.values import read_bodies, read_body
from loopline.store.locks import hold_name
from loopline.store.rows import Record

Values = Mapping[str, object]
T = TypeVar("T")
_PAGE: Final = 1000
_LOT: Final = 100
"""Values that one expression names; it has room for some two hundred."""


@dataclass(frozen=True, slots=True)
class PluginContext:
    """The context of one call of a plugin, valid until the call ends.

    Records are read and written with the rights of whoever acts, in the transaction of whatever
    the plugin was called for.
    """

    _ctx: Context
    plugin: str

    @property
    def actor(self) -> Actor:
        """Who acts; its ``id`` is None for the system."""
        return self._ctx.actor

    @property
    def now(self) -> datetime:
        """The moment of the transaction, aware, in UTC."""
        return self._ctx.now

    @property
    def today(self) -> date:
        """The day it is for whoever acts."""
        return self._ctx.moment.today()

    @property
    def language(self) -> str:
        """The language of whoever acts."""
        return self._ctx.actor.language

    @property
    def via(self) -> str:
        """The door: page, api, import, cli, seed or job."""
        return self._ctx.via

    @property
    def site_zone(self) -> str:
        """The time zone of the site, whoever acts."""
        return self._ctx.site_zone

    @property
    def currency(self) -> str:
        """The currency of the site, an ISO 4217 code."""
        return self._ctx.locale.currency

    @property
    def portal(self) -> Portal:
        """Links for people without an account."""
        return Portal(self._ctx, self.plugin)

    @property
    def messages(self) -> Messages:
        """Mails, and notifications of colleagues."""
        return Messages(self._ctx, self.plugin)

    @property
    def files(self) -> Files:
        """Files: kept, read, printed."""
        return Files(self._ctx, self.plugin)

    @property
    def approvals(self) -> Approvals:
        """Approvals of records: how they stand, asking for them."""
        return Approvals(self._ctx)

    @property
    def widgets(self) -> Widgets:
        """What enabled plugins offer for dashboards."""
        return Widgets(self._ctx)

    def because(self, **cause: object) -> "PluginContext":
        """Answer a context whose writes tell guards why (``RecordsChanging.cause``)."""
        return replace(self, _ctx=self._ctx.because(**cause))

    def hold(self, name: str) -> None:
        """Wait until no other transaction holds this name of the plugin, and hold it to the end."""
        hold_name(self._ctx.connection, f"{self.plugin}:{name}")

    def elevated(self, why: str) -> "PluginContext":
        """Answer a context that may do everything, for the named purpose; the trail tells it."""
        return replace(self, _ctx=self._ctx.elevated(f"{self.plugin}: {why}"))

    def get(self, entity: str, record_id: int) -> Record:
        """Answer a record. Raises NotFound where the actor may not read it."""
        return records.get(self._ctx, entity, record_id)

    def find(
        self,
        entity: str,
        filter: str = "",
        *,
        sort: Sequence[str] = (),
        limit: int = 100,
    ) -> tuple[Record, ...]:
        """Answer the first records that match an expression, at most 1,000."""
        query = ListQuery(entity=entity, filter=filter, sort=tuple(sort), limit=limit)
        return page(self._ctx, query).records

    def by_id(self, entity: str, ids: Iterable[int]) -> dict[int, Record]:
        """Answer those of some records that are there and the actor may read, by number.

        Set-wise, however many: asked by key, not by an expression.
        """
        found = records.readable(self._ctx, entity, set(ids))
        return {number: one for number, one in found.items() if one.deleted_at is None}

    def every(self, entity: str, filter: str = "", *, after: int = 0) -> Iterator[Record]:
        """Yield all records that match an expression, in the order in which they were made.

        ``after`` is the number of the record before the first.
        """
        while True:
            here = f"id > {after}" + (f" && ({filter})" if filter else "")
            found = self.find(entity, here, sort=("id",), limit=_PAGE)
            yield from found
            if len(found) < _PAGE:
                return
            after = found[-1].id

    def among(self, entity: str, field: str, values: Iterable[int | str]) -> list[Record]:
        """Answer the records whose field has one of some values, in the order they were made."""
        asked = sorted({str(one) if isinstance(one, int) else quoted(one) for one in values})
        found: list[Record] = []
        for at in range(0, len(asked), _LOT):
            named = ", ".join(asked[at : at + _LOT])
            found += self.every(entity, f"{field} in [{named}]")
        return sorted(found, key=lambda one: one.id)

    def count(self, entity: str, filter: str = "") -> int:
        """Answer how many records match an expression."""
        return count(self._ctx, ListQuery(entity=entity, filter=filter, count="exact")).value

    def query(self, asked: Mapping[str, object]) -> ResultGrid:
        """Answer a semantic query (docs/reference/query.md). Raises NotFound, NotValid."""
        return answer(self._ctx, read_query(asked))

    def create(self, entity: str, values: Values) -> Record:
        """Create a record from values in JSON form or Python form, lines as a list of such.

        Raises NotValid, Forbidden.
        """
        return lines.create(self._ctx, entity, read_body(self._ctx, entity, values))

    def create_many(self, entity: str, rows: Sequence[Values]) -> list[int | tuple[Problem, ...]]:
        """Create records set-wise from values as ``create`` takes them.

        Answers for each row, in order, its number or what is wrong with it; a row that is wrong
        keeps no other from being made. Raises Forbidden.
        """
        read = read_bodies(self._ctx, entity, rows)
        good = [index for index, (_, problems) in enumerate(read) if not problems]
        made = lines.create_many(self._ctx, entity, [read[index][0] for index in good])
        outcomes = dict(zip(good, made, strict=True))
        return [outcomes.get(index, tuple(wrong)) for index, (_, wrong) in enumerate(read)]

    def update(self, entity: str, record_id: int, changes: Values) -> Record:
        """Change fields of a record; a list of lines is the whole of it.

        Raises NotFound, NotValid, Forbidden.
        """
        read = read_body(self._ctx, entity, changes)
        return lines.update(self._ctx, entity, record_id, read)

    def lines(self, entity: str, field: str, ids: Sequence[int]) -> dict[int, tuple[Record, ...]]:
        """Answer the lines in a field of records that the actor may read, by record, in order."""
        definition = self._ctx.catalog.entity(entity)
        seen = records.readable(self._ctx, entity, ids)
        found = lines.read_lines(self._ctx, definition, list(seen), [field])
        return {one: tuple(found.get(field, {}).get(one, ())) for one in seen}

    def update_many(
        self, entity: str, changes: Mapping[int, Values]
    ) -> dict[int, tuple[Problem, ...]]:
        """Change records set-wise (values in Python form); answer what is wrong with which."""
        outcomes = editing.update_many(self._ctx, entity, changes)
        return {record: found for record, found in outcomes.items() if isinstance(found, tuple)}

    def delete(self, entity: str, record_id: int) -> None:
        """Move a record to the recycle bin. Raises NotFound, Conflict, Forbidden."""
        recycle_bin.delete(self._ctx, entity, record_id)

    def stages(self, entity: str, record_id: int) -> tuple[StageEntry, ...]:
        """Answer the stages that a record went through, oldest first. Raises NotFound."""
        return stages(self._ctx, entity, record_id)

    def title(self, entity: str, record_id: int) -> str:
        """Answer what people call a record; its number where they may not read it."""
        return titles.titles(self._ctx, entity, [record_id]).get(record_id, f"#{record_id}")

    def may(self, action: str, record: Record) -> bool:
        """Whether the actor may do an action to a record as it stands."""
        whole = permits.as_stored(self._ctx, record)
        return permits.permitted(self._ctx, record.entity, action, [whole])[0]

    def matches(
        self, entity: str, expression: str, rows: Sequence[Values], *, at: datetime | None = None
    ) -> list[bool]:
        """Answer for each row of values whether an expression holds at a moment (now).

        Asked as the site: in its zone, nobody is ``me``. Raises NotValid where it is no expression.
        """
        if not expression:
            return [True] * len(rows)
        holds, links = predicate(self._ctx.snapshot, entity, expression)
        linked = linked_records(self._ctx, entity, links, list(rows))
        moment = Moment(now=at or self.now, zone=self.site_zone)
        return [holds(values_of(row, linked), moment) for row in rows]

    def has(self, kind: str, name: str) -> bool:
        """Whether the release has a document, an entity for example."""
        return self._ctx.snapshot.catalog.has(kind, name)

    def calendar(self, name: str) -> WorkingCalendar:
        """Answer a working calendar, in its own zone or the site's. Raises NotFound."""
        self.document("calendar", name)
        return self._ctx.snapshot.catalog.calendar(name).in_zone(self.site_zone)

    def holders(self, role: str) -> tuple[int, ...]:
        """Answer the users who were given a role, by id."""
        return tuple(holders_of(self._ctx.connection, role))

    def documents(self, kind: str) -> list[Document]:
        """Answer the documents of a kind, each as resolved over all layers."""
        catalog = self._ctx.snapshot.catalog
        return [self.document(kind, name) for name in catalog.ids(kind)]

    def document(self, kind: str, name: str) -> Document:
        """Answer one document as resolved. Raises NotFound."""
        catalog = self._ctx.snapshot.catalog
        if not catalog.has(kind, name):
            raise catalog.missing(kind, name)
        return Document(kind, name, nest(catalog.resolved(DocumentKey(kind, name)).values))

    def memo(self, key: Hashable, build: Callable[[], T]) -> T:
        """Answer what the release alone decides, built once for it and shared by all who ask.

        For what documents are read into, frozen; never for what depends on records or on who asks.
        """
        return self._ctx.snapshot.memo((self.plugin, key), build)

    def enqueue(
        self, kind: str, payload: Mapping[str, Any], *, unique_key: str | None = None
    ) -> bool:
        """Ask for one of the plugin's jobs once this transaction is committed.

        A second one under the same key while the first waits is no job; answers whether it is.
        """
        key = None if unique_key is None else f"{self.plugin}:{unique_key}"
        return enqueue(self._ctx.connection, kind, payload, self._ctx.now, unique_key=key)

    def tell(self, error: LooplineError) -> tuple[str, ...]:
        """Answer what an error says to whoever acts, a line for each place that is wrong."""
        messages = self._ctx.messages
        lines = (f"{one.path}: {messages.tell(one, self.language)}" for one in error.problems)
        return tuple(lines) or (messages.tell(error, self.language),)

    def say(self, text: Label | str) -> str:
        """Answer a text in the language of whoever acts."""
        return text.to(self.language) if isinstance(text, Label) else text


def plugin_context(ctx: Context, plugin: str) -> PluginContext:
    """Answer the context in which a plugin is called."""
    return PluginContext(ctx, plugin)
