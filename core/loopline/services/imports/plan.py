"""What an import will do with each column, settled before the first row is read."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from loopline.access.context import Context
from loopline.errors import NotFound, NotValid, Problem
from loopline.language import LANGUAGES, Messages, readable
from loopline.services.imports.request import ImportOptions, OnMatch, noted
from loopline.services.mapping.file import MappingFile, dump_mapping, load_mapping
from loopline.services.mapping.heading import heading_key
from loopline.services.mapping.linked import linked_entities
from loopline.services.mapping.match import match_headings
from loopline.services.mapping.result import HeadingMapping, How, Matched
from loopline.services.tabular.table import Table
from loopline.store import imports as store

ERROR_HEADINGS: Final = ("import.row_heading", "import.column_heading", "import.reason_heading")
_SET_BY_KERNEL: Final = frozenset({"created_by", "updated_at", "updated_by"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """The columns that are read, and how rows find their records.

    ``key`` is empty where every row is a new record, ``mine`` makes those without an owner the
    importer's own. ``mapping`` is what a person said about the
    file, now or (``from_memory``) at an earlier import with the same headings.
    """

    entity: str
    headings: tuple[str, ...]
    columns: tuple[Matched, ...]
    blank: tuple[str, ...] = ()
    constants: Mapping[str, object]
    key: str
    on_match: OnMatch
    unmatched: tuple[Problem, ...]
    ignored: tuple[Problem, ...]
    mapping: MappingFile | None
    from_memory: bool
    mine: bool = False

    def heading_of(self, field: str) -> str:
        """Answer the heading of the column that fills a field, empty if none does."""
        return next((one.heading for one in self.columns if one.field == field), "")

    def proposal(self) -> str:
        """Answer the mapping file that says what was understood, to be mended and used again.

        Columns that nobody could place are ignored in it.
        """
        left_out = (str(one.params["column"]) for one in (*self.unmatched, *self.ignored))
        rules = self.mapping or MappingFile(entity=self.entity)
        columns = {one.heading: one.rule for one in self.columns}
        ignored = tuple(one for one in dict.fromkeys(left_out) if one not in columns)
        return dump_mapping(replace(rules, columns=columns, ignore=ignored))

    def notes(self) -> dict[str, object]:
        """Answer what a report says of the columns."""
        return {
            "matched": [[one.heading, one.field, one.by] for one in self.columns],
            "unmatched": [noted(one) for one in self.unmatched],
            "ignored": [noted(one) for one in self.ignored],
            "from_memory": self.from_memory,
            "mapping": self.proposal(),
        }


def mapping_of(options: ImportOptions, entity: str) -> MappingFile | None:
    """Answer the mapping that came with the request. Raises NotValid, also for another entity."""
    if not options.mapping:
        return None
    mapping = load_mapping(options.mapping)
    if mapping.entity != entity:
        told = {"entity": mapping.entity, "wanted": entity}
        raise NotValid(Problem("mapping.yaml entity", "import.mapping_entity", told))
    return mapping


def make_plan(ctx: Context, entity: str, table: Table, options: ImportOptions) -> Plan:
    """Match the columns of a table.

    Raises NotValid when no column fits, two columns of the mapping fill one field, a column or
    field it names is not there, or the key has no column.
    """
    mapping, definition = mapping_of(options, entity), ctx.catalog.entity(entity)
    found = _match(ctx, entity, table, mapping)
    remembered = None
    if mapping is None:
        remembered = _remembered(ctx, entity, table)
        if remembered is not None:
            found = _match(ctx, entity, table, remembered)
    rules = mapping or remembered
    constants = dict(rules.constants) if rules else {}
    left = {*constants, *not_filled(ctx, entity)}
    columns = tuple(one for one in found.matched if one.field not in left)
    problems = [*found.problems, *_clashes(found, constants)]
    if not problems and not any(one.field != "created_at" for one in columns):
        problems = [
            Problem(one.reason.path, one.reason.code, one.reason.params) for one in found.unmatched
        ]
        raise NotValid(*problems, code="import.nothing_matches", file=table.name)
    key = _key(options, columns, constants, problems)
    if problems:
        raise NotValid(*problems, code="import.mapping", file=table.name)
    known = _added_keys(ctx.messages)
    return Plan(
        entity=entity,
        headings=table.headings,
        columns=columns,
        blank=rules.blank if rules else (),
        constants=constants,
        key=key,
        on_match=options.on_match or "update",
        unmatched=tuple(
            one.reason for one in found.unmatched if heading_key(one.heading).full not in known
        ),
        ignored=(
            *(_ignored("import.column_ignored", one) for one in found.ignored),
            *(_not_read(ctx, entity, one, constants) for one in found.matched if one.field in left),
        ),
        mapping=rules,
        from_memory=remembered is not None,
        mine=options.mine and definition.traits.owned,
    )


def _not_read(ctx: Context, entity: str, one: Matched, constants: Mapping[str, object]) -> Problem:
    """Answer why a column whose field is known is left out all the same."""
    field = ctx.catalog.entity(entity).fields.get(one.field)
    label = field.label if field and field.label else readable(one.field)
    code = "import.column_constant" if one.field in constants else "import.column_kept"
    return _ignored(code, one.heading, field=one.field, label=label)


def _ignored(code: str, heading: str, **told: object) -> Problem:
    return Problem(f"columns.{heading}", code, {"column": heading, **told})


def not_filled(ctx: Context, entity: str) -> set[str]:
    """Answer what a row of a file cannot fill: computed, kept elsewhere, or the kernel's."""
    definition = ctx.catalog.entity(entity)
    elsewhere = definition.fields.keys() - ctx.snapshot.table(entity).fields.keys()
    return elsewhere | definition.computed | _SET_BY_KERNEL


