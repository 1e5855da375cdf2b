"""What the records, regions and files that stand in a form are called, read in batches."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from loopline.access.context import Context
from loopline.fields.address import Address
from loopline.fields.definition import FieldDef
from loopline.services.files.reading import FILE_TYPES
from loopline.services.naming import region_names
from loopline.services.titles import pointed, titles
from loopline.store.files import StoredFile, read_files

Pair = tuple[FieldDef, object]


@dataclass(frozen=True, slots=True)
class Called:
    """Titles by (entity, id), names of regions by code, and files by number."""

    titles: Mapping[tuple[str, int], str] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[int, StoredFile] = field(default_factory=dict)

    def title(self, entity: str, record: int) -> str:
        """Answer what a record is called, its number where that may not be told."""
        return self.titles.get((entity, record), f"#{record}")


def called_in(ctx: Context, pairs: Iterable[Pair]) -> Called:
    """Answer what the values of fields are called: a query for each entity, one for files."""
    wanted: dict[str, set[int]] = defaultdict(set)
    codes: set[str] = set()
    files: set[int] = set()
    for definition, value in pairs:
        if value is None:
            continue
        if definition.type in FILE_TYPES:
            files |= set(value if isinstance(value, tuple) else (int(str(value)),))
        elif definition.type in {"region", "address"}:
            codes.add(value.region if isinstance(value, Address) else str(value))
        else:
            for entity, record in pointed(definition, value):
                wanted[entity].add(record)
    return Called(
        titles={
            (entity, record): title
            for entity, ids in wanted.items()
            for record, title in titles(ctx, entity, ids).items()
        },
        regions=region_names(ctx, codes - {""}),
        files=read_files(ctx.connection, files) if files else {},
    )
