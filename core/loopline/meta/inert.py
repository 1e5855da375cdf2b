"""What is left of a disabled plugin: its data can be read, and it says nothing more."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from loopline.fields.definition import FieldDef
from loopline.meta.document import Path
from loopline.meta.entities import EntityDef
from loopline.meta.layers import Resolved
from loopline.meta.screens import Menu

Owners = Mapping[Path, str]


def inert(entity: EntityDef, owners: Owners, disabled: Collection[str]) -> EntityDef:
    """Answer an entity whose fields by disabled plugins are read-only and whose rules are gone.

    ``owners`` names the layer behind every leaf. An entity that such a plugin declares takes no
    records any more.
    """
    declared_by = owners.get(("title_field",), "")
    whole = declared_by in disabled
    fields = {
        name: _inert(one) if whole or owners.get(("fields", name, "type")) in disabled else one
        for name, one in entity.fields.items()
    }
    rules = tuple(
        one
        for one in entity.rules
        if not whole and owners.get(("rules", one.id, "refuse_when")) not in disabled
    )
    traits = replace(entity.traits, closed=whole or entity.traits.closed)
    return replace(entity, fields=fields, rules=rules, traits=traits)


def _inert(field: FieldDef) -> FieldDef:
    return replace(field, read_only=True, required=False, default=None, inert=True)


def active_items(menu: Menu, owners: Owners, disabled: Collection[str]) -> Menu:
    """Answer the menu without the entries of disabled plugins."""
    if not disabled:
        return menu
    items = tuple(
        one
        for one in menu.items
        if not any(owners.get(("items", one.id, leaf)) in disabled for leaf in ("entity", "label"))
        and not any(p[:2] == ("items", one.id) and who in disabled for p, who in owners.items())
    )
    return replace(menu, items=items)


def spoken(resolved: Resolved, disabled: Collection[str]) -> Resolved:
    """Answer a document without what disabled plugins say in it."""
    if not disabled:
        return resolved
    kept = [path for path in resolved.values if resolved.owners[path] not in disabled]
    base = {path for at, path in enumerate(resolved.values) if at < resolved.base_size}
    return Resolved(
        {path: resolved.values[path] for path in kept},
        resolved.owners,
        sum(1 for path in kept if path in base),
    )
