"""Undoing a deletion whole: what was deleted along with a record, and the links it lost."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from loopline.access.context import Context
from loopline.errors import NotValid, Problem
from loopline.services import several
from loopline.services.checks import check_links
from loopline.services.duplicates.keeping import check_blocked
from loopline.services.editing import update_many
from loopline.services.uniqueness import check_unique
from loopline.store import rows as store
from loopline.store.changes import newest_diffs
from loopline.store.rows import Record

Group = dict[str, dict[int, Record]]
"""Records by entity and id."""


def deleted_together(ctx: Context, record: Record) -> Group:
    """Answer a record in the bin with what its deletion took along and still lies there."""
    group: Group = {record.entity: {record.id: record}}
    level: Group = {record.entity: {record.id: record}}
    while level:
        following: Group = defaultdict(dict)
        for entity, records in level.items():
            for source, field, links in _lost(ctx, entity, list(records)):
                known = group.setdefault(source, {})
                wanted = [one for one in links if one not in known]
                found = _binned(ctx, source, field, links, wanted)
                known |= found
                following[source] |= found
        level = {name: records for name, records in following.items() if records}
    return group


def drop_unfit(ctx: Context, group: Group, root: Record) -> None:
    """Take out of a group what something forbids to come back; it stays in the bin.

    Raises NotValid when that is the record itself which is asked for.
    """
    unfit = dict(_unfit(ctx, group))
    while unfit:
        if (root.entity, root.id) in unfit:
            raise NotValid(*unfit[root.entity, root.id])
        for entity, record_id in unfit:
            del group[entity][record_id]
        unfit = dict(_unfit(ctx, group))


def link_again(ctx: Context, group: Group) -> None:
    """Point the links at the group that its deletion blanked and that nobody has filled since.

    A record whose rules refuse its link by now keeps it blank.
    """
    changes: dict[str, dict[int, dict[str, object]]] = defaultdict(lambda: defaultdict(dict))
    for entity, records in group.items():
        for source, field, links in _lost(ctx, entity, list(records)):
            one = ctx.snapshot.table(source)
            current = store.fetch(ctx.connection, one, sorted(links), lock=True)
            for record_id, record in current.items():
                if record.deleted_at is None and record.values[field] is None:
                    changes[source][record_id][field] = links[record_id]
    for source, wanted in changes.items():
        update_many(ctx, source, wanted)
    several.put_back(ctx, group)


def _lost(
    ctx: Context, entity: str, ids: list[int]
) -> Iterator[tuple[str, str, Mapping[int, int]]]:
    """Yield (entity, link, record → record it pointed to) as the deletions of records noted it."""
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for record_id, diff in newest_diffs(ctx.connection, entity, ids, "delete").items():
        for link, (records, _) in diff.items():
            found[link] |= dict.fromkeys(records, record_id)
    for link, links in found.items():
        source, _, name = link.partition(".")
        if ctx.catalog.has("entity", source):
            stored = ctx.snapshot.table(source).fields.get(name)
            if stored is not None and stored.definition.to == entity:
                yield source, name, links


def _binned(
    ctx: Context, source: str, field: str, links: Mapping[int, int], wanted: Iterable[int]
) -> dict[int, Record]:
    """Answer those that lie in the bin and still point where they did."""
    one = ctx.snapshot.table(source)
    if not one.entity.traits.recycle:
        return {}
    found = store.fetch(ctx.connection, one, sorted(wanted), lock=True)
    return {
        record_id: record
        for record_id, record in found.items()
        if record.deleted_at is not None and record.values[field] == links[record_id]
    }


def _unfit(ctx: Context, group: Group) -> Iterator[tuple[tuple[str, int], list[Problem]]]:
    """Yield who may not come back, and why: a value is taken, or a link leads nowhere."""
    for entity, records in group.items():
        one = ctx.snapshot.table(entity)
        rows = [record.values for record in records.values()]
        taken = check_unique(ctx, one, rows, list(records))
        twins = check_blocked(ctx, one, rows, list(records))
        loose = check_links(ctx, one, rows)
        back = {f"fields.{field.id}": group.get(field.to, {}) for field in one.entity.links}
        for record_id, *same, links in zip(records, taken, twins, loose, strict=True):
            found = [one for some in same for one in some]
            found += (p for p in links if p.params["id"] not in back.get(p.path, ()))
            if found:
                yield (entity, record_id), found
