"""The plan: what publishing a candidate would change, before anything is touched."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import orjson

from loopline.access.context import Context
from loopline.access.searched import narrowed
from loopline.meta.catalog import Catalog
from loopline.meta.comparison import difference
from loopline.meta.document import PRESENT, DocumentKey, Leaf, Path
from loopline.meta.findings import Findings
from loopline.meta.ownership import check_ownership, peers_that_clash
from loopline.meta.release import Layer, Release
from loopline.meta.roles import narrowing
from loopline.meta.schemas import Schemas
from loopline.meta.settle import settle
from loopline.meta.validate import check_documents
from loopline.services.approvals.plugin_steps import step_kinds
from loopline.services.clock_filling import begun_clocks
from loopline.services.document_notices import document_notices
from loopline.services.sealing import refuse_redefinition
from loopline.store.counting import count_blank, count_duplicates, count_rows
from loopline.store.ddl import TableChange, changes_as_sql, physical_changes
from loopline.store.ledger import read_ledger
from loopline.store.snapshot import Snapshot
from loopline.store.tables import table_name

Class = Literal["instant", "scan", "back-fill"]
SEARCH_TOKENS: Final = "plan.search_tokens"
CLOCKS: Final = "plan.clock"


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One step of a publish: its class, what it does (a message key with params), SQL and rows."""

    kind: Class
    key: str
    params: dict[str, object]
    sql: str = ""
    rows: int = 0


@dataclass(frozen=True, slots=True)
class LeafChange:
    """One leaf whose resolved value changes."""

    document: DocumentKey
    path: Path
    old: Leaf
    new: Leaf


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """A candidate held against the head. ``hash`` names this change of this head."""

    hash: str
    base: int
    layers: tuple[Layer, ...]
    candidate: Snapshot
    changed: tuple[DocumentKey, ...]
    changes: tuple[LeafChange, ...]
    operations: tuple[Operation, ...]
    physical: tuple[TableChange, ...]
    findings: Findings

    @property
    def empty(self) -> bool:
        """Whether publishing would change nothing at all."""
        return not self.changes and not self.physical and self.layers == ()


def make_plan(
    ctx: Context,
    edited: Sequence[Layer],
    schemas: Schemas,
    related: frozenset[tuple[str, str]],
    dropped: frozenset[str] = frozenset(),
) -> Plan:
    """Plan replacing layers of the head and dropping those named.

    ``related`` pairs plugins with their dependencies.
    """
    head = ctx.snapshot.catalog.release
    names = {layer.name for layer in edited} | dropped
    kept = [layer for layer in head.layers if layer.name not in names]
    layers = settle([*kept, *edited], head.layers)
    release = Release(revision=head.revision + 1, layers=layers)
    catalog = Catalog(release, ctx.snapshot.catalog)
    candidate = Snapshot(catalog, ctx.snapshot.types, ctx.snapshot)
    changed = _changed(head, release)
    findings = Findings()
    check_ownership(catalog, changed, schemas, findings)
    peers_that_clash(catalog, changed, related, findings)
    touched = _touched(ctx.snapshot.catalog, catalog, changed)
    check_documents(catalog, touched, schemas, candidate.types, findings)
    kinds = step_kinds(ctx.calls.serving(release.plugins))
    findings.warnings += document_notices(catalog, touched, kinds)
    if not findings.errors:
        refuse_redefinition(ctx, catalog, changed, findings)
    entities = () if findings.errors else _entities(catalog, changed)
    physical = _physical(ctx, candidate, entities)
    operations = _operations(ctx, candidate, physical)
    operations += _stale_sort_keys(ctx, candidate, entities, physical)
    operations += _stale_rollups(ctx, candidate, entities, physical)
    operations += _shown_anew(ctx.snapshot.catalog, catalog, entities)
    if not findings.errors:
        operations += _stale_tokens(ctx, candidate)
        operations += _begun_clocks(ctx, candidate)
        _count_troubles(ctx, candidate, entities, physical, findings)
    unchanged = _layer_signature(head.layers) == _layer_signature(layers)
    return Plan(
        hash=_hash(head.revision, layers),
        base=head.revision,
        layers=() if unchanged else layers,
        candidate=candidate,
        changed=tuple(sorted(changed)),
        changes=tuple(_leaf_changes(ctx.snapshot.catalog, catalog, changed)),
        operations=tuple(operations),
        physical=tuple(physical),
        findings=findings,
    )


def _layer_signature(layers: Iterable[Layer]) -> list[tuple[object, ...]]:
    return [
        (
            one.name,
            one.kind,
            one.version,
            one.enabled,
            orjson.dumps(one.about, option=orjson.OPT_SORT_KEYS),
            sorted((str(k), d.hash) for k, d in one.documents.items()),
        )
        for one in layers
    ]


def _hash(base: int, layers: tuple[Layer, ...]) -> str:
    return hashlib.sha256(repr((base, _layer_signature(layers))).encode()).hexdigest()


