"""What a field is: the frozen definition that meta/ builds from a resolved document."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from loopline.language import Label

Unique = Literal["no", "warn", "yes"]
OnDelete = Literal["restrict", "clear", "cascade"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """One choice of a choice field. ``code`` is stored; a retired option is kept, not offered.

    A tag also has the tag above it (``parent``) and its tag group; of an ``exclusive`` group a
    record has one tag at most.
    """

    code: str
    label: Label
    pos: float = 0.0
    retired: bool = False
    hidden: bool = False
    tone: str = ""
    synonyms: tuple[str, ...] = ()
    parent: str = ""
    group: str = ""
    exclusive: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Computed:
    """What a computed field is made of.

    A roll-up: ``aggregate`` (count, sum, min, max or avg) of ``field`` over the records of the
    entity ``of`` whose link ``via`` points to the record and for which ``filter`` holds.
    """

    of: str
    via: str
    aggregate: str
    field: str = ""
    filter: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Virtual:
    """What a field shows that is stored nowhere.

    A formula over the record, or, for a ``lookup``, the dotted path of a link and of a field of
    the record it leads to.
    """

    formula: str
    lookup: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldDef:
    """A field of an entity. Settings a type does not use keep their neutral value.

    ``scale`` is the number of stored decimals, ``min`` and ``max`` bound numbers (inclusive),
    ``max_length`` counts characters, ``to`` is the target entity of a link, ``many`` that of a
    field of several records, ``tag_groups`` those whose tags may be chosen (all of the entity's
    where none is named), ``numbering`` the document that gives a code field its values,
    ``synonyms`` further headings by which files name the field. ``masked`` marks a field whose
    values this viewer gets veiled, ``inert`` one that nobody writes, its plugin being disabled.
    ``computed`` what a field is made of that nobody writes, ``virtual`` what one shows that is
    not even stored. ``timeline`` on a link has the record stand on the linked record's timeline;
    on any other field, its changes are told there.
    """

    id: str
    entity: str
    type: str
    label: Label
    help: Label = field(default_factory=lambda: Label({}))
    pos: float = 0.0
    required: bool = False
    default: object = None
    unique: Unique = "no"
    hidden: bool = False
    read_only: bool = False
    retired: bool = False
    audited: bool = True
    group: str = ""
    mask: str = ""
    masked: bool = False
    inert: bool = False
    max_length: int | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    scale: int = 0
    unit: Label = field(default_factory=lambda: Label({}))
    options: Mapping[str, Option] = field(default_factory=dict)
    to: str = ""
    many: str = ""
    tag_groups: tuple[str, ...] = ()
    computed: Computed | None = None
    virtual: Virtual | None = None
    on_delete: OnDelete = "restrict"
    numbering: str = ""
    region: str = ""
    level: str = ""
    synonyms: tuple[str, ...] = ()
    timeline: bool = False
