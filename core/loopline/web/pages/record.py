"""The record page: what it is, what happened to it, what belongs to it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from loopline.access.context import Context
from loopline.fields.definition import FieldDef
from loopline.meta.entities import EntityDef
from loopline.meta.screens import FormField, Section
from loopline.services import records
from loopline.services.naming import Names, names_for
from loopline.services.permits import may
from loopline.services.timeline import Entry as Change
from loopline.services.timeline import Timeline, timeline
from loopline.services.titles import titles
from loopline.store.rows import Record
from loopline.web.contexts.cells import Cell
from loopline.web.contexts.lists import Tab
from loopline.web.contexts.records import (
    Acts,
    Day,
    Diff,
    Entry,
    Fact,
    FactSection,
    RecordContext,
    Story,
)
from loopline.web.contexts.shell import Crumb, NavItem
from loopline.web.pages.acting import offers
from loopline.web.pages.called import Called, called_in
from loopline.web.pages.cells import record_cell, text_of, when
from loopline.web.pages.clock_cards import clock_cards
from loopline.web.pages.comment_parts import comment_shown, composer
from loopline.web.pages.dispatch import PageRequest, Reply, Show
from loopline.web.pages.form_inputs import holds
from loopline.web.pages.headings import heading
from loopline.web.pages.line_cells import lines_cell, sums_of_lines
from loopline.web.pages.list_state import ListState, address, carried
from loopline.web.pages.listing import known_entity
from loopline.web.pages.metro import record_metros
from loopline.web.pages.neighbours import neighbours
from loopline.web.pages.numbers import record_number
from loopline.web.pages.panels import side_panels
from loopline.web.pages.phrases import in_phrase
from loopline.web.pages.plurals import plural_of
from loopline.web.pages.primary import primary_act
from loopline.web.pages.related import Relation, made_here, related_panels, related_table, relations
from loopline.web.pages.request_cards import record_requests
from loopline.web.pages.shell import Place, entity_href, shell
from loopline.web.pages.stage_path import stage_paths

_ICONS: Final = {
    "comment": "chat",
    "convert": "right",
    "converted": "right",
    "create": "plus",
    "delete": "trash",
    "restore": "undo",
    "reveal": "eye",
    "update": "edit",
}
_CALLED: Final = frozenset({"choice", "link", "any_link"})
"""Types of titles that stand for words."""
_TIMELINE: Final = "timeline"
_USUAL: Final = frozenset({"page", "seed"})
"""Doors that a timeline does not name; the audit names each."""
_OF_ITSELF: Final = frozenset(
    f"approval_{one}" for one in ("approved", "rejected", "voided", "stuck", "overdue", "escalate")
)
_SYSTEM: Final = ("created_at", "created_by", "updated_at", "updated_by")


def record_title(ctx: Context, record: Record) -> str:
    """Answer what a record is called."""
    entity = ctx.catalog.entity(record.entity)
    value, field = record.value(entity.title_field), entity.fields.get(entity.title_field)
    if field is not None and field.type in _CALLED:
        return titles(ctx, record.entity, [record.id]).get(record.id, f"#{record.id}")
    return str(value) if value is not None else f"#{record.id}"


def show_record(ctx: Context, asked: PageRequest) -> Reply:
    """Answer the page of a record, one in the bin too."""
    entity = known_entity(ctx, asked.path["entity"])
    record = records.get(ctx, entity.id, asked.record_id, deleted=True)
    fields = [*entity.fields.values(), *(entity.system[name] for name in _SYSTEM)]
    names = names_for(ctx, [record], fields)
    found = relations(ctx, entity, record)
    title = record_title(ctx, record)
    base = entity_href(entity.id)
    listed = ListState.behind(base, asked.query).href
    crumbs = (
        Crumb(label=plural_of(ctx, entity).to(ctx.actor.language), href=listed),
        Crumb(label=title),
    )
    before, after = neighbours(ctx, entity, record, asked.query)
    acts, paths = _acts(ctx, asked, record, found), stage_paths(ctx, record)
    requests = record_requests(ctx, record) if record.deleted_at is None else ()
    context = RecordContext(
        shell=shell(ctx, asked, Place(title=title, entity=entity.id, crumbs=crumbs)),
        heading=heading(ctx, record, names, title, requests),
        acts=acts,
        primary=primary_act(acts, paths, requests),
        sections=_sections(ctx, entity, record, names),
        system=_system(ctx, entity, record, names),
        story=_story(ctx, asked, record, found),
        related=related_panels(ctx, found) if record.deleted_at is None else (),
        metros=record_metros(ctx, record) if record.deleted_at is None else (),
        paths=paths,
        clocks=clock_cards(ctx, record) if record.deleted_at is None else (),
        requests=requests,
        panels=side_panels(ctx, record) if record.deleted_at is None else (),
        previous=before,
        next=after,
        deleted=_deleted(ctx, record),
    )
    return Show(context=context)


def _acts(ctx: Context, asked: PageRequest, record: Record, found: Sequence[Relation]) -> Acts:
    base = f"{entity_href(record.entity)}/{record.id}"
    if record.deleted_at is not None:
        return Acts(restore_action=f"{base}/restore" if may(ctx, record, "delete") else "")
    kept = carried(asked.query)
    language, say = ctx.actor.language, ctx.messages.say
    create = tuple(
        NavItem(
            label=say("ui.record.add", language, entity=in_phrase(entity.label, language)),
            href=href,
            line=entity.line,
        )
        for entity, href in made_here(ctx, record, found)
    )
    if not ctx.catalog.entity(record.entity).traits.changed_by_hand:
        return Acts(create=create, offers=offers(ctx, record))
    return Acts(
        edit_href=address(f"{base}/edit", kept) if may(ctx, record, "update") else "",
        delete_action=address(f"{base}/delete", kept) if may(ctx, record, "delete") else "",
        create=create,
        offers=offers(ctx, record),
    )


def _sections(
    ctx: Context, entity: EntityDef, record: Record, names: Names
) -> tuple[FactSection, ...]:
    """Answer the fields by the form's sections; those on no form come last, if filled.

    Blank ones that the form would not show either are left out.
    """
    form = ctx.catalog.form(entity.id, "edit")
    language = ctx.actor.language
    placed = set(form.fields) | sums_of_lines(ctx, entity, form.fields)
    sections = []
    for section in form.sections:
        fields = [
            entity.fields[one.field]
            for one in section.fields
            if one.field in entity.fields and _tells(ctx, entity, record, section, one)
        ]
        facts = _facts(ctx, entity, record, names, fields)
        label = section.label.to(language) if len(form.sections) > 1 else ""
        if facts:
            sections.append(FactSection(label=label, facts=facts))
    others = [
        one
        for one in entity.fields.values()
        if one.id not in placed and not one.hidden and record.values.get(one.id) is not None
    ]
    rest = _facts(ctx, entity, record, names, others)
    return (*sections, FactSection(label="", facts=rest)) if rest else tuple(sections)


def _tells(
    ctx: Context, entity: EntityDef, record: Record, section: Section, one: FormField
) -> bool:
    return record.values.get(one.field) is not None or all(
        holds(ctx, entity, text, record.values) for text in (section.show_if, one.show_if)
    )


def _facts(
    ctx: Context, entity: EntityDef, record: Record, names: Names, fields: Sequence[FieldDef]
) -> tuple[Fact, ...]:
    shows = any(one.masked for one in fields) and may(ctx, record, "reveal")

    def drawn(field: FieldDef) -> Cell:
        if field.type == "lines":
            return lines_cell(ctx, field, record, names)
        found = record_cell(ctx, field, record, names, entity.line)
        if not (shows and found.kind == "masked"):
            return found
        return replace(found, reveal=reveal_address(record.entity, record.id, field.id))

    return tuple(
        Fact(label=field.label.to(ctx.actor.language), value=drawn(field)) for field in fields
    )


def reveal_address(entity: str, record_id: int, field: str) -> str:
    """Answer where showing a masked value is posted."""
    return f"{entity_href(entity)}/{record_id}/reveal/{quote(field)}"


def _system(ctx: Context, entity: EntityDef, record: Record, names: Names) -> FactSection:
    say, language = ctx.messages.say, ctx.actor.language
    facts = []
    for name in _SYSTEM:
        field = entity.system[name]
        value = record_cell(ctx, field, record, names, "")
        if record.value(name) is None:
            value = Cell(text=say("ui.system", language))
        facts.append(Fact(label=field.label.to(language), value=value))
    return FactSection(label=say("ui.record.system", language), facts=tuple(facts))


def _deleted(ctx: Context, record: Record) -> str:
    if record.deleted_at is None:
        return ""
    say, language = ctx.messages.say, ctx.actor.language
    by = record.updated_by
    who = titles(ctx, "user", {by}).get(by) if by else None
    return say(
        "ui.record.deleted",
        language,
        who=who or say("ui.system", language),
        when=when(ctx, record.deleted_at),
    )


def _story(ctx: Context, asked: PageRequest, record: Record, found: Sequence[Relation]) -> Story:
    tab = asked.query.get("tab", "")
    chosen = next((one for one in found if one.id == tab), None)
    base = f"{entity_href(record.entity)}/{record.id}"
    kept = carried(asked.query)
    say, language = ctx.messages.say, ctx.actor.language
    tabs = (
        Tab(
            label=say("ui.record.timeline", language),
            href=address(base, [*kept, ("tab", _TIMELINE)]),
            current=chosen is None,
        ),
        *(
            Tab(
                label=one.label,
                href=address(base, [*kept, ("tab", one.id)]),
                current=one is chosen,
                count=one.count,
            )
            for one in found
        ),
    )
    facts = address(base, kept)
    if chosen is not None:
        table = related_table(ctx, chosen)
        return Story(
            tabs=tabs, facts_href=facts, chosen=True, table=table, all_href=chosen.all_href
        )
    before = record_number(asked.query.get("before", ""))
    history = timeline(ctx, record.entity, record.id, before=before)
    earlier = [*kept, ("tab", _TIMELINE), ("before", str(history.next))]
    return Story(
        tabs=tabs,
        facts_href=facts,
        chosen=tab == _TIMELINE,
        days=_days(ctx, record, history),
        composer=composer(ctx, record) if before is None else None,
        more_href=address(base, earlier) if history.next else "",
    )


def _days(ctx: Context, record: Record, history: Timeline) -> tuple[Day, ...]:
    zone = ZoneInfo(ctx.locale.zone)
    today = ctx.now.astimezone(zone).date()
    called = _called(ctx, history)
    known = {**called.titles, **history.titles}
    names = Names(titles=known, regions=called.regions, files=called.files)

    def day_of(change: Change) -> date:
        return change.at.astimezone(zone).date()

    return tuple(
        Day(
            label=_day_label(ctx, day, today),
            entries=tuple(_entry(ctx, record, one, names, zone) for one in changes),
        )
        for day, changes in groupby(history.entries, key=day_of)
    )


def _called(ctx: Context, history: Timeline) -> Called:
    """Answer what changed values are called, beside what the timeline tells of links itself."""
    pairs = (
        (change.field, value)
        for entry in history.entries
        for change in entry.changes
        for value in (change.old, change.new)
        if not (change.field.to or change.field.masked)
    )
    return called_in(ctx, pairs)


def _led(ctx: Context, names: Names, entity: str, number: int) -> NavItem:
    """Answer a record that this one became, or came from."""
    seen = ctx.catalog.has("entity", entity)
    label = ctx.catalog.entity(entity).label.to(ctx.actor.language) if seen else ""
    title = f"{label} {names.title(entity, number)}".strip()
    return NavItem(label=title, href=f"{entity_href(entity)}/{number}" if seen else "")


def _day_label(ctx: Context, day: date, today: date) -> str:
    ago = (today - day).days
    say, language = ctx.messages.say, ctx.actor.language
    if ago in {0, 1}:
        return say("ui.today" if ago == 0 else "ui.yesterday", language)
    return f"{day:%m-%d}" if day.year == today.year else f"{day:%Y-%m-%d}"


def _about(change: Change) -> tuple[tuple[str, int], ...]:
    """Answer the other record that an entry is about, if it is."""
    return () if change.about is None else (change.about,)


def _told(change: Change) -> str:
    """Answer the key of what was done: shorter for another record, which is named after it.

    What an approval came to by itself is told of the approval.
    """
    if change.actor is None and change.actor_name and change.action in _OF_ITSELF:
        return f"ui.timeline.itself.{change.action}"
    made = change.about is not None and change.action == "create"
    return "ui.timeline.create_other" if made else f"ui.timeline.{change.action}"


def _entry(ctx: Context, record: Record, change: Change, names: Names, zone: ZoneInfo) -> Entry:
    say, language = ctx.messages.say, ctx.actor.language
    local: datetime = change.at.astimezone(zone)
    made = change.action == "create"
    return Entry(
        who=change.actor_name or say("ui.system", language),
        action=say(_told(change), language),
        icon=_ICONS.get(change.action, "edit"),
        time=f"{local:%H:%M}",
        machine=local.isoformat(),
        via="" if change.via in _USUAL else say(f"ui.via.{change.via}", language),
        note=change.note,
        comment=comment_shown(record, change.comment) if change.comment else None,
        records=tuple(_led(ctx, names, *one) for one in (*_about(change), *change.records)),
        diffs=()
        if made
        else tuple(
            Diff(
                label=one.field.label.to(language),
                old=text_of(ctx, one.field, one.old, names),
                new=text_of(ctx, one.field, one.new, names),
            )
            for one in change.changes
        ),
    )
