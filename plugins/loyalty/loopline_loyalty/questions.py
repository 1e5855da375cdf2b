"""Surveys, read from their documents: questions in order, and what counts as an answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from loopline.sdk import Context, Document, Label
from loopline_loyalty.kinds import SURVEY

SCALES: Final = {"nps": range(11), "csat": range(1, 6)}
"""The numbers that questions of a scale take."""
_LONGEST: Final = 2000
_DAYS: Final = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One question; ``options`` maps the codes of a choice to what people read."""

    id: str
    label: Label
    type: str
    required: bool
    options: Mapping[str, Label]

    def read(self, typed: str) -> int | str | None:
        """Answer what was typed as an answer, None for a blank one. Raises ValueError."""
        said = typed.strip()
        if not said:
            return None
        if self.type == "text":
            return said[:_LONGEST]
        if self.type == "choice":
            if said not in self.options:
                raise ValueError(said)
            return said
        if int(said) not in SCALES[self.type]:
            raise ValueError(said)
        return int(said)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """After which changes a survey is asked by itself."""

    entity: str
    when: str
    every_days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Survey:
    """A survey; ``ask`` is None for one that is only asked by hand."""

    id: str
    label: Label
    active: bool
    title: Label
    intro: Label
    thanks: Label
    valid_days: int
    subject: Label
    text: Label
    ask: Asking | None
    questions: tuple[Question, ...]


def surveys(ctx: Context) -> tuple[Survey, ...]:
    """Answer the surveys in order, those that are asked no more included."""
    found = [one for one in ctx.documents(SURVEY) if not one.body.get("retired")]
    return tuple(read_survey(one) for one in sorted(found, key=lambda one: _pos(one.body)))


def read_survey(document: Document) -> Survey:
    """Answer a survey as its document says it."""
    body, mail = document.body, document.body.get("mail") or {}
    ask = body.get("ask")
    return Survey(
        id=document.id,
        label=label(body["label"]),
        active=body.get("active") is not False,
        title=label(body["title"]),
        intro=label(body.get("intro") or ""),
        thanks=label(body.get("thanks") or ""),
        valid_days=int(body.get("valid_days") or _DAYS),
        subject=label(mail.get("subject") or body["title"]),
        text=label(mail.get("text") or "{link}"),
        ask=None if ask is None else _asking(ask),
        questions=tuple(_question(name, one) for name, one in _ordered(body["questions"])),
    )


def label(said: Any) -> Label:
    """Answer a text of a document, which may be said in one language only."""
    return Label(said) if isinstance(said, Mapping) else Label({"zh": str(said)})


def _asking(body: Mapping[str, Any]) -> Asking:
    return Asking(
        entity=str(body["entity"]),
        when=str(body["when"]),
        every_days=int(body.get("every_days") or 0),
    )


def _question(name: str, body: Mapping[str, Any]) -> Question:
    options = {code: label(one["label"]) for code, one in _ordered(body.get("options") or {})}
    return Question(
        id=name,
        label=label(body["label"]),
        type=str(body["type"]),
        required=body.get("required") is True,
        options=options,
    )


def _ordered(elements: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    living = [(name, one) for name, one in elements.items() if not one.get("retired")]
    return iter(sorted(living, key=lambda element: _pos(element[1])))


def _pos(body: Mapping[str, Any]) -> float:
    pos = body.get("pos")
    return float("inf") if pos is None else float(pos)
