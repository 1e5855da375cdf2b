"""Headings that name a link and by what its record is found, such as customer.code or 客户编号."""

from loopline.fields.definition import FieldDef
from loopline.services.mapping.heading import HeadingKey, heading_key, split_path
from loopline.services.mapping.names import FieldNames
from loopline.services.mapping.result import EntityLike, How, Target
from loopline.services.mapping.synonyms import TITLE, synonyms

_BY_NAME = "name"


def match_link(heading: str, names: FieldNames) -> Target | None:
    """Answer the link and the way to its record that a heading names, None if it names none."""
    path = split_path(heading)
    if path is not None:
        link, rest = heading_key(path[0]).bare, path[1]
        for definition, keys in names.links():
            if link in keys:
                by = _by_path(rest, definition, names.linked(definition))
                return Target(definition.id, by) if by else None
    whole = heading_key(heading).bare
    for definition, keys in names.links():
        for key in keys:
            rest = whole.removeprefix(key)
            if rest == whole:
                continue
            by = _by_words(HeadingKey(rest, rest), names.linked(definition)) if rest else _BY_NAME
            if by:
                return Target(definition.id, by)
    return None


def _by_path(rest: str, definition: FieldDef, target: EntityLike | None) -> str:
    """Answer the lookup behind a separator; ``entity-field`` names the target entity as well."""
    by = _by(heading_key(rest), target)
    if not by and "-" in rest:
        by = _by(heading_key(rest.split("-", 1)[1]), target)
    return by


def _by_words(key: HeadingKey, target: EntityLike | None) -> str:
    """Answer the lookup behind a link's name written in one; only what identifies a record.

    A customer's source behind 客户 would be no way to find the customer.
    """
    by = _by(key, target)
    field = target.fields.get(by) if target is not None else None
    identifies = by in synonyms().lookups.values() or by == _BY_NAME
    return by if identifies or (field is not None and field.unique != "no") else ""


def _by(key: HeadingKey, target: EntityLike | None) -> str:
    """Answer ``name``, ``id``, ``external_id`` or a field of the target; empty if it is none."""
    if target is not None:
        found = FieldNames(target).direct(key)
        if found is not None:
            field = found[1].field
            return _BY_NAME if field == target.title_field and found[0] <= How.SYNONYM else field
    word = synonyms().lookups.get(key.full, "")
    if word == TITLE:
        return _BY_NAME
    usable = target is None or word in {"id", "external_id"} or word in target.fields
    return word if usable else ""