def _changed(old: Release, new: Release) -> frozenset[DocumentKey]:
    """Answer the documents of which some layer's share differs."""

    def shares(release: Release) -> dict[DocumentKey, list[tuple[str, str]]]:
        found: dict[DocumentKey, list[tuple[str, str]]] = {}
        for layer in release.layers:
            for key, stored in layer.documents.items():
                found.setdefault(key, []).append((layer.name, stored.hash))
        return found

    before, after = shares(old), shares(new)
    return frozenset(key for key in before | after if before.get(key) != after.get(key))


def _touched(before: Catalog, after: Catalog, changed: frozenset[DocumentKey]) -> set[DocumentKey]:
    """Answer the documents to check: the changed ones, and those that name something that is gone.

    A formula or lookup that is another now counts as gone, with all that may rest on it. What only
    gained something breaks no reference. Every reference spells the name it refers to, so a
    document without a lost name in its text needs no second look.
    """
    names = {*_lost_names(before, after, changed), *_redefined(before, after, changed)}
    lost = {name.encode() for name in names}
    touched = {key for key in changed if after.has(*key)}
    for layer in after.release.layers if lost else ():
        for key, stored in layer.documents.items():
            if after.has(*key) and any(name in stored.text for name in lost):
                touched.add(key)
    return touched


def _lost_names(before: Catalog, after: Catalog, changed: frozenset[DocumentKey]) -> Iterator[str]:
    """Yield the ids of documents and fields that the head has and the candidate lacks."""
    for key in changed:
        if before.has(*key) and not after.has(*key):
            yield key.id
        elif before.has(*key) and key.kind == "entity":
            yield from before.entity(key.id).fields.keys() - after.entity(key.id).fields.keys()


def _redefined(before: Catalog, after: Catalog, changed: frozenset[DocumentKey]) -> Iterator[str]:
    """Yield every formula and lookup where one of them changed: they may rest on each other."""
    if any(True for key in changed for _ in _virtual_changes(before, after, key)):
        for entity in after.entities():
            yield from entity.virtual


def _virtual_changes(before: Catalog, after: Catalog, key: DocumentKey) -> Iterator[str]:
    """Yield the formulas and lookups that an entity has anew, or that are made otherwise."""
    if key.kind != "entity" or not (before.has(*key) and after.has(*key)):
        return
    known = before.entity(key.id).fields
    for name, field in after.entity(key.id).virtual.items():
        if name not in known or known[name].virtual != field.virtual:
            yield name


def _shown_anew(before: Catalog, after: Catalog, entities: Iterable[str]) -> Iterator[Operation]:
    """Yield the formulas and lookups that show something else from now on; nothing is stored."""
    for entity in entities:
        for name in _virtual_changes(before, after, DocumentKey("entity", entity)):
            params: dict[str, object] = {
                "table": table_name(entity),
                "entity": entity,
                "name": name,
            }
            yield Operation(kind="instant", key="plan.virtual", params=params)


def _entities(catalog: Catalog, changed: frozenset[DocumentKey]) -> tuple[str, ...]:
    """Answer the entities whose tables a change may touch: by their document, or by a view."""
    entities = {key.id for key in changed if key.kind == "entity"}
    for key in changed:
        if key.kind == "view" and catalog.has(*key):
            entities.add(str(catalog.resolved(key).values.get(("entity",))))
    return tuple(sorted(name for name in entities if catalog.has("entity", name)))


def _physical(
    ctx: Context, candidate: Snapshot, entities: Sequence[str]
) -> tuple[TableChange, ...]:
    tables = [table_name(name) for name in entities]
    for name in entities:
        tables += [
            one.members.name for one in candidate.table(name).several if one.members is not None
        ]
    owned = read_ledger(ctx.connection, tables)
    return tuple(physical_changes(candidate, owned, entities))


def _operations(
    ctx: Context, candidate: Snapshot, physical: Sequence[TableChange]
) -> list[Operation]:
    new = {change.table for change in physical if change.kind == "table"}
    found = []
    for change, sql in changes_as_sql(ctx.connection.dialect.name, physical):
        rows = 0 if change.table in new else count_rows(ctx.connection, change.table)
        scans = change.kind == "index" and rows > 0
        params: dict[str, object] = {"table": change.table, "name": change.name}
        operation = Operation(
            kind="scan" if scans else "instant",
            key=f"plan.{change.kind}",
            params=params,
            sql=sql,
            rows=rows if scans else 0,
        )
        found.append(operation)
        if change.kind == "column" and rows and _is_rollup(candidate, change):
            found.append(replace(operation, kind="back-fill", key="plan.rollup", sql="", rows=rows))
        if change.kind == "column" and change.name.endswith("__sort") and rows:
            found.append(
                replace(operation, kind="back-fill", key="plan.sort_keys", sql="", rows=rows)
            )
    return found


def _is_rollup(candidate: Snapshot, change: TableChange) -> bool:
    entity, catalog = change.table.removeprefix(table_name("")), candidate.catalog
    if not catalog.has("entity", entity):
        return False
    known = catalog.entity(entity).fields.get(change.name)
    return known is not None and known.computed is not None


