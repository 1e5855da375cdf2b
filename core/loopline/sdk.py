"""Everything a plugin may import from Loopline; what is not here is not public."""

from loopline.errors import (
    Conflict,
    Forbidden,
    LooplineError,
    NotFound,
    NotValid,
    Problem,
)
from loopline.hooks.declare import DeclareContext, DocumentFolder, SeedContext
from loopline.hooks.specs import hookimpl
from loopline.language import Label

__all__ = [
    "Conflict",
    "DeclareContext",
    "DocumentFolder",
    "Forbidden",
    "Label",
    "LooplineError",
    "NotFound",
    "NotValid",
    "Problem",
    "SeedContext",
    "hookimpl",
]
