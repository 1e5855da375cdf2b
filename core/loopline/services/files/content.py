"""What a file is, by its first bytes: never by what its name or its sender says alone."""

import struct
from pathlib import PurePath
from typing import Final

HEAD: Final = 512 * 1024
"""Bytes from the start that are looked at; a photograph's data may stand before its size."""
PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_STARTS: Final = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (8, b"WAVE", "audio/wav"),
    (0, b"OggS", "audio/ogg"),
    (0, b"#!AMR", "audio/amr"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
)
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_IN_ZIP: Final = {
    ".docx": _OFFICE + "wordprocessingml.document",
    ".xlsx": _OFFICE + "spreadsheetml.sheet",
    ".pptx": _OFFICE + "presentationml.presentation",
}
_ANYTHING: Final = "application/octet-stream"


def media_type_of(head: bytes, name: str) -> str:
    """Answer the media type of a file from its first bytes; the name only tells kinds of zip."""
    for place, start, media_type in _STARTS:
        if head[place : place + len(start)] == start:
            return media_type
    if head.startswith(b"PK\x03\x04"):
        return _IN_ZIP.get(PurePath(name).suffix.lower(), "application/zip")
    return "text/plain" if _is_text(head) else _ANYTHING


def pixels_of(head: bytes, media_type: str) -> tuple[int, int] | None:
    """Answer width and height of a picture, None where its head does not say them."""
    try:
        match media_type:
            case "image/png":
                return struct.unpack(">II", head[16:24])
            case "image/gif":
                return struct.unpack("<HH", head[6:10])
            case "image/jpeg":
                return _jpeg_pixels(head)
            case "image/webp":
                return _webp_pixels(head)
    except struct.error:
        return None
    return None


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        head[:4096].decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > 4092 and len(head) >= 4096  # cut within a character
    return True


def _jpeg_pixels(head: bytes) -> tuple[int, int] | None:
    """Walk the segments to the frame header (ITU T.81, B.2.2)."""
    place = 2
    while place + 9 <= len(head):
        marker, length = head[place + 1], int.from_bytes(head[place + 2 : place + 4], "big")
        if head[place] != 0xFF or length < 2:
            return None
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", head[place + 5 : place + 9])
            return width, height
        place += 2 + length
    return None


def _webp_pixels(head: bytes) -> tuple[int, int] | None:
    """Read the first chunk (RFC 9649, sections 2.5 to 2.7)."""
    match head[12:16]:
        case b"VP8X":
            wide, high = head[24:27], head[27:30]
            return 1 + int.from_bytes(wide, "little"), 1 + int.from_bytes(high, "little")
        case b"VP8L":
            (bits,) = struct.unpack("<I", head[21:25])
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            width, height = struct.unpack("<HH", head[26:30])
            return width & 0x3FFF, height & 0x3FFF
    return None
