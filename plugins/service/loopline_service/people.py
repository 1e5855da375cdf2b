"""Who gets a ticket: whoever of those a rule names has the fewest open ones and is not away."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Final

from loopline.sdk import Context, Record, quoted
from loopline_service.found import OPEN, TICKET, link, text
from loopline_service.rules import Receiver

EXPERT: Final = "expert"


class Roster:
    """The people of the service during one transaction, read once and read by the system."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx.elevated("assignment")
        self._loads: dict[int, int] = {}

    def choose(
        self, receivers: Sequence[Receiver], values: Mapping[str, object], barred: int = 0
    ) -> int | None:
        """Answer who gets a ticket of these values, and count it as theirs; None for nobody."""
        named = {user for one in receivers for user in self._users(one, values)}
        free = named & self._active - self._away - {barred}
        if not free:
            return None
        chosen = min(free, key=lambda user: (self._load(user), user))
        self._loads[chosen] += 1
        return chosen

    def has_skill(self, user: int) -> bool:
        """Whether any skill of a person is noted."""
        return any(link(one, "user") == user for one in self._skills)

    def knows(self, user: int, values: Mapping[str, object]) -> bool:
        """Whether a ticket of these values is for the skills of a person."""
        return user in self._skilled(link(values, "category"), text(values, "level"))

    def _users(self, one: Receiver, values: Mapping[str, object]) -> Iterator[int]:
        for email in one.users:
            yield from (user.id for user in self._ctx.find("user", f"email == {quoted(email)}"))
        if one.role:
            yield from self._ctx.holders(one.role)
        if one.department:
            for department in self._tree(one.department):
                found = self._ctx.every("user", f"department == {department}")
                yield from (user.id for user in found)
        if one.skill:
            yield from self._skilled(link(values, "category"), text(values, "level"))

    def _skilled(self, category: int, level: str) -> set[int]:
        """Answer who knows a category at a level; the first line asks experts where it has none."""
        above = set(self._above(category))
        able = [one for one in self._skills if link(one, "category") in above]
        right = {link(one, "user") for one in able if text(one, "level") == level}
        anybody = {link(one, "user") for one in able}
        return right if right or level == EXPERT else anybody

    def _above(self, category: int) -> Iterator[int]:
        """Yield a category, those above it, and 0 for the skills that are for all."""
        seen: set[int] = set()
        while category and category not in seen:
            yield category
            seen.add(category)
            category = self._parents.get(category, 0)
        yield 0

    def _tree(self, code: str) -> list[int]:
        """Answer a department by code and all below it."""
        departments = list(self._ctx.every("department"))
        found = [one.id for one in departments if one.value("code") == code]
        for top in found:  # grows while it is walked
            found += [
                one.id for one in departments if link(one, "parent") == top and one.id not in found
            ]
        return found

    def _load(self, user: int) -> int:
        if user not in self._loads:
            self._loads[user] = self._ctx.count(TICKET, f"owner == {user} && {OPEN}")
        return self._loads[user]

    @cached_property
    def _skills(self) -> tuple[Record, ...]:
        return tuple(self._ctx.every("skill"))

    @cached_property
    def _parents(self) -> Mapping[int, int]:
        return {one.id: link(one, "parent") for one in self._ctx.every("ticket_category")}

    @cached_property
    def _active(self) -> set[int]:
        return {one.id for one in self._ctx.every("user", "active == true")}

    @cached_property
    def _away(self) -> set[int]:
        found = set[int]()
        for one in self._ctx.every("absence"):
            first, last = one.value("from"), one.value("until")
            if isinstance(first, date) and isinstance(last, date):
                found |= {link(one, "user")} if first <= self._ctx.today <= last else set()
        return found
