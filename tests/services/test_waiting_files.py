"""Uploads that no record held are removed after a day, row and content, whoever is killed when."""

import os
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa

from kit.kernel_site import DOCUMENTS
from loopline.bootstrap import Platform
from loopline.clock import FixedClock
from loopline.jobs.queue import Job
from loopline.services.editing import update
from loopline.services.files.keeping import keep, place_of
from loopline.services.files.waiting import TIDY, note_named
from loopline.store.files import StoredFile, drop_waiting, file
from loopline.testing.fixtures import MakeRecord

PAPER = """
---
kind: entity
id: x_paper
format: 1
label: Paper
title_field: name
fields:
  name:    {type: text, label: Name}
  scan:    {type: file, label: Scan}
  annexes: {type: files, label: Annexes}
"""
Upload = Callable[..., StoredFile]


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS + PAPER


@pytest.fixture
def upload(platform: Platform, clock: FixedClock, as_user) -> Upload:
    """Answer an uploader; the content is as old as the row."""
    ada = as_user("Ada")

    def send(content: bytes, *, waits: bool = True) -> StoredFile:
        folder = platform.settings.files
        with platform.write(ada) as ctx:
            kept = keep(ctx, "a.txt", BytesIO(content), folder, 1000, waits=waits)
        os.utime(_place(platform, kept), (clock.now().timestamp(),) * 2)
        return kept

    return send


def _place(platform: Platform, one: StoredFile) -> Path:
    return place_of(platform.settings.files, one.hash)


def _tidy(platform: Platform) -> None:
    platform.handlers[TIDY](Job(id=1, kind=TIDY, payload={}, attempts=1, lease_token="t"))


def _left(platform: Platform) -> set[int]:
    with platform.database.read() as connection:
        return set(connection.execute(sa.select(file.c.id)).scalars())


def test_what_no_record_held_goes_after_a_day(
    platform: Platform, clock: FixedClock, upload: Upload
) -> None:
    stray, by_plugin = upload(b"stray"), upload(b"printed", waits=False)
    clock.move(timedelta(hours=23))
    _tidy(platform)
    assert _left(platform) == {stray.id, by_plugin.id}
    clock.move(timedelta(hours=2))
    _tidy(platform)
    assert _left(platform) == {by_plugin.id}
    assert [_place(platform, one).exists() for one in (stray, by_plugin)] == [False, True]


def test_what_a_record_ever_held_stays(
    platform: Platform, clock: FixedClock, upload: Upload, make_record: MakeRecord
) -> None:
    first, second, third = (upload(one) for one in (b"1", b"2", b"3"))
    paper = make_record("x_paper", scan=first.id, annexes=(second.id,))
    with platform.write() as ctx:
        update(ctx, "x_paper", paper.id, {"scan": third.id, "annexes": None})
    clock.move(timedelta(days=30))
    _tidy(platform)
    assert _left(platform) == {first.id, second.id, third.id}
    assert _place(platform, first).exists()


def test_what_a_form_names_again_waits_anew(
    platform: Platform, clock: FixedClock, upload: Upload
) -> None:
    kept = upload(b"draft")
    clock.move(timedelta(hours=20))
    with platform.read() as ctx:
        ada = platform.actor(ctx.connection, int(str(kept.created_by)))
    assert ada is not None
    with platform.write(ada) as ctx:
        note_named(ctx, ["", "x", str(kept.id)])
    clock.move(timedelta(hours=20))
    _tidy(platform)
    assert _left(platform) == {kept.id}


def test_content_that_another_file_has_stays(
    platform: Platform, clock: FixedClock, upload: Upload, make_record: MakeRecord
) -> None:
    upload(b"same")
    held = upload(b"same")
    make_record("x_paper", scan=held.id)
    clock.move(timedelta(days=2))
    _tidy(platform)
    assert _left(platform) == {held.id}
    assert _place(platform, held).exists()


def test_a_kill_between_row_and_content_is_mended_the_next_night(
    platform: Platform, clock: FixedClock, upload: Upload
) -> None:
    stray = upload(b"stray")
    clock.move(timedelta(days=2))
    with platform.database.write() as connection:
        assert drop_waiting(connection, clock.now() - timedelta(days=1), 10) == 1
    assert _place(platform, stray).exists()
    _tidy(platform)
    assert not _place(platform, stray).exists()


def test_an_upload_that_broke_off_is_removed(platform: Platform, clock: FixedClock) -> None:
    folder = platform.settings.files / "uploads"
    folder.mkdir(parents=True)
    broken = folder / "tmpabc"
    broken.write_bytes(b"half")
    os.utime(broken, (clock.now().timestamp(),) * 2)
    clock.move(timedelta(days=2))
    _tidy(platform)
    assert not broken.exists()
