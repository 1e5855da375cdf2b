"""Saved views: the state of a list under a name; own, or shared with a role or everyone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

import loopline.store.saved_views as store
from loopline.access.context import Context
from loopline.errors import Forbidden, LooplineError, NotFound, NotValid, Problem
from loopline.meta.entities import EntityDef
from loopline.query.plans import check_filter, scope_of
from loopline.store.saved_views import StoredView

SHARE: Final = "share_views"
"""What a grant on the entity must allow to share views of it."""
SHARING: Final = ("", "role", "everyone")
PREFIX: Final = "saved-"
"""Before the number of a saved view where views of both kinds are named; no document's id has -."""
_TEXTS: Final = ("view", "q", "filter", "sort")
_LISTS: Final = ("conditions", "columns")
_LONGEST_NAME: Final = 80
_LONGEST_STATE: Final = 20_000
_MOST: Final = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedView:
    """A view as somebody sees it.

    ``state`` maps view, q, filter and sort to texts, conditions (``field:operator:value``) and
    columns to lists; what says nothing is left out. ``missing`` names what of it is gone or may not
    be read.
    """

    id: int
    entity: str
    name: str
    owner: int
    shared: str
    role: str
    state: Mapping[str, Any]
    mine: bool
    may_edit: bool
    pinned: bool
    default: bool
    missing: tuple[str, ...]

    @property
    def key(self) -> str:
        """What choices name it by."""
        return f"{PREFIX}{self.id}"


@dataclass(frozen=True, kw_only=True, slots=True)
class ViewWish:
    """What is to be kept: a name, a state, whom it is shared with (a role's id where a role)."""

    name: str
    state: Mapping[str, Any]
    shared: str = ""
    role: str = ""


def may_share(ctx: Context, entity: EntityDef) -> bool:
    """Whether the actor may share views of an entity: a grant of all actions is not enough."""
    named = any(SHARE in grant.actions for grant in ctx.rights.of(entity, SHARE))
    return ctx.actor.administrator or named


def saved_views(ctx: Context, entity: str) -> list[SavedView]:
    """Answer the views of an entity that the actor has or is given, by name. Raises NotFound.

    One of somebody else's that filters by what the actor may not read is not offered, as it would
    give it away; columns they may not read are left out of it.
    """
    definition = ctx.catalog.entity(entity)
    if ctx.actor.id is None:
        return []
    found = store.views_for(ctx.connection, entity, ctx.actor.id, _roles(ctx))
    if ctx.actor.administrator:
        known = {one.id for one in found}
        others = store.shared_views(ctx.connection, entity)
        found = sorted(
            [*found, *(one for one in others if one.id not in known)], key=lambda v: (v.name, v.id)
        )
    choices = store.choices_of(ctx.connection, ctx.actor.id, entity) if found else {}
    offered = (one for one in found if not _gives_away(ctx, definition, one))
    return [_seen(ctx, definition, one, choices) for one in offered]


def saved_view(ctx: Context, entity: str, number: int) -> SavedView:
    """Answer one view. Raises NotFound."""
    for one in saved_views(ctx, entity):
        if one.id == number:
            return one
    raise NotFound(code="view.not_found", id=number)


