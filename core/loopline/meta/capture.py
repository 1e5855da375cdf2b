"""What a form adds to what strangers send: constants, where they came from, what they agreed to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from loopline.errors import Problem
from loopline.language import Label
from loopline.meta.body import Body
from loopline.meta.entities import EntityDef

PUBLIC: Final = "public"
MAIL: Final = "mail"
_ADDRESS: Final = 10
_FORM: Final = 300
_SIMPLE: Final = frozenset(
    "text long_text email phone url credit_code integer decimal percent money boolean date time "
    "datetime duration choice multi_choice rating color".split()
)
"""Types of fields that a page without a session can draw."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """What is agreed to: a text in a version, and the fields that keep when, and which."""

    text: Label
    version: str
    required: bool
    at: str
    version_field: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CaptureDef:
    """What is recorded beside the fields of a form.

    ``constants`` gives fields their values as JSON; ``utm`` maps source, medium, campaign, term
    and content, ``query`` further parameters of the address, ``mail`` from_name, from_address,
    subject and text to fields. ``most_by_address`` and ``most_by_form`` are records an hour.
    """

    intro: Label = field(default_factory=lambda: Label({}))
    thanks: Label = field(default_factory=lambda: Label({}))
    submit: Label = field(default_factory=lambda: Label({}))
    constants: Mapping[str, Any] = field(default_factory=dict)
    utm: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    referrer: str = ""
    consent: Consent | None = None
    mail: Mapping[str, str] = field(default_factory=dict)
    most_by_address: int = _ADDRESS
    most_by_form: int = _FORM

    @property
    def recorded(self) -> Iterator[tuple[str, str]]:
        """Yield (place in the document, field) of everything that is recorded."""
        for name in self.constants:
            yield f"set.{name}", name
        for place, fields in (("utm", self.utm), ("query", self.query), ("mail", self.mail)):
            yield from ((f"{place}.{key}", name) for key, name in fields.items())
        if self.referrer:
            yield "referrer", self.referrer
        if self.consent and self.consent.at:
            yield "consent.at", self.consent.at
        if self.consent and self.consent.version_field:
            yield "consent.version_field", self.consent.version_field


def build_capture(body: Body) -> CaptureDef:
    """Build what a form's resolved document says of capture."""
    limits = body.map("limits")
    return CaptureDef(
        intro=body.label("intro"),
        thanks=body.label("thanks"),
        submit=body.label("submit"),
        constants=dict(body.raw("set")),
        utm=dict(body.raw("utm")),
        query=dict(body.raw("query")),
        referrer=body.text("referrer"),
        consent=_consent(body.map("consent")) if "consent" in body else None,
        mail=dict(body.raw("mail")),
        most_by_address=limits.integer("address", _ADDRESS),
        most_by_form=limits.integer("form", _FORM),
    )


def _consent(body: Body) -> Consent:
    return Consent(
        text=body.label("text"),
        version=body.text("version"),
        required=body.flag("required", default=True),
        at=body.text("at"),
        version_field=body.text("version_field"),
    )


def capture_problems(
    capture: CaptureDef, use: tuple[str, ...], fields: tuple[str, ...], entity: EntityDef
) -> Iterator[Problem]:
    """Yield what keeps a form from being filled in by strangers."""
    for place, name in capture.recorded:
        if name not in entity.fields:
            yield Problem(place, "metadata.no_field", {"field": name, "entity": entity.id})
    for name in fields if PUBLIC in use else ():
        definition = entity.fields.get(name)
        if definition is not None and definition.type not in _SIMPLE:
            params = {"field": name, "type": definition.type}
            yield Problem("sections", "form.not_public", params)
    if MAIL in use and not {"from_address", "text"} <= set(capture.mail):
        yield Problem("mail", "metadata.missing", {"keys": "from_address, text"})
