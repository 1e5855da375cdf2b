"""What links and region codes are called, read in batches for the records of a page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from loopline.access.context import Context
from loopline.fields.address import Address
from loopline.fields.definition import FieldDef
from loopline.services.links import find
from loopline.services.titles import Titles, link_titles, titles
from loopline.store.rows import Record

_REGION: Final = "region"


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """Titles of linked records by (entity, id), and names of regions by code."""

    titles: Titles = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)

    def title(self, entity: str, record_id: int) -> str:
        """Answer what a linked record is called."""
        return self.titles.get((entity, record_id), f"#{record_id}")

    def region(self, code: str) -> str:
        """Answer what a region is called, the code where it is not known."""
        return self.regions.get(code, code)


def names_for(ctx: Context, records: Iterable[Record], fields: Iterable[FieldDef]) -> Names:
    """Answer the names that the given fields of records need: a query for each entity."""
    records, fields = list(records), list(fields)
    codes = {
        _code(record.values.get(one.id))
        for one in fields
        if one.type in {_REGION, "address"}
        for record in records
    } - {""}
    return Names(titles=link_titles(ctx, records, fields), regions=region_names(ctx, codes))


def region_names(ctx: Context, codes: Iterable[str]) -> dict[str, str]:
    """Answer the names of region codes, where the site has a table of regions."""
    wanted = set(codes)
    if not wanted or not ctx.snapshot.catalog.has("entity", _REGION):
        return {}
    found = find(ctx, _REGION, "code", wanted)
    called = titles(ctx, _REGION, {ids[0] for ids in found.values() if ids})
    return {code: called[ids[0]] for code, ids in found.items() if ids}


def _code(value: object) -> str:
    return value.region if isinstance(value, Address) else str(value or "")