def save_view(ctx: Context, entity: str, wish: ViewWish) -> SavedView:
    """Keep the state of a list. Raises Forbidden for sharing, NotValid for what cannot be kept."""
    definition = ctx.catalog.entity(entity)
    if ctx.actor.id is None:
        raise Forbidden(code="view.nobody")
    checked = _checked(ctx, definition, wish, None)
    one = StoredView(
        entity=entity,
        name=checked.name,
        owner=ctx.actor.id,
        shared=checked.shared,
        role=checked.role,
        state=checked.state,
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    return saved_view(ctx, entity, store.insert_view(ctx.connection, one))


def change_view(ctx: Context, entity: str, number: int, wish: ViewWish) -> SavedView:
    """Put another name, state or sharing in place. Raises NotFound, Forbidden, NotValid."""
    held = saved_view(ctx, entity, number)
    if not held.may_edit:
        raise Forbidden(code="view.not_yours")
    checked = _checked(ctx, ctx.catalog.entity(entity), wish, held)
    values = {
        "name": checked.name,
        "state": checked.state,
        "shared": checked.shared,
        "role": checked.role,
        "updated_at": ctx.now,
    }
    store.update_view(ctx.connection, number, values)
    return saved_view(ctx, entity, number)


def delete_view(ctx: Context, entity: str, number: int) -> None:
    """Delete a view for everybody. Raises NotFound, Forbidden."""
    held = saved_view(ctx, entity, number)
    if not held.may_edit:
        raise Forbidden(code="view.not_yours")
    store.delete_view(ctx.connection, number, held.key)


def choose_view(ctx: Context, entity: str, key: str, *, pinned: bool, default: bool) -> None:
    """Say whether the actor has a view (a document's id or a saved view's key) pinned or first.

    Raises NotFound.
    """
    if key.startswith(PREFIX) and key.removeprefix(PREFIX).isdigit():
        saved_view(ctx, entity, int(key.removeprefix(PREFIX)[:18]))
    elif key not in {one.id for one in ctx.catalog.views(entity)}:
        raise NotFound(code="view.not_found", id=key)
    if ctx.actor.id is not None:
        store.write_choice(ctx.connection, ctx.actor.id, entity, key, pinned=pinned, chosen=default)


def default_view(ctx: Context, entity: str) -> str:
    """Answer the view that the actor's list begins with; blank where they chose none."""
    if ctx.actor.id is None:
        return ""
    choices = store.choices_of(ctx.connection, ctx.actor.id, entity)
    return next((key for key, (_, chosen) in choices.items() if chosen), "")


def _roles(ctx: Context) -> list[str]:
    general = {one.id for one in ctx.snapshot.catalog.roles() if one.everyone}
    return sorted(ctx.actor.roles | general)


def _seen(
    ctx: Context, entity: EntityDef, one: StoredView, choices: Mapping[str, tuple[bool, bool]]
) -> SavedView:
    mine = one.owner == ctx.actor.id
    pinned, default = choices.get(f"{PREFIX}{one.id}", (False, False))
    state = _shown_state(ctx, entity, one)
    return SavedView(
        id=one.id,
        entity=one.entity,
        name=one.name,
        owner=one.owner,
        shared=one.shared,
        role=one.role,
        state=state,
        mine=mine,
        may_edit=mine or (one.shared != "" and ctx.actor.administrator),
        pinned=pinned,
        default=default,
        missing=tuple(missing_from(ctx, entity, state)),
    )


def _gives_away(ctx: Context, entity: EntityDef, one: StoredView) -> bool:
    """Whether a view of somebody else's filters by what is there, but not for the actor."""
    if one.owner == ctx.actor.id or ctx.rights.unrestricted:
        return False
    whole = ctx.snapshot.catalog.entity(entity.id)
    named = [text.partition(":")[0] for text in one.state.get("conditions", ())]
    if any(entity.field(name) is None and whole.field(name) is not None for name in named):
        return True
    filtered = "filter" in missing_from(ctx, entity, {"filter": one.state.get("filter", "")})
    return filtered and _is_sound(ctx, entity.id, one.state["filter"])


def _is_sound(ctx: Context, entity: str, text: str) -> bool:
    """Whether an expression could be read by somebody who may read everything."""
    try:
        scope_of(ctx, entity, text)
    except LooplineError:
        return False
    return True


def _shown_state(ctx: Context, entity: EntityDef, one: StoredView) -> Mapping[str, Any]:
    """Answer the state of a view, without columns and order that only others may read."""
    if one.owner == ctx.actor.id:
        return one.state
    whole = ctx.snapshot.catalog.entity(entity.id)

    def seen(name: str) -> bool:
        return entity.field(name) is not None or whole.field(name) is None

    columns = [name for name in one.state.get("columns", ()) if seen(name)]
    order = [key for key in one.state.get("sort", "").split(",") if seen(key.lstrip("-"))]
    changed = {**one.state, "columns": columns, "sort": ",".join(order)}
    return {name: value for name, value in changed.items() if value}


def missing_from(ctx: Context, entity: EntityDef, state: Mapping[str, Any]) -> list[str]:
    """Answer what of a state is gone or may not be read: fields, the view, or ``filter``."""
    named = [text.partition(":")[0] for text in state.get("conditions", ())]
    named += state.get("columns", ())
    named += [key.lstrip("-") for key in state.get("sort", "").split(",") if key]
    found = [name for name in named if entity.field(name) is None]
    view = state.get("view", "")
    if view and view not in {one.id for one in ctx.catalog.views(entity.id)}:
        found.append(view)
    if state.get("filter"):
        try:
            check_filter(ctx, entity.id, state["filter"])
        except LooplineError:
            found.append("filter")
    return list(dict.fromkeys(found))


def _checked(ctx: Context, entity: EntityDef, wish: ViewWish, held: SavedView | None) -> ViewWish:
    """Answer a wish made whole. Raises Forbidden and NotValid."""
    name = " ".join(wish.name.split())
    moved = held is None or (wish.shared, wish.role) != (held.shared, held.role)
    if wish.shared and moved and not may_share(ctx, entity):
        raise Forbidden(code="view.sharing", entity=entity.label)
    role = wish.role if wish.shared == "role" else ""
    state, problems = _state(wish.state)
    if not name or len(name) > _LONGEST_NAME:
        problems.append(Problem("name", "view.name", {"most": _LONGEST_NAME}))
    if wish.shared not in SHARING:
        problems.append(Problem("shared", "view.shared", {"value": wish.shared}))
    if wish.shared == "role" and not ctx.snapshot.catalog.has("role", role):
        problems.append(Problem("role", "view.role", {"role": role}))
    same_state = held is not None and state == held.state
    if not problems and not same_state:
        gone = missing_from(ctx, entity, state)
        if gone:
            problems.append(Problem("state", "view.missing", {"names": ", ".join(gone)}))
    problems += _clashes(ctx, entity, name, held)
    if problems:
        raise NotValid(*problems)
    return replace(wish, name=name, role=role, state=state)


def _clashes(
    ctx: Context, entity: EntityDef, name: str, held: SavedView | None
) -> Sequence[Problem]:
    owner = ctx.actor.id if held is None else held.owner
    others = [
        one
        for one in store.views_for(ctx.connection, entity.id, owner, ())
        if one.owner == owner and (held is None or one.id != held.id)
    ]
    if any(one.name == name for one in others):
        return [Problem("name", "view.name_taken", {"name": name})]
    if held is None and len(others) >= _MOST:
        return [Problem("name", "view.too_many", {"most": _MOST})]
    return []


def _state(given: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Answer a state without what says nothing, and what in it is no state."""
    problems = [
        Problem(f"state.{name}", "view.state", {"name": name})
        for name, value in given.items()
        if not _fits(name, value)
    ]
    if problems:
        return {}, problems
    state = {name: given[name] for name in (*_TEXTS, *_LISTS) if given.get(name)}
    if len(orjson.dumps(state)) > _LONGEST_STATE:
        problems.append(Problem("state", "view.state_long", {"most": _LONGEST_STATE}))
    return state, problems


def _fits(name: str, value: object) -> bool:
    if name in _TEXTS:
        return isinstance(value, str)
    whole = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return name in _LISTS and whole