def error_headings(messages: Messages) -> frozenset[str]:
    """Answer the headings an error file adds, in every language."""
    return frozenset(messages.say(key, one) for key in ERROR_HEADINGS for one in LANGUAGES)


def _added_keys(messages: Messages) -> frozenset[str]:
    return frozenset(heading_key(text).full for text in error_headings(messages))


def _match(ctx: Context, entity: str, table: Table, mapping: MappingFile | None) -> HeadingMapping:
    definition = ctx.catalog.entity(entity)
    linked = linked_entities(ctx.catalog, definition)
    return match_headings(table.headings, definition, linked=linked, rules=mapping)


def _clashes(found: HeadingMapping, constants: Mapping[str, object]) -> Iterator[Problem]:
    """Yield the rules of a mapping that fill one field twice; likenesses are merely left out."""
    by_rule = {one.field: one for one in found.matched if one.how == How.FILE}
    for one in found.unmatched:
        if one.reason.code == "mapping.clash" and one.reason.params["field"] in by_rule:
            yield one.reason
    for field in constants:
        if field in by_rule:
            told = {"column": by_rule[field].heading, "field": field}
            yield Problem(f"constants.{field}", "import.constant_clash", told)


def _key(
    options: ImportOptions,
    columns: tuple[Matched, ...],
    constants: Mapping[str, object],
    problems: list[Problem],
) -> str:
    filled = {one.field for one in columns}
    if not options.key:
        return "id" if "id" in filled else ""
    if options.key not in filled and options.key not in constants:
        problems.append(Problem("key", "import.key_without_column", {"field": options.key}))
    return options.key


def header_signature(headings: tuple[str, ...]) -> str:
    """Answer the hash under which the mapping of a header row is remembered."""
    return hashlib.sha256("\x1f".join(headings).encode()).hexdigest()


def remember(ctx: Context, plan: Plan) -> None:
    """Keep a mapping that worked. Constants belong to one file and are not kept."""
    if plan.mapping is not None and not plan.from_memory:
        text = dump_mapping(replace(plan.mapping, constants={}))
        signature = _signature(ctx, plan.headings)
        store.remember_mapping(ctx.connection, plan.entity, signature, text, ctx.now)


def _signature(ctx: Context, headings: Sequence[str]) -> str:
    """Answer what a mapping is remembered by; a file of refused rows has that of its original."""
    added = _added_keys(ctx.messages)
    return header_signature(tuple(one for one in headings if heading_key(one).full not in added))


def _remembered(ctx: Context, entity: str, table: Table) -> MappingFile | None:
    """Answer the mapping remembered for this header row, if the entity still has its fields."""
    text = store.remembered_mapping(ctx.connection, entity, _signature(ctx, table.headings))
    if text is None:
        return None
    mapping = load_mapping(text)
    try:
        usable = not _match(ctx, entity, table, mapping).problems
    except NotFound:
        usable = False
    return mapping if usable else None
