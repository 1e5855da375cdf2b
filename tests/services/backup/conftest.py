"""A site of the kernel with records, an upload, and an archive of it."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from kit.kernel_site import blocked_plugins, site_documents
from loopline.bootstrap import Platform
from loopline.services.backup.manifest import Manifest
from loopline.services.backup.restoring import restore_archive
from loopline.services.backup.target import RestoreRequest
from loopline.services.backup.writing import write_archive
from loopline.services.files.keeping import keep

__all__ = ["blocked_plugins", "site_documents"]


@pytest.fixture
def filled(platform: Platform, make_record) -> Platform:
    """Answer a site with linked records, an odd text, a job, a search index and a file."""
    parent = make_record("x_thing", name="a\tb\\N 泵 \u2028", price=Decimal("3.30"), count=7)
    make_record("x_part", name="wheel", thing=parent.id)
    with platform.write(via="cli") as ctx:
        keep(ctx, "note.txt", BytesIO(b"kept"), platform.settings.files, 100)
    (platform.settings.folder / "plugins" / "acme.py").write_text("", encoding="utf-8")
    return platform


@pytest.fixture
def back_up(platform: Platform, tmp_path: Path) -> Callable[..., Path]:
    """Answer a maker of archives."""

    def make(name: str = "site.zip") -> Path:
        now = platform.clock.now()
        write_archive(
            tmp_path / name, platform.settings, platform.database, now, lambda _name: None
        )
        return tmp_path / name

    return make


@pytest.fixture
def bring_back(platform: Platform, tmp_path: Path) -> Callable[..., Manifest]:
    """Answer what restores an archive, to a folder beside the site unless told otherwise."""

    def restore(file: Path, database: str = "", **given: object) -> Manifest:
        asked = {"folder": tmp_path / "other", "now": platform.clock.now(), **given}
        return restore_archive(
            RestoreRequest(file=file, database=database, **asked), lambda _name: None
        )

    return restore
