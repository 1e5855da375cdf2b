"""The plugin boundary: whatever a plugin raises becomes a failure that names the plugin."""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from loopline.errors import LooplineError, PluginFailed, Problem

Savepoint = Callable[[], AbstractContextManager[object]]
"""Opens a part of the transaction that is undone alone when it is left by an error."""
Passing = tuple[type[LooplineError], ...]
_MOST_REASON: Final = 300
_log = logging.getLogger(__name__)


@contextmanager
def boundary(
    plugin: str, hook: str, passing: Passing = (LooplineError,), *, log: bool = True
) -> Iterator[None]:
    """Run what is a plugin's: a hook, or what one declared (``action paint``).

    Raises what is in ``passing`` as it is, since it says itself what is wrong, and PluginFailed for
    everything else, an exit of the program too.
    """
    try:
        yield
    except passing:
        raise
    except (Exception, SystemExit) as error:
        if log:
            _log.exception("%s of plugin %s failed", hook, plugin)
        raise plugin_failed(plugin, hook, reason_of(error)) from error


def plugin_failed(plugin: str, hook: str, reason: str, *problems: Problem) -> PluginFailed:
    """Answer the failure of a plugin in a hook; ``problems`` say more exactly what is wrong."""
    params = {"plugin": plugin, "hook": hook, "reason": reason}
    own = Problem(f"plugins.{plugin}", PluginFailed.code, params)
    return PluginFailed(*(problems or (own,)), **params)


def reason_of(error: BaseException) -> str:
    """Answer what an exception says, in one text for administrators and logs."""
    return f"{type(error).__name__}: {error}"[:_MOST_REASON]
