"""The folded form of texts: what filters, unique checks and matching compare."""

from unicodedata import is_normalized, normalize


def fold(text: str) -> str:
    """Answer ``text`` in NFKC, case-folded, trimmed, with inner white space collapsed.

    Folding twice changes nothing: the second normalisation mends what case folding takes apart
    (Unicode Standard, section 3.13, D147, without its removal of ignorable characters).
    """
    if text.isascii():
        return " ".join(text.lower().split())
    if is_normalized("NFKC", text) and text.casefold() == text:
        return " ".join(text.split())
    folded = normalize("NFKC", normalize("NFKC", text).casefold()).casefold()
    return " ".join(normalize("NFKC", folded).split())


def fold_part(text: str) -> str:
    """Answer the fold of a piece of a longer text: white space at its ends stays, as one space."""
    return fold(f"({text})")[1:-1]


def folded_key(text: str | None) -> str | None:
    """Answer what a ``__key`` column stores for a value: its fold, or None when that is empty."""
    return (fold(text) or None) if text else None


def ascii_lower(text: str) -> str:
    """Answer ``text`` with A–Z in lower case and all else untouched.

    This is what ``lower`` does on SQLite and, under collation "C", on PostgreSQL.
    """
    return text.encode().lower().decode()
