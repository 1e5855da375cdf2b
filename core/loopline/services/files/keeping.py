"""Keeping an upload: counted and hashed as it comes in, then moved to its place."""

import hashlib
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final

from loopline.access.context import Context
from loopline.errors import NotValid, Problem, TooLarge
from loopline.fields.cleaning import clean_line
from loopline.services.files.content import HEAD, PICTURES, media_type_of, pixels_of
from loopline.store.files import StoredFile, insert_file
from loopline.store.locks import hold_name

MOST_PIXELS: Final = 50_000_000
_BLOCK: Final = 1 << 20
_LONGEST_NAME: Final = 200
_UPLOADS: Final = "uploads"


def place_of(folder: Path, content_hash: str) -> Path:
    """Answer where content lies beneath the site's folder of files."""
    return uploads(folder) / content_hash[:2] / content_hash


def uploads(folder: Path) -> Path:
    """Answer where all content lies beneath the site's folder of files."""
    return folder / _UPLOADS


def hold_content(ctx: Context, content_hash: str) -> None:
    """Let nobody else keep or remove the same content until the transaction ends."""
    hold_name(ctx.connection, f"file:{content_hash}")


def keep(
    ctx: Context, name: str, content: BinaryIO, folder: Path, most: int, *, waits: bool = False
) -> StoredFile:
    """Keep an upload and answer what is known of it. ``most`` is the greatest size in bytes.

    The same content is kept once. One that ``waits`` for a record to hold it is removed when none
    does. Raises TooLarge, and NotValid for an empty file or a picture of too many pixels.
    """
    uploads(folder).mkdir(parents=True, exist_ok=True)
    handle, path = tempfile.mkstemp(dir=uploads(folder))
    coming = Path(path)
    try:
        with os.fdopen(handle, "wb") as target:
            content_hash, size, head = _take(content, target, most)
        one = _described(ctx, name, head)
        hold_content(ctx, content_hash)
        place = place_of(folder, content_hash)
        place.parent.mkdir(exist_ok=True)
        coming.replace(place)
    finally:
        coming.unlink(missing_ok=True)
    one = replace(one, hash=content_hash, size=size, waits_since=ctx.now if waits else None)
    return replace(one, id=insert_file(ctx.connection, one))


def _take(content: BinaryIO, target: BinaryIO, most: int) -> tuple[str, int, bytes]:
    """Copy the content; answer its hash, its size and its first bytes."""
    digest, size, head = hashlib.sha256(), 0, b""
    while block := content.read(_BLOCK):
        size += len(block)
        if size > most:
            raise TooLarge(code="file.too_large", most=most)
        head += block[: HEAD - len(head)]
        digest.update(block)
        target.write(block)
    if not size:
        raise NotValid(Problem("file", "upload.empty"))
    return digest.hexdigest(), size, head


def _described(ctx: Context, name: str, head: bytes) -> StoredFile:
    plain = clean_line(Path(name.replace("\\", "/")).name)[-_LONGEST_NAME:] or "file"
    media_type = media_type_of(head, plain)
    pixels = pixels_of(head, media_type)
    if media_type in PICTURES:
        _refuse_odd_picture(pixels)
    return StoredFile(
        hash="",
        name=plain,
        size=0,
        media_type=media_type,
        width=pixels[0] if pixels else None,
        height=pixels[1] if pixels else None,
        created_at=ctx.now,
        created_by=ctx.actor.id,
    )


def _refuse_odd_picture(pixels: tuple[int, int] | None) -> None:
    """Raise NotValid for a picture that does not say its size, or would fill a reader's memory."""
    if pixels is None or not all(pixels):
        raise NotValid(Problem("file", "image.unreadable"))
    if pixels[0] * pixels[1] > MOST_PIXELS:
        params = {"width": pixels[0], "height": pixels[1], "most": MOST_PIXELS // 1_000_000}
        raise NotValid(Problem("file", "image.too_large", params))
