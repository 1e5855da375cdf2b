"""Calling hooks: one typed method each, in order, with failures where they belong."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

from loopline.errors import LooplineError, NotValid, PluginFailed, Problem
from loopline.hooks.boundary import Passing, Savepoint, boundary
from loopline.hooks.declarations import Panel
from loopline.hooks.events import (
    Add,
    Change,
    JobFailed,
    Lifecycle,
    MailArrived,
    Published,
    Publishing,
    RecordsChanged,
    RecordsChanging,
    RecordsMoving,
    Refuse,
    Scoping,
    Set,
    Showing,
    Taken,
)
from loopline.hooks.manager import Plugins

T = TypeVar("T")
Contexts = Callable[[str], object]
"""Makes the context that a plugin is called with, given its name."""
_REFUSING: Final = (NotValid,)
"""What a guard lets through: what it tried to write was refused, and that says why."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """What guards made of a batch: values to write besides, and refusals, by index.

    ``additions`` are (plugin, record to be made) besides; ``setters`` name the plugin that set a
    field last.
    """

    values: Mapping[int, Mapping[str, object]] = field(default_factory=dict)
    problems: Mapping[int, tuple[Problem, ...]] = field(default_factory=dict)
    additions: tuple[tuple[str, Add], ...] = ()
    setters: Mapping[str, str] = field(default_factory=dict)


class Calls:
    """The hooks of the plugins that are enabled in one release."""

    def __init__(self, plugins: Plugins, enabled: Iterable[str]) -> None:
        self.plugins = plugins
        self.enabled = frozenset(enabled)
        self._found: dict[str, list[tuple[str, Callable[..., Any]]]] = {}

    def serving(self, enabled: Iterable[str]) -> "Calls":
        """Answer the hooks with other plugins enabled."""
        return Calls(self.plugins, enabled)

    def named(self, hook: str) -> list[tuple[str, Callable[..., Any]]]:
        """Answer (plugin, function) of the enabled plugins that implement a hook, in order."""
        if hook not in self._found:
            found = self.plugins.implementations(hook)
            self._found[hook] = [one for one in found if one[0] in self.enabled]
        return self._found[hook]

    def declared(self, found: Mapping[str, tuple[T, ...]]) -> Iterator[tuple[str, T]]:
        """Yield (plugin, declaration) of the enabled plugins, in order."""
        for name in self.plugins.manifests:
            if name in self.enabled:
                yield from ((name, one) for one in found.get(name, ()))

    # --- guards -----------------------------------------------------------------------------

    def before_change(self, contexts: Contexts, event: RecordsChanging) -> Guarded:
        """Ask the guards about a batch, each seeing what those before it set.

        Raises PluginFailed for a guard that raises or answers nonsense, NotValid where one refuses
        the batch as a whole.
        """
        found = _Gathered()
        for call in self._calls("before_change", contexts):
            found.take(call.plugin, call.answers(event, Set, Refuse, Add))
            event = _with(event, found.values)
        return found.whole()

    def before_transition(self, contexts: Contexts, event: RecordsMoving) -> Guarded:
        """Ask the guards about records that enter stages, each seeing what those before it set.

        Raises PluginFailed, NotValid as :meth:`before_change` does.
        """
        found = _Gathered()
        for call in self._calls("before_transition", contexts):
            found.take(call.plugin, call.answers(event, Set, Refuse))
            moves = (replace(m, change=_set(m.change, found.of(m.change))) for m in event.moves)
            event = replace(event, moves=tuple(moves))
        return found.whole()

    def restrict_scope(self, contexts: Contexts, event: Scoping) -> list[tuple[str, str]]:
        """Answer (plugin, expression) for what records must satisfy besides the grants.

        Raises PluginFailed.
        """
        return [
            (call.plugin, text)
            for call in self._calls("restrict_scope", contexts, passing=())
            for text in call.answers(event, str)
        ]

    def before_publish(self, contexts: Contexts, event: Publishing) -> list[Problem]:
        """Answer why plugins refuse a publish. Raises PluginFailed, NotValid."""
        return [
            _problem(call.plugin, answer)
            for call in self._calls("before_publish", contexts)
            for answer in call.answers(event, Refuse)
        ]

    def on_lifecycle(self, contexts: Contexts, name: str, event: Lifecycle) -> None:
        """Tell one plugin of its own life, enabled or not. Raises PluginFailed, NotValid."""
        for other, function in self.plugins.implementations("on_lifecycle"):
            if other == name:
                _Call(name, "on_lifecycle", function, contexts(name)).answers(event)

    # --- observers: the caller runs one plugin a job, so that each is retried on its own -------

    def observers(self, hook: str) -> list[str]:
        """Answer the plugins that observe a hook."""
        return [name for name, _ in self.named(hook)]

    def after_change(self, contexts: Contexts, name: str, event: RecordsChanged) -> None:
        """Tell one plugin of written records; whatever it raises is the caller's to retry."""
        self._tell("after_change", contexts, name, event)

    def after_publish(self, contexts: Contexts, name: str, event: Published) -> None:
        """Tell one plugin of a release; whatever it raises is the caller's to retry."""
        self._tell("after_publish", contexts, name, event)

    def on_job_error(self, contexts: Contexts, event: JobFailed, savepoint: Savepoint) -> None:
        """Tell all plugins of a job that was given up; failures are logged and that is all."""
        for call in self._calls("on_job_error", contexts, passing=()):
            with suppress(PluginFailed):
                call.alone(savepoint, event)

    def _tell(self, hook: str, contexts: Contexts, name: str, event: object) -> None:
        for call in self._calls(hook, contexts, passing=(LooplineError,)):
            if call.plugin == name:
                call.answers(event)

    # --- taking in --------------------------------------------------------------------------

    def on_mail(self, contexts: Contexts, event: MailArrived, savepoint: Savepoint) -> Taken | None:
        """Answer what the first plugin that takes a message took it for, None where none does.

        ``event.answers`` are keys as they are stored; each plugin is told of its own.
        """
        for call in self._calls("on_mail", contexts, passing=()):
            start = f"{call.plugin}:"
            own = (one.removeprefix(start) for one in event.answers if one.startswith(start))
            with suppress(PluginFailed):
                found = call.alone(savepoint, replace(event, answers=tuple(own)), Taken)
                if found:
                    return Taken(found[0].entity, found[0].id)
        return None

    # --- showing ----------------------------------------------------------------------------

    def panels(
        self, contexts: Contexts, event: Showing, savepoint: Savepoint
    ) -> list[tuple[str, Panel | PluginFailed]]:
        """Answer (plugin, panel) for a record; a plugin that fails answers its failure."""
        found: list[tuple[str, Panel | PluginFailed]] = []
        for call in self._calls("panels", contexts, passing=()):
            try:
                found += [(call.plugin, one) for one in call.alone(savepoint, event, Panel)]
            except PluginFailed as failure:
                found.append((call.plugin, failure))
        return found

    def _calls(
        self, hook: str, contexts: Contexts, passing: Passing = _REFUSING
    ) -> Iterator["_Call"]:
        for name, function in self.named(hook):
            yield _Call(name, hook, function, contexts(name), passing)


