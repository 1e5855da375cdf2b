"""Seeds: records that come with the metadata."""

from collections.abc import Mapping
from dataclasses import dataclass

from loopline.meta.body import Body


@dataclass(frozen=True, kw_only=True, slots=True)
class SeedDef:
    """Rows to be found or created by ``key``; ``generate`` names a function that yields them."""

    id: str
    entity: str
    key: str
    pos: float
    demo: bool
    rows: tuple[Mapping[str, object], ...]
    generate: str


def build_seed(name: str, body: Body) -> SeedDef:
    """Build a seed from its resolved document."""
    rows = body.raw("rows")
    return SeedDef(
        id=name,
        entity=body.text("entity"),
        key=body.text("key"),
        pos=float(body.number("pos") or 0),
        demo=body.flag("demo"),
        rows=tuple(rows.values()),
        generate=body.text("generate"),
    )
