"""A site that is backed up and restored elsewhere is the same site, on both databases."""

import stat
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from kit.state import state
from loopline.bootstrap import Platform, build_platform
from loopline.services.records import create
from loopline.settings import load_settings


@pytest.fixture
def other_url(request, tmp_path, platform) -> Iterator[str]:
    """Answer the address of an empty database of the same kind."""
    if platform.settings.is_sqlite:
        yield f"sqlite:///{tmp_path / 'other' / 'loopline.db'}"
        return
    server: psycopg.Connection = request.getfixturevalue("pg_server")
    name = f"r{uuid4().hex[:12]}"
    server.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))
    yield f"postgresql://postgres@/{name}?host={server.info.host}"
    dropped = sql.SQL("drop database {} with (force)")
    server.execute(dropped.format(sql.Identifier(name)))


@pytest.fixture
def restored(filled, back_up, bring_back, other_url, tmp_path, clock) -> Iterator[Platform]:
    bring_back(back_up(), other_url)
    platform = build_platform(load_settings(tmp_path / "other"), clock)
    yield platform
    platform.close()


def files_of(platform: Platform) -> dict[str, bytes]:
    folder = platform.settings.folder
    parts = (path for one in ("files", "plugins") for path in (folder / one).rglob("*"))
    return {str(p.relative_to(folder)): p.read_bytes() for p in parts if p.is_file()}


def test_everything_is_as_it_was(filled, restored) -> None:
    assert state(restored) == state(filled)
    assert files_of(restored) == files_of(filled)
    assert len(files_of(restored)) == 2


def test_the_restored_site_goes_on_where_the_other_stands(filled, restored) -> None:
    made = []
    for platform in (filled, restored):
        with platform.write(via="cli") as ctx:
            made.append(create(ctx, "x_thing", {"name": "next"}).id)
    assert made[0] == made[1]


def test_a_site_in_use_is_replaced_when_told(
    filled, restored, back_up, bring_back, clock, tmp_path
) -> None:
    before = state(filled)
    archive = back_up("again.zip")
    with restored.write(via="cli") as ctx:
        create(ctx, "x_thing", {"name": "too much"})
    restored.close()
    bring_back(archive, replace=True)
    platform = build_platform(load_settings(tmp_path / "other"), clock)
    assert state(platform) == before
    platform.close()
    kept = tmp_path / "other" / "backups" / f"before-{clock.now():%Y%m%d-%H%M%S}"
    assert (kept / "files").is_dir()
    assert (kept / "loopline.db").exists() == platform.settings.is_sqlite


def test_an_archive_is_for_its_owner_alone(filled, back_up) -> None:
    assert stat.S_IMODE(back_up().stat().st_mode) == 0o600
