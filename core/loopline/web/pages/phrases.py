"""Labels within a sentence: English writes them small there."""

from loopline.language import Label


def in_phrase(label: Label, language: str) -> str:
    """Answer a label as it stands inside a phrase: ``New lead``, but ``New SLA``, ``New iPad``."""
    text = label.to(language)
    plain = text[:1].isupper() and text[1:2].islower()
    return text[:1].lower() + text[1:] if language == "en" and plain else text
