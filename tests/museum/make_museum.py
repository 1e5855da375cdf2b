"""Make a museum piece of the current version: ``python make_museum.py NAME``."""

import gzip
import json
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from kit.filled import fill
from kit.kernel_site import DOCUMENTS
from kit.records import all_records
from loopline.clock import FixedClock
from loopline.sites import NewSite, add_user, create_site
from loopline.testing import publish_documents

HERE = Path(__file__).parent
MOST_BYTES = 300_000


def make(name: str) -> None:
    """Make the site, its records, and pack both beside this file."""
    with TemporaryDirectory() as folder:
        clock = FixedClock(datetime(2026, 1, 5, 1, 0, tzinfo=UTC))
        platform = create_site(NewSite(folder=Path(folder) / "site"), clock)
        publish_documents(platform, DOCUMENTS)
        add_user(platform, "ada@example.com", "Ada", "secret-pass", administrator=True)
        fill(platform)
        records = all_records(platform)
        platform.close()
        packed = _pack(Path(folder) / "site" / "loopline.db", Path(folder) / "small.db")
    (HERE / f"{name}.sqlite.gz").write_bytes(packed)
    text = json.dumps(records, ensure_ascii=False, indent=1, sort_keys=True)
    (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    if len(packed) > MOST_BYTES:
        raise SystemExit(f"{len(packed)} bytes are too many")


def _pack(source: Path, small: Path) -> bytes:
    with closing(sqlite3.connect(source)) as database:
        database.execute("VACUUM INTO ?", (str(small),))
    return gzip.compress(small.read_bytes(), mtime=0)


if __name__ == "__main__":
    make(sys.argv[1])
