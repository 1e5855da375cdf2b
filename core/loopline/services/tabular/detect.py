"""Which encoding a text file is in, decided by evidence over all of it.

A byte order mark decides; then zero bytes (UTF-16 and UTF-32 without mark); then whether the
whole file is UTF-8. A file that is nearly UTF-8 is a damaged UTF-8 file and refused with the row:
any of the older encodings would "succeed" on it and give garbage. Of those, GB18030 and Big5 are
told apart by how common their characters are, and Windows-1252 by its lone accents.
"""

import codecs
import io
import re
from dataclasses import dataclass
from typing import Final

from charset_normalizer import from_bytes

from loopline.services.tabular.refuse import refusal
from loopline.services.tabular.source import Source

_BOMS: Final = (  # UTF-32LE before UTF-16LE: its mark begins with the other's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE: Final = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_OTHERS: Final = (
    "big5",
    "gb18030",
    "cp1252",
    "cp1250",
    "cp1251",
    "shift_jis",
    "euc_kr",
)
_CHUNK: Final = 1 << 18
_EVIDENCE: Final = 1 << 20
_UTF8_SEQUENCE: Final = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH_RUN: Final = re.compile(rb"[\x80-\xff]+")
_TABLE_CHARACTER: Final = re.compile(r"[\t\r\n,;|\" 0-9A-Za-z]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec and the length of the byte order mark to skip."""

    name: str
    mark: int = 0


def detect_encoding(source: Source, wanted: str = "") -> Encoding:
    """Answer the encoding of a text file, or the ``wanted`` one, once all of it can be decoded.

    Raises NotValid: ``file.encoding`` when nothing fits, ``file.undecodable`` naming the row,
    ``file.kind`` for binary content, ``file.encoding_unknown`` for a wanted codec nobody knows.
    """
    head = source.head(_CHUNK)
    marked = next((Encoding(name, len(bom)) for bom, name in _BOMS if head.startswith(bom)), None)
    if wanted:
        name = _text_codec(source, wanted)
        chosen = Encoding(name, marked.mark if marked and marked.name == name else 0)
    elif marked:
        chosen = _widened(marked, head)
    elif b"\x00" in head:
        chosen = Encoding(_wide_encoding(source, head))
    else:
        chosen = Encoding("utf-8")
    broken = _undecodable_row(source, chosen)
    if broken is None:
        return chosen
    if wanted or marked or chosen.name != "utf-8":
        raise refusal(source.name, "file.undecodable", row=broken, encoding=chosen.name)
    return _older_encoding(source, broken)


def _widened(marked: Encoding, head: bytes) -> Encoding:
    """Answer what really follows a mark of UTF-16: some programs put it before UTF-32."""
    body = head[marked.mark :]
    if not marked.name.startswith("utf-16") or b"\x00\x00" not in body:
        return marked
    scores = _wide_scores(body)
    if marked.name in scores or not scores:
        return marked
    return Encoding(max(scores, key=scores.__getitem__), marked.mark)


def _text_codec(source: Source, wanted: str) -> str:
    try:
        name = codecs.lookup(wanted).name
        "".encode(name)
    except LookupError as error:
        raise refusal(source.name, "file.encoding_unknown", encoding=wanted) from error
    if name in {"gbk", "gb2312"}:
        return "gb18030"  # its superset
    wide_by_mark = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
    if name in {"utf-16", "utf-32"}:
        head = source.head(4)
        return next(
            (n for bom, n in _BOMS if n.startswith(name) and head.startswith(bom)),
            wide_by_mark[name],
        )
    return wide_by_mark.get(name, name)


def _wide_encoding(source: Source, head: bytes) -> str:
    """Answer the UTF-16 or UTF-32 form that reads as a table; binary files read as none."""
    scores = _wide_scores(head)
    best = max(scores, key=scores.__getitem__, default="")
    if not best or not scores[best]:
        raise refusal(source.name, "file.kind")
    return best


def _wide_scores(data: bytes) -> dict[str, int]:
    """Answer, for each wide form that yields text, how many characters are usual in tables."""
    scores: dict[str, int] = {}
    for name in _WIDE:
        try:
            text = codecs.getincrementaldecoder(name)().decode(data)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            scores[name] = len(_TABLE_CHARACTER.findall(text))
    return scores


def _undecodable_row(source: Source, encoding: Encoding) -> int | None:
    """Answer the 1-based line of the first byte that cannot be decoded, None if there is none."""
    decoder = io.IncrementalNewlineDecoder(
        codecs.getincrementaldecoder(encoding.name)(), translate=True
    )
    row = 1
    with source.open() as stream:
        stream.read(encoding.mark)
        while True:
            chunk = stream.read(_CHUNK)
            before = decoder.getstate()
            try:
                row += decoder.decode(chunk, final=not chunk).count("\n")
            except UnicodeDecodeError:
                decoder.setstate(before)
                return row + _lines_before_break(decoder, chunk)
            if not chunk:
                return None


def _lines_before_break(decoder: io.IncrementalNewlineDecoder, chunk: bytes) -> int:
    lines = 0
    try:
        for byte in chunk:
            lines += decoder.decode(bytes((byte,))).count("\n")
    except UnicodeDecodeError:
        pass
    return lines


def _older_encoding(source: Source, broken: int) -> Encoding:
    evidence = _lines_beyond_ascii(source)
    if _nearly_utf8(evidence):
        raise refusal(source.name, "file.undecodable", row=broken, encoding="utf-8")
    name = _best_older(evidence)
    if not name:
        raise refusal(source.name, "file.encoding")
    row = _undecodable_row(source, Encoding(name))
    if row is not None:
        raise refusal(source.name, "file.undecodable", row=row, encoding=name)
    return Encoding(name)


def _lines_beyond_ascii(source: Source) -> bytes:
    """Answer whole lines with bytes above 127, from wherever in the file, up to a megabyte."""
    found: list[bytes] = []
    size = 0
    with source.open() as stream:
        while size < _EVIDENCE and (lines := stream.readlines(_CHUNK)):
            kept = b"".join(line for line in lines if not line.isascii())
            found.append(kept)
            size += len(kept)
    return b"".join(found)


def _nearly_utf8(evidence: bytes) -> bool:
    rest, _ = _UTF8_SEQUENCE.subn(b"", evidence)
    stray = sum(map(len, _HIGH_RUN.findall(rest)))
    valid = sum(map(len, _HIGH_RUN.findall(evidence))) - stray
    return valid >= 4 * stray


def _best_older(evidence: bytes) -> str:
    scores = {name: _common_share(evidence, name) for name in ("gb18030", "big5")}
    best = max(scores, key=scores.__getitem__)  # the first wins a tie
    if scores[best] >= 0.5:
        return best
    runs = [len(run) for run in _HIGH_RUN.findall(evidence)]
    if _decodes(evidence, "cp1252") and sum(runs) < 2 * len(runs):
        return "cp1252"
    guess = from_bytes(evidence, cp_isolation=list(_OTHERS)).best()
    return guess.encoding if guess is not None else ""


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _common_share(evidence: bytes, encoding: str) -> float:
    try:
        text = evidence.decode(encoding)
    except UnicodeDecodeError:
        # One bad byte must not hide what the rest says; the row is named afterwards.
        text = evidence.decode(encoding, errors="replace")
    foreign = [character for character in text if character > "\x7f"]
    return sum(map(_is_common, foreign)) / max(len(foreign), 1)


def _is_common(character: str) -> bool:
    """Answer whether the character is in the first level of GB 2312 or of Big5."""
    for encoding, last_lead in (("gb2312", 0xD7), ("big5", 0xC6)):
        try:
            return character.encode(encoding)[0] <= last_lead
        except UnicodeEncodeError:
            continue
    return False
