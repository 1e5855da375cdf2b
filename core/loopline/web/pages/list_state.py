"""The state of a list as its URL holds it: view, search, conditions, sort, columns, page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from starlette.datastructures import FormData, QueryParams

from loopline.web.contexts.shell import Hidden

CARRIED: Final = "list."
"""Prefix under which the address of a record carries the list it was opened from."""
_MOST_CONDITIONS: Final = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class ListState:
    """What the URL of a list says. ``conditions`` are ``field:operator:value``.

    ``columns`` are empty where the view decides. A cursor with ``back`` reads the page before it.
    ``saved`` is the number of the saved view that the list was opened by.
    """

    path: str
    view: str = ""
    q: str = ""
    filter: str = ""
    conditions: tuple[str, ...] = ()
    sort: str = ""
    columns: tuple[str, ...] = ()
    cursor: str = ""
    back: bool = False
    exact: bool = False
    saved: str = ""

    @classmethod
    def read(cls, path: str, query: QueryParams) -> "ListState":
        """Read the state from a URL's parameters."""
        chosen = tuple(dict.fromkeys(name for name in query.getlist("columns") if name))
        places = {name: query.get(f"at.{name}", "") for name in chosen}
        if any(places.values()):
            chosen = tuple(sorted(chosen, key=lambda name: _place(places[name])))
        return cls(
            path=path,
            view=query.get("view", ""),
            q=query.get("q", "").strip(),
            filter=query.get("filter", "").strip(),
            conditions=tuple(query.getlist("c"))[:_MOST_CONDITIONS],
            sort=query.get("sort", ""),
            columns=chosen,
            cursor=query.get("cursor", ""),
            back=query.get("back") == "1",
            exact=query.get("count") == "exact",
            saved=query.get("saved", ""),
        )

    def parameters(self) -> list[tuple[str, str]]:
        """Answer the state as URL parameters, without what says nothing."""
        pairs = [
            ("view", self.view),
            ("q", self.q),
            ("filter", self.filter),
            *(("c", one) for one in self.conditions),
            ("sort", self.sort),
            *(("columns", one) for one in self.columns),
            ("cursor", self.cursor),
            ("back", "1" if self.back else ""),
            ("count", "exact" if self.exact else ""),
            ("saved", self.saved),
        ]
        return [(name, value) for name, value in pairs if value]

    @classmethod
    def behind(cls, path: str, query: QueryParams) -> "ListState":
        """Read the state of the list that a record was opened from."""
        pairs = [(name.removeprefix(CARRIED), value) for name, value in carried(query)]
        return cls.read(path, QueryParams(pairs))

    @property
    def href(self) -> str:
        """Answer the URL of exactly this state."""
        return address(self.path, self.parameters())

    def turned(self, **changes: object) -> "ListState":
        """Answer the state with something changed, back on the first page."""
        return replace(self, **{"cursor": "", "back": False, "exact": False, **changes})  # type: ignore[arg-type]

    def hidden(self, *, without: Iterable[str]) -> tuple[Hidden, ...]:
        """Answer what a form of the list carries along, but for what it sets itself."""
        left_out = {*without, "cursor", "back", "count"}
        return tuple(
            Hidden(name=name, value=value)
            for name, value in self.parameters()
            if name not in left_out
        )


def carried(query: QueryParams | FormData) -> list[tuple[str, str]]:
    """Answer the parameters that carry a list along."""
    pairs = query.multi_items()
    return [
        (name, text) for name, text in pairs if name.startswith(CARRIED) and isinstance(text, str)
    ]


def address(path: str, parameters: Sequence[tuple[str, str]]) -> str:
    """Answer a URL."""
    return f"{path}?{urlencode(parameters)}" if parameters else path


def _place(text: str) -> tuple[bool, float]:
    try:
        return (False, float(text))
    except ValueError:
        return (True, 0.0)
