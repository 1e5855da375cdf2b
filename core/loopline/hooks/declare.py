"""What declaring hooks receive and return."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class DeclareContext:
    """The site a plugin declares for: its own id, the enabled plugins, the site's language."""

    plugin: str
    plugins: frozenset[str]
    language: str


@dataclass(frozen=True, slots=True)
class DocumentFolder:
    """A folder of documents; ``with_<plugin>/`` below it counts only if that plugin is enabled."""

    path: Path


@dataclass(frozen=True, kw_only=True, slots=True)
class SeedContext:
    """What a seed's generator may depend on: the moment, a random seed, a language.

    ``scale`` says how much of what it makes is wanted; 1 is all of it.
    """

    now: datetime
    seed: int
    language: str
    scale: float = 1.0
