"""Make a museum piece of the current version: ``python make_museum.py NAME``."""

import gzip
import json
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from kit.kernel_site import DOCUMENTS
from kit.records import all_records
from loopline.access.context import Context
from loopline.bootstrap import Platform
from loopline.clock import FixedClock
from loopline.fields.definition import FieldDef
from loopline.services.bin import delete
from loopline.services.editing import update
from loopline.services.records import create
from loopline.sites import NewSite, add_user, create_site
from loopline.testing import publish_documents

HERE = Path(__file__).parent
SAMPLES: Mapping[str, object] = {
    "long_text": "one\ntwo",
    "integer": 7,
    "decimal": Decimal("3.30"),
    "money": Decimal("1234.50"),
    "percent": Decimal("0.125"),
    "boolean": True,
    "date": date(2026, 1, 31),
    "datetime": datetime(2026, 1, 31, 6, 30, tzinfo=UTC),
    "phone": "+8613812341234",
    "url": "https://www.example.com",
    "rating": 4,
}
MOST_BYTES = 300_000


def make(name: str) -> None:
    """Make the site, its records, and pack both beside this file."""
    with TemporaryDirectory() as folder:
        clock = FixedClock(datetime(2026, 1, 5, 1, 0, tzinfo=UTC))
        platform = create_site(NewSite(folder=Path(folder) / "site"), clock)
        publish_documents(platform, DOCUMENTS)
        add_user(platform, "ada@example.com", "Ada", "secret-pass", administrator=True)
        _fill(platform)
        records = all_records(platform)
        platform.close()
        packed = _pack(Path(folder) / "site" / "loopline.db", Path(folder) / "small.db")
    (HERE / f"{name}.sqlite.gz").write_bytes(packed)
    text = json.dumps(records, ensure_ascii=False, indent=1, sort_keys=True)
    (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    if len(packed) > MOST_BYTES:
        raise SystemExit(f"{len(packed)} bytes are too many")


def _fill(platform: Platform) -> None:
    with platform.write(via="cli") as ctx:
        first: dict[str, int] = {}
        for entity in sorted(ctx.catalog.ids("entity"), key=lambda one: _depth(ctx, one)):
            ids = [_create(ctx, entity, number, first) for number in range(3)]
            first[entity] = ids[0]
            if not ctx.catalog.entity(entity).traits.append_only:
                title = ctx.catalog.entity(entity).title_field
                update(ctx, entity, ids[0], {title: "changed"})
                delete(ctx, entity, ids[2])


def _depth(ctx: Context, entity: str) -> int:
    """Answer how many links have to be followed to what needs no other."""
    needed = [one.to for one in ctx.catalog.entity(entity).links if one.required]
    return 1 + max((_depth(ctx, one) for one in needed if one != entity), default=0)


def _create(ctx: Context, entity: str, number: int, first: Mapping[str, int]) -> int:
    """Create a record with every value that can be made up."""
    fields = ctx.catalog.entity(entity).fields.values()
    values = {one.id: _sample(one, number, first) for one in fields}
    given = {name: value for name, value in values.items() if value is not None}
    return create(ctx, entity, given).id


def _sample(field: FieldDef, number: int, first: Mapping[str, int]) -> object:
    if field.to:
        return first.get(field.to)
    if field.type in {"choice", "multi_choice"} and field.options:
        code = next(iter(field.options))
        return code if field.type == "choice" else (code,)
    if field.unique == "yes" and field.type == "email":
        return f"{number}@example.com"
    if field.type == "text":
        return f"恒岳 Ä {number}"
    if field.type == "code":
        return f"{field.id} {number}"
    return SAMPLES.get(field.type)


def _pack(source: Path, small: Path) -> bytes:
    with closing(sqlite3.connect(source)) as database:
        database.execute("VACUUM INTO ?", (str(small),))
    return gzip.compress(small.read_bytes(), mtime=0)


if __name__ == "__main__":
    make(sys.argv[1])
