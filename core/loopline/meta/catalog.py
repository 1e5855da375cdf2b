"""The catalog: an immutable, complete, lazily read picture of one release's metadata.

Nothing is resolved before it is asked for, and what a change did not touch is taken over from the
catalog before it: a resolved document depends on the hashes of its layers' shares and nothing else.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TypeVar, cast

from loopline.calendars.calendar import WorkingCalendar
from loopline.errors import NotFound
from loopline.expr.suggest import meant
from loopline.meta.approvals import ApprovalDef, build_approval
from loopline.meta.body import Body
from loopline.meta.calendars import build_calendar
from loopline.meta.clocks import ClockDef, build_clock
from loopline.meta.completion import Sources, completed, needs_completion, sources_of
from loopline.meta.conversions import ConversionDef, build_conversion
from loopline.meta.document import DocumentKey, Leaf, Path, flatten
from loopline.meta.duplicates import DuplicateRuleDef, build_duplicate_rule
from loopline.meta.entities import EntityDef, build_entity
from loopline.meta.inert import active_items, inert, spoken
from loopline.meta.journeys import JourneyDef, build_journey
from loopline.meta.layers import Resolved, resolve
from loopline.meta.numbering import NumberingDef, build_numbering
from loopline.meta.pipelines import PipelineDef, build_pipeline, by_field
from loopline.meta.release import Release, StoredDocument
from loopline.meta.roles import RoleDef, build_role
from loopline.meta.screens import (
    FormDef,
    Menu,
    ViewDef,
    build_form,
    build_menu,
    build_view,
    plain_form,
    plain_view,
)
from loopline.meta.seeds import SeedDef, build_seed
from loopline.meta.tag_groups import TagGroup, build_tag_group

T = TypeVar("T")
Signature = tuple[str, ...]


class Catalog:
    """What the metadata of one release says, by kind."""

    def __init__(self, release: Release, previous: "Catalog | None" = None) -> None:
        self.release = release
        self._built: dict[DocumentKey, tuple[Signature, object]] = {}
        self._before = dict(previous._built) if previous else {}
        self._completed: dict[str, tuple[Sources, EntityDef]] = (
            dict(previous._completed) if previous else {}
        )
        self._entities: dict[str, EntityDef] = {}

    @property
    def revision(self) -> int:
        """The release's number."""
        return self.release.revision

    @cached_property
    def _shares(self) -> Mapping[DocumentKey, list[tuple[str, StoredDocument]]]:
        shares: dict[DocumentKey, list[tuple[str, StoredDocument]]] = defaultdict(list)
        for layer in self.release.layers:
            for key, stored in layer.documents.items():
                shares[key].append((layer.name, stored))
        return {key: found for key, found in shares.items() if not found[0][1].extend}

    @cached_property
    def _by_kind(self) -> Mapping[str, tuple[str, ...]]:
        kinds: dict[str, list[str]] = defaultdict(list)
        for key in self._shares:
            kinds[key.kind].append(key.id)
        return {kind: tuple(ids) for kind, ids in kinds.items()}

    def ids(self, kind: str) -> tuple[str, ...]:
        """Answer the ids of all documents of a kind, lowest layer first."""
        return self._by_kind.get(kind, ())

    def has(self, kind: str, name: str) -> bool:
        """Whether the release has that document."""
        return DocumentKey(kind, name) in self._shares

    def missing(self, kind: str, name: str) -> NotFound:
        """Answer the refusal of what is not there; it asks whether one near by name was meant."""
        near = meant(name, self.ids(kind))
        return NotFound(code="metadata.no_document", document=f"{kind}/{name}", near=near)

    def shares(self, key: DocumentKey) -> list[tuple[str, StoredDocument]]:
        """Answer each layer's share of a document, lowest first; empty if it is not there."""
        return self._shares.get(key, [])

    def resolved(self, key: DocumentKey) -> Resolved:
        """Fold the layers of one document. Raises NotFound."""
        shares = self._shares.get(key)
        if shares is None:
            raise self.missing(key.kind, key.id)
        folded = resolve((name, stored.ops) for name, stored in shares)
        return self._translated(key, folded)

    def _translated(self, key: DocumentKey, folded: Resolved) -> Resolved:
        """Add the texts of translation documents beneath what the document itself says."""
        texts = self._translations.get(key)
        if not texts:
            return folded
        missing = {
            path: text for path, text in texts.items() if path[:-1] and path not in folded.values
        }
        known = {path[:-1] for path in folded.values}
        added = {path: text for path, text in missing.items() if path[:-1] in known}
        owners = dict(folded.owners) | dict.fromkeys(added, "translation")
        return Resolved({**folded.values, **added}, owners, folded.base_size)

    @cached_property
    def _translations(self) -> Mapping[DocumentKey, Mapping[Path, Leaf]]:
        found: dict[DocumentKey, dict[Path, Leaf]] = defaultdict(dict)
        for name in self.ids("translation"):
            body = Body.of(
                resolve((n, s.ops) for n, s in self._shares[DocumentKey("translation", name)])
            )
            for path, text in flatten(body.raw("texts")):
                found[DocumentKey(path[0], path[1])][(*path[2:], body.text("language"))] = text
        return found

    def _build(self, key: DocumentKey, make: Callable[[str, Body], T]) -> T:
        found = self._built.get(key)
        if found is not None:
            return cast(T, found[1])
        signature = (
            *(stored.hash for _, stored in self.shares(key)),
            *sorted(self.release.disabled),
            *map(str, self._translations.get(key, {}).items()),
        )
        before = self._before.get(key)
        if before is not None and before[0] == signature:
            self._built[key] = before
            return cast(T, before[1])
        built = make(key.id, Body.of(self.resolved(key)))
        self._built[key] = (signature, built)
        return built

    # --- typed access, one method a kind -------------------------------------------------------

    def entity(self, name: str) -> EntityDef:
        """Answer an entity, with what its fields take from other documents. Raises NotFound."""
        found = self._entities.get(name)
        if found is None:
            plain = self.plain_entity(name)
            found = self._complete(plain) if needs_completion(plain) else plain
            self._entities[name] = found
        return found

    def plain_entity(self, name: str) -> EntityDef:
        """Answer an entity as its own document says it, disabled plugins silenced.

        Raises NotFound.
        """
        key, disabled = DocumentKey("entity", name), self.release.disabled
        if not disabled:
            return self._build(key, build_entity)
        owners = self.resolved(key).owners
        return self._build(key, lambda one, body: inert(build_entity(one, body), owners, disabled))

    def _complete(self, plain: EntityDef) -> EntityDef:
        """Answer an entity completed; taken over where nothing that it is made from changed."""
        sources = sources_of(plain, self)
        held = self._completed.get(plain.id)
        if held is None or held[0] != sources:
            held = self._completed[plain.id] = (sources, completed(plain, sources))
        return held[1]

    def tag_group(self, name: str) -> TagGroup:
        """Answer a tag group. Raises NotFound."""
        return self._build(DocumentKey("tag_group", name), build_tag_group)

    def entities(self) -> Iterable[EntityDef]:
        """Answer every entity."""
        return [self.entity(name) for name in self.ids("entity")]

    def numbering(self, name: str) -> NumberingDef:
        """Answer a numbering. Raises NotFound."""
        return self._build(DocumentKey("numbering", name), build_numbering)

    def role(self, name: str) -> RoleDef:
        """Answer a role. Raises NotFound."""
        return self._build(DocumentKey("role", name), build_role)

    def roles(self) -> list[RoleDef]:
        """Answer every role that no disabled plugin declares."""
        return [self.role(name) for name in self.active_ids("role")]

    def active_ids(self, kind: str) -> tuple[str, ...]:
        """Answer the ids of the documents of a kind, those of disabled plugins left out."""
        disabled = self.release.disabled
        found = self.ids(kind)
        if not disabled:
            return found
        return tuple(
            one for one in found if self._shares[DocumentKey(kind, one)][0][0] not in disabled
        )

    def calendar(self, name: str) -> WorkingCalendar:
        """Answer a working calendar; its zone is empty where none is written. Raises NotFound."""
        return self._build(DocumentKey("calendar", name), build_calendar)

    def clock(self, name: str) -> ClockDef:
        """Answer a clock. Raises NotFound."""
        return self._build(DocumentKey("clock", name), build_clock)

    @cached_property
    def clocks(self) -> Mapping[str, tuple[ClockDef, ...]]:
        """For each entity that has any, its clocks."""
        found: dict[str, list[ClockDef]] = defaultdict(list)
        for name in self.ids("clock"):
            clock = self.clock(name)
            found[clock.entity].append(clock)
        return {entity: tuple(clocks) for entity, clocks in found.items()}

    def approval(self, name: str) -> ApprovalDef:
        """Answer an approval. Raises NotFound."""
        return self._build(DocumentKey("approval", name), build_approval)

    @cached_property
    def approvals(self) -> Mapping[str, tuple[ApprovalDef, ...]]:
        """For each entity that has any, its approvals, those of disabled plugins left out."""
        found: dict[str, list[ApprovalDef]] = defaultdict(list)
        for name in self.active_ids("approval"):
            approval = self.approval(name)
            found[approval.entity].append(approval)
        return {entity: tuple(approvals) for entity, approvals in found.items()}

    def conversion(self, name: str) -> ConversionDef:
        """Answer a conversion, without what disabled plugins add to it. Raises NotFound."""
        key = DocumentKey("conversion", name)
        return self._build(key, lambda one, _: build_conversion(one, self._spoken(key)))

    @cached_property
    def conversions(self) -> Mapping[str, tuple[ConversionDef, ...]]:
        """For each entity that has any, what its records can be converted by, in order."""
        found: dict[str, list[ConversionDef]] = defaultdict(list)
        for one in map(self.conversion, self.active_ids("conversion")):
            found[one.source].append(one)
        return {entity: tuple(sorted(some, key=_place)) for entity, some in found.items()}

    def journey(self, name: str) -> JourneyDef:
        """Answer a journey, without the stations of disabled plugins. Raises NotFound."""
        key = DocumentKey("journey", name)
        return self._build(key, lambda one, _: build_journey(one, self._spoken(key)))

    @cached_property
    def journeys(self) -> tuple[JourneyDef, ...]:
        """Every journey, in order."""
        return tuple(sorted(map(self.journey, self.active_ids("journey")), key=_place))

    def pipeline(self, name: str) -> PipelineDef:
        """Answer a pipeline, without what disabled plugins add to it. Raises NotFound."""
        key = DocumentKey("pipeline", name)
        return self._build(key, lambda one, _: build_pipeline(one, self._spoken(key)))

    @cached_property
    def pipelines(self) -> Mapping[str, Mapping[str, tuple[PipelineDef, ...]]]:
        """For each entity that has any, its pipelines by the field they are over, in order."""
        found: dict[str, list[PipelineDef]] = defaultdict(list)
        for one in map(self.pipeline, self.active_ids("pipeline")):
            found[one.entity].append(one)
        return {entity: by_field(pipelines) for entity, pipelines in found.items()}

    def _spoken(self, key: DocumentKey) -> Body:
        """Answer a document's body, disabled plugins silenced."""
        return Body.of(spoken(self.resolved(key), self.release.disabled))

    def duplicate_rule(self, name: str) -> DuplicateRuleDef:
        """Answer a duplicate rule, without what disabled plugins add to it. Raises NotFound."""
        key = DocumentKey("duplicate_rule", name)
        return self._build(key, lambda one, _: build_duplicate_rule(one, self._spoken(key)))

    @cached_property
    def duplicate_rules(self) -> tuple[DuplicateRuleDef, ...]:
        """Every duplicate rule that no disabled plugin declares."""
        return tuple(map(self.duplicate_rule, self.active_ids("duplicate_rule")))

    def seeds(self) -> list[SeedDef]:
        """Answer every seed in the order it is loaded."""
        found = [self._build(DocumentKey("seed", name), build_seed) for name in self.ids("seed")]
        return sorted(found, key=lambda seed: seed.pos)

    @cached_property
    def _forms(self) -> Mapping[str, list[FormDef]]:
        forms: dict[str, list[FormDef]] = defaultdict(list)
        for name in self.ids("form"):
            form = self._build(DocumentKey("form", name), build_form)
            forms[form.entity].append(form)
        return forms

    def form_for(self, name: str, use: str) -> FormDef:
        """Answer a form by id that is of a use. Raises NotFound, also for a disabled plugin's."""
        if name in self.active_ids("form"):
            form = self._build(DocumentKey("form", name), build_form)
            if use in form.use:
                return form
        raise self.missing("form", name)

    @cached_property
    def _views(self) -> Mapping[str, list[ViewDef]]:
        views: dict[str, list[ViewDef]] = defaultdict(list)
        for name in self.ids("view"):
            view = self._build(DocumentKey("view", name), build_view)
            views[view.entity].append(view)
        return {
            entity: sorted(found, key=lambda view: (not view.default, view.pos))
            for entity, found in views.items()
        }

    def form(self, entity: str, use: str) -> FormDef:
        """Answer the form of an entity for a use; a plain one where none is designed."""
        forms = self._forms.get(entity, [])
        fitting = [form for form in forms if use in form.use] or forms
        return fitting[0] if fitting else plain_form(self.entity(entity))

    def views(self, entity: str) -> list[ViewDef]:
        """Answer the views of an entity, the default first; a plain one where none is designed."""
        visible = [view for view in self._views.get(entity, []) if not view.hidden]
        return visible or [plain_view(self.entity(entity))]

    def view(self, entity: str, name: str = "") -> ViewDef:
        """Answer a view by id, or the default one. Raises NotFound."""
        for view in (*self._views.get(entity, ()), *self.views(entity)):
            if name in {"", view.id}:
                return view if name else self.views(entity)[0]
        raise self.missing("view", name)

    @cached_property
    def menu(self) -> Menu:
        """The main menu; empty where no layer declares one."""
        if not self.has("menu", "main"):
            return Menu(groups={}, items=())
        resolved = self.resolved(DocumentKey("menu", "main"))
        return active_items(build_menu(Body.of(resolved)), resolved.owners, self.release.disabled)

    @cached_property
    def incoming(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """For each entity, the (entity, field) pairs that link to it, masked ones left out."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for entity in self.entities():
            for link in (one for one in entity.links if not one.masked):
                found[link.to].append((entity.id, link.id))
        return {target: tuple(pairs) for target, pairs in found.items()}


def _place(one: ConversionDef | JourneyDef) -> float:
    return one.pos
