"""How often a process looks for garbage."""

import gc
from typing import Final

_OBJECTS: Final = 20_000
_ROUNDS: Final = 50


def collect_seldom() -> None:
    """Let Python look for circular garbage after more new objects than its 700.

    Requests and batches make very many objects that die by themselves; looking through them all
    the time costs a tenth of an import.
    """
    gc.set_threshold(_OBJECTS, _ROUNDS, _ROUNDS)
