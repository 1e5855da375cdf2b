"""What hooks are told: one frozen event each, about a whole batch, and what they may answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from loopline.errors import Problem
from loopline.hooks.declarations import Document
from loopline.language import Label

ChangeAction = Literal["create", "update", "delete", "restore"]
LifeAction = Literal["install", "upgrade", "enable", "disable", "uninstall"]
Values = Mapping[str, object]


def _nothing_wrong(asked: Mapping[str, object]) -> tuple[Problem, ...]:
    return ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One record's part of a batch; values are in Python form, blank ones None.

    ``id`` is None for a record that is only being made. ``old`` is empty for a new record; ``new``
    holds every field of the record as it will be. ``fields`` names what differs; ``given`` what
    the writer named itself, so that the rest are defaults.
    """

    index: int
    id: int | None
    old: Values
    new: Values
    fields: frozenset[str]
    given: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordsChanging:
    """Records are about to be written; nothing of it is stored yet.

    ``cause`` is what the writing program says of why (``Context.because``); people cannot say it.
    The kernel says ``undo`` where an import is taken back, which is no event to be counted, and
    ``assign`` of imports: whether rules of assignment follow.
    """

    entity: str
    action: ChangeAction
    changes: tuple[Change, ...]
    via: str
    cause: Values = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordsChanged:
    """Records were written and committed. ``new`` holds only what the write changed."""

    entity: str
    action: ChangeAction
    changes: tuple[Change, ...]
    via: str
    actor: int | None


@dataclass(frozen=True, slots=True)
class StageMove:
    """A record about to enter a stage: its change, the stage before (None: none) and after.

    ``after`` is None where a record leaves its pipeline.
    """

    change: Change
    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordsMoving:
    """Records are about to enter stages of one pipeline over a field; nothing is stored yet.

    ``change.new`` is each record as it will be, with what entering the stage writes.
    """

    entity: str
    pipeline: str
    field: str
    moves: tuple[StageMove, ...]
    via: str


@dataclass(frozen=True, slots=True)
class Set:
    """Write a value into a field of a record that is being changed."""

    change: Change
    field: str
    value: object


@dataclass(frozen=True, slots=True)
class Add:
    """Create a further record along with one that is being changed, if it is written at all.

    ``link`` is the further record's field, a link to it or to any record, that names the other.
    """

    change: Change
    entity: str
    values: Values
    link: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """Refuse a record, or with ``change`` None the whole batch; the message is for people.

    ``field`` is the record's; a problem as message is told by its code. Of a publish ``place``
    says where in a document, as it is written in plans: ``report/sales pivot.rows``.
    """

    change: Change | None
    message: Label | str | Problem
    field: str = ""
    place: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scoping:
    """Somebody is about to do an action on records of an entity."""

    entity: str
    action: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Publishing:
    """A release is about to be published: the documents that differ, as ``kind/id``.

    ``resolved`` are those of them that it has, each as it will be over all layers.
    ``query_problems`` answers what is wrong with a semantic query over the records of the release:
    entities, fields, measures and dimensions that it will not have, each at its place in the query.
    """

    documents: tuple[str, ...]
    note: str = ""
    resolved: tuple[Document, ...] = ()
    query_problems: Callable[[Mapping[str, object]], tuple[Problem, ...]] = field(
        default=_nothing_wrong, repr=False, compare=False
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """A release is being served."""

    revision: int
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class MailArrived:
    """A message that somebody wrote came into the mailbox of the site.

    ``answers`` are the keys under which the plugin sent mails of the same thread, the newest
    first; ``about`` the records, as (entity, id), that earlier messages of it were taken for.
    Who it is from is what the message says, and proven by nothing. Its attachments stay in the
    mailbox.
    """

    name: str
    address: str
    subject: str
    text: str
    answers: tuple[str, ...] = ()
    about: tuple[tuple[str, int], ...] = ()
    attachments: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """A message is about this record; what it says has been written."""

    entity: str
    id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class JobFailed:
    """A job was given up after its last attempt."""

    kind: str
    job: int
    error: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Lifecycle:
    """The plugin itself is being installed, upgraded, enabled or disabled."""

    action: LifeAction
    version: str
    before: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Showing:
    """A record's page is being drawn."""

    entity: str
    id: int
    values: Values = field(default_factory=dict)