def _stale_rollups(
    ctx: Context, candidate: Snapshot, entities: Iterable[str], physical: Sequence[TableChange]
) -> Iterator[Operation]:
    """Yield the back-fill of roll-ups that are made otherwise than before."""
    made = {(change.table, change.name) for change in physical}
    for entity in entities:
        if not ctx.snapshot.catalog.has("entity", entity):
            continue
        before = ctx.snapshot.catalog.entity(entity).fields
        after = candidate.catalog.entity(entity)
        for name in sorted(after.computed - after.virtual.keys()):
            known = before.get(name)
            same = known is not None and known.computed == after.fields[name].computed
            table = table_name(entity)
            rows = 0 if same or (table, name) in made else count_rows(ctx.connection, table)
            if rows:
                params: dict[str, object] = {"table": table, "name": name}
                yield Operation(kind="back-fill", key="plan.rollup", params=params, rows=rows)


def _stale_sort_keys(
    ctx: Context, candidate: Snapshot, entities: Iterable[str], physical: Sequence[TableChange]
) -> Iterator[Operation]:
    """Yield the back-fill of sort keys that were kept once, not since, and are wanted again."""
    made = {(change.table, change.name) for change in physical}
    for entity in entities:
        if not ctx.snapshot.catalog.has("entity", entity):
            continue
        before = {one.sort for one in ctx.snapshot.table(entity).fields.values()}
        one = candidate.table(entity)
        for name in sorted({field.sort for field in one.fields.values()} - before - {""}):
            rows = count_rows(ctx.connection, one.table.name)
            if rows and (one.table.name, name) not in made:
                params: dict[str, object] = {"table": one.table.name, "name": name}
                yield Operation(kind="back-fill", key="plan.sort_keys", params=params, rows=rows)


def _stale_tokens(ctx: Context, candidate: Snapshot) -> Iterator[Operation]:
    """Yield the indexing of records whose search tokens other roles keep apart from now on."""
    before, after = ctx.snapshot.catalog, candidate.catalog
    if not (narrowing(before.roles()) or narrowing(after.roles())):
        return
    for entity in after.entities():
        if not (entity.traits.searchable and before.has("entity", entity.id)):
            continue
        one, was = candidate.table(entity.id), ctx.snapshot.table(entity.id)
        if narrowed(before, was) != narrowed(after, one):
            rows = count_rows(ctx.connection, one.table.name)
            params: dict[str, object] = {"entity": entity.id}
            if rows:
                yield Operation(kind="back-fill", key=SEARCH_TOKENS, params=params, rows=rows)


def _begun_clocks(ctx: Context, candidate: Snapshot) -> Iterator[Operation]:
    """Yield the clocks that are to start on records from before them."""
    before = ctx.snapshot.catalog
    for clock in begun_clocks(before, candidate.catalog):
        if before.has("entity", clock.entity):
            table = candidate.table(clock.entity).table.name
            rows = count_rows(ctx.connection, table)
            params: dict[str, object] = {"table": table, "name": clock.id, "entity": clock.entity}
            if rows:
                yield Operation(kind="back-fill", key=CLOCKS, params=params, rows=rows)


def _count_troubles(
    ctx: Context,
    candidate: Snapshot,
    entities: Sequence[str],
    physical: Sequence[TableChange],
    findings: Findings,
) -> None:
    """Count what the data holds against the candidate: duplicates refuse, blanks are only told."""
    new = {change.table for change in physical if change.kind == "table"}
    for change in physical:
        if change.kind == "index" and change.table not in new:
            doubles = count_duplicates(ctx.connection, change.element)
            if doubles:
                findings.error(change.table, "publish.duplicates", index=change.name, count=doubles)
    for entity in entities:
        if candidate.table(entity).table.name not in new:
            _count_blanks(ctx, candidate, entity, findings)


def _count_blanks(ctx: Context, candidate: Snapshot, entity: str, findings: Findings) -> None:
    """Tell how many records have nothing in a field that is newly required."""
    one = candidate.table(entity)
    known = (
        ctx.snapshot.catalog.entity(entity).fields
        if ctx.snapshot.catalog.has("entity", entity)
        else {}
    )
    for stored in one.fields.values():
        required = stored.definition.required and not stored.definition.numbering
        was = known.get(stored.definition.id)
        if required and (was is None or not was.required):
            blank = count_blank(ctx.connection, one, stored, exists=was is not None)
            if blank:
                place = f"entity/{entity} fields.{stored.definition.id}"
                findings.warn(place, "publish.blanks", count=blank)


def _leaf_changes(
    before: Catalog, after: Catalog, changed: frozenset[DocumentKey]
) -> Iterable[LeafChange]:
    for key in sorted(changed):
        old = before.resolved(key).values if before.has(*key) else {}
        new = after.resolved(key).values if after.has(*key) else {}
        for path, op in difference(old, new).items():
            if path[-1] != PRESENT:
                yield LeafChange(key, path, old=op.was, new=op.value)