@dataclass(frozen=True, slots=True)
class _Call:
    """One hook of one plugin, about to be called in its context."""

    plugin: str
    hook: str
    function: Callable[..., Any]
    context: object
    passing: Passing = _REFUSING

    def answers(self, event: object, *kinds: type[Any]) -> list[Any]:
        """Answer what it answers. Raises PluginFailed, also for anything but these kinds."""
        with boundary(self.plugin, self.hook, self.passing):
            return _typed(self.function(ctx=self.context, event=event), kinds)

    def alone(self, savepoint: Savepoint, event: object, *kinds: type[Any]) -> list[Any]:
        """Answer what it answers, undoing what it wrote where it fails. Raises PluginFailed."""
        with boundary(self.plugin, self.hook, self.passing), savepoint():
            return _typed(self.function(ctx=self.context, event=event), kinds)


class _Gathered:
    """What guards answered so far."""

    def __init__(self) -> None:
        self.values: dict[int, dict[str, object]] = {}
        self._problems: dict[int, tuple[Problem, ...]] = {}
        self._additions: list[tuple[str, Add]] = []
        self._setters: dict[str, str] = {}

    def take(self, plugin: str, answers: Iterable[Set | Refuse | Add]) -> None:
        """Take in what a plugin answered. Raises NotValid where it refuses the whole batch."""
        for answer in answers:
            if isinstance(answer, Add):
                self._additions.append((plugin, answer))
            elif isinstance(answer, Refuse):
                self._refuse(_problem(plugin, answer), answer.change)
            else:
                self.values.setdefault(answer.change.index, {})[answer.field] = answer.value
                self._setters[answer.field] = plugin

    def of(self, change: Change) -> Mapping[str, object] | None:
        """Answer what is set of a record."""
        return self.values.get(change.index)

    def whole(self) -> Guarded:
        """Answer all of it."""
        return Guarded(self.values, self._problems, tuple(self._additions), self._setters)

    def _refuse(self, problem: Problem, change: Change | None) -> None:
        if change is None:
            raise NotValid(problem)
        self._problems[change.index] = (*self._problems.get(change.index, ()), problem)


def _typed(answers: Any, kinds: tuple[type[Any], ...]) -> list[Any]:
    found = list(answers or ())
    for one in found:
        if not isinstance(one, kinds):
            expected = " or ".join(kind.__name__ for kind in kinds) or "nothing"
            raise TypeError(f"expected {expected}, got {type(one).__name__}")
    return found


def _problem(name: str, refusal: Refuse) -> Problem:
    field = f"fields.{refusal.field}" if refusal.field else ""
    path = refusal.place or field or f"plugins.{name}"
    if isinstance(refusal.message, Problem):
        return replace(refusal.message, path=path)
    return Problem(path, "plugin.refused", {"plugin": name, "message": refusal.message})


def _with(event: RecordsChanging, values: Mapping[int, Mapping[str, object]]) -> RecordsChanging:
    """Answer the event with what was set so far in it."""
    if not values:
        return event
    return replace(event, changes=tuple(_set(one, values.get(one.index)) for one in event.changes))


def _set(change: Change, values: Mapping[str, object] | None) -> Change:
    if not values:
        return change
    return replace(change, new={**change.new, **values}, fields=change.fields | values.keys())


NOBODY: Final = Guarded()
"""What guards make of a batch when there are none."""
