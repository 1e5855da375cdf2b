"""Which tags of which records were given by rules; all others were given by hand."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from loopline.store.system import metadata
from loopline.store.types import BIG, TEXT

rule_tag = sa.Table(
    "ll_rule_tag",
    metadata,
    sa.Column("entity", TEXT, primary_key=True),
    sa.Column("field", TEXT, primary_key=True),
    sa.Column("rule", TEXT, primary_key=True),
    sa.Column("record", BIG, primary_key=True, autoincrement=False),
    sa.Column("tag", TEXT, nullable=False),
    sa.Index("ix_ll_rule_tag_record", "entity", "field", "tag", "record"),
)
_CHUNK: Final = 500


def add_rule_tags(
    connection: sa.Connection, given: Mapping[str, str], ids: Collection[int]
) -> None:
    """Note that a rule gave its tag to records; ``given`` is entity, field, tag and rule."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    rows = [{**given, "record": record} for record in sorted(ids)]
    for start in range(0, len(rows), _CHUNK):
        added = make(rule_tag).on_conflict_do_nothing()
        connection.execute(added, rows[start : start + _CHUNK])


def drop_rule_tags(connection: sa.Connection, entity: str, rule: str, ids: Sequence[int]) -> None:
    """Forget that a rule gave its tag to records."""
    mine = (rule_tag.c.entity == entity) & (rule_tag.c.rule == rule)
    for start in range(0, len(ids), _CHUNK):
        some = rule_tag.c.record.in_(ids[start : start + _CHUNK])
        connection.execute(rule_tag.delete().where(mine, some))
