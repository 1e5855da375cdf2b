"""Documents of kind conversion: what one record becomes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from loopline.fields.definition import FieldDef
from loopline.language import Label
from loopline.meta.body import Body
from loopline.meta.entities import EntityDef

OnMatch = Literal["fill", "update", "keep"]
INTO: Final = "into"
"""In expressions: what the conversion has made so far."""
_NUMBERED: Final = frozenset({"code"})
"""Types of fields whose values are not given, but come about."""
_CLIENT: Final = "x_"
_FOREIGN: Final = "__"


@dataclass(frozen=True, kw_only=True, slots=True)
class TargetDef:
    """One record that is made or found. ``set`` maps its fields to expressions over the source.

    ``match`` are fields by which a record that is there already is found; ``when`` says whether it
    is made, of an ``optional`` one whether it is unless somebody says otherwise.
    """

    id: str
    label: Label
    entity: str
    optional: bool
    when: str
    match: tuple[str, ...]
    on_match: OnMatch
    carry: bool
    set: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class ConversionDef:
    """A conversion: from which entity, under which condition, into what, and what is then written.

    ``then`` maps fields of the source to expressions.
    """

    id: str
    label: Label
    source: str
    when: str
    pos: float
    targets: tuple[TargetDef, ...]
    then: Mapping[str, str]

    def target(self, name: str) -> TargetDef | None:
        """Answer a target by id; None for one that it does not have."""
        return next((one for one in self.targets if one.id == name), None)


def build_conversion(name: str, body: Body) -> ConversionDef:
    """Build a conversion from its resolved document; a target without entity is none."""
    carry = body.flag("carry", default=True)
    return ConversionDef(
        id=name,
        label=body.named(name),
        source=body.text("from"),
        when=body.text("when"),
        pos=body.pos,
        targets=tuple(
            _build_target(target, one, carry=carry)
            for target, one in body.elements("into")
            if "entity" in one
        ),
        then={field: str(text) for field, text in body.raw("then").items()},
    )


def _build_target(name: str, body: Body, *, carry: bool) -> TargetDef:
    return TargetDef(
        id=name,
        label=body.label("label"),
        entity=body.text("entity"),
        optional=body.flag("optional"),
        when=body.text("when"),
        match=body.texts("match"),
        on_match=body.text("on_match", "fill"),  # type: ignore[arg-type]
        carry=body.flag("carry", default=carry),
        set={field: str(text) for field, text in body.raw("set").items()},
    )


def carried_fields(source: EntityDef, into: EntityDef, target: TargetDef) -> tuple[str, ...]:
    """Answer the fields that go along by themselves: clients' own, the same on both sides."""
    if not target.carry:
        return ()
    return tuple(
        name
        for name, one in into.fields.items()
        if (name.startswith(_CLIENT) or _FOREIGN in name)
        and name not in target.set
        and one.type not in _NUMBERED
        and name not in into.computed
        and not one.inert
        and same_field(source.fields.get(name), one)
    )


def same_field(one: FieldDef | None, other: FieldDef) -> bool:
    """Whether two fields hold the same kind of values."""
    return one is not None and (one.type, one.to, one.many) == (other.type, other.to, other.many)
