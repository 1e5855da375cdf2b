"""The help of a context's field, kept beside it for those who write templates."""

from collections.abc import Mapping


def described(text: str) -> Mapping[str, str]:
    """Answer the metadata of a dataclass field whose help is ``text``."""
    return {"help": text}
