"""What plugins declare: kinds of documents, actions, approval steps, jobs, pages and commands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from loopline.language import Label

Schema = Mapping[str, Any]
Tone = Literal["", "accent", "ok", "warn", "danger"]
NO_SETTINGS: Final[Schema] = {"type": "object", "additionalProperties": False}


@dataclass(frozen=True, slots=True)
class Document:
    """A document given by code instead of a file; ``body`` may say ``extend: true``."""

    kind: str
    id: str
    body: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of documents. ``schema`` is a JSON Schema, or the file that holds it."""

    id: str
    label: Label
    schema: Schema | Path


@dataclass(frozen=True, slots=True)
class Result:
    """What an action did, told to whoever asked for it; ``record`` is where to go on."""

    message: Label | str = ""
    record: tuple[str, int] | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """Something people, flows and programs can do to records of an entity (any, if None).

    ``run(ctx, records, settings)`` is called with the records the actor may do it to; grants name
    the action by its id. ``shown_if`` is an expression over the record that says when its button
    is offered; ``asks`` names the settings that a person is asked for first.
    """

    id: str
    label: Label
    run: Callable[[Any, Sequence[Any], Mapping[str, Any]], Result]
    entity: str | None = None
    settings: Schema = field(default_factory=lambda: NO_SETTINGS)
    shown_if: str = ""
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Approved:
    """The step is passed."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """The step refuses the record, and with it the whole approval."""

    reason: Label | str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The step waits for these users, ``needed`` of them (all, if None)."""

    seats: tuple[int, ...]
    needed: int | None = None


Decision = Approved | Rejected | Waiting


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalStep:
    """A kind of approval step: ``decide(ctx, approval, record)`` says who is asked, or answers."""

    id: str
    label: Label
    decide: Callable[[Any, Any, Any], Decision]
    settings: Schema = field(default_factory=lambda: NO_SETTINGS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """Work that runs beside requests: ``run(ctx, payload)`` in a transaction of its own.

    ``every`` repeats it: ``15m``, ``2h``, ``daily 02:30`` (the site's zone); empty runs it only
    when it is enqueued. It may run twice for one payload and must then do nothing new.
    """

    kind: str
    run: Callable[[Any, Mapping[str, Any]], None]
    label: Label = field(default_factory=lambda: Label({}))
    every: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A page drawn from one of the plugin's own templates within the shell."""

    name: str
    context: Mapping[str, Any] = field(default_factory=dict)
    title: Label | str = ""


@dataclass(frozen=True, slots=True)
class Json:
    """An answer for programs."""

    data: Any
    status: int = 200


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on at a path of this site, such as ``/records/lead/7``; other addresses are refused."""

    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """A file to download."""

    content: bytes
    name: str
    media_type: str = "application/octet-stream"


PageAnswer = Template | Json | Redirect | File


@dataclass(frozen=True, kw_only=True, slots=True)
class PageRequest:
    """What a plugin's page sees of a request. ``form`` holds what was posted, one value a name."""

    method: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    json: Any = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page or, below ``/api/``, an operation.

    ``permission`` is ``entity:action``, ``administrator``, ``public`` or blank for everybody who is
    signed in. ``menu`` puts it into the menu under that name.
    """

    path: str
    handler: Callable[[Any, PageRequest], PageAnswer]
    methods: tuple[str, ...] = ("GET",)
    permission: str = ""
    menu: Label | None = None
    icon: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportWidget:
    """A part of dashboards: ``query(ctx, settings)`` answers the semantic query that it shows.

    It is asked with the rights of whoever looks. ``template``, one of the plugin's own, draws it
    from ``widget`` (label, settings, grid); blank shows it as a table, figures or a chart.
    Dashboards name it ``plugin.id``.
    """

    id: str
    label: Label
    query: Callable[[Any, Mapping[str, Any]], Mapping[str, object]]
    settings: Schema = field(default_factory=lambda: NO_SETTINGS)
    template: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A box beside a record: a title, lines of (label, text), and where it leads.

    ``copy`` is an address to be passed on; one without a host is that of the site.
    """

    title: Label | str
    lines: tuple[tuple[Label | str, str], ...] = ()
    text: Label | str = ""
    href: str = ""
    tone: Tone = ""
    copy: str = ""
