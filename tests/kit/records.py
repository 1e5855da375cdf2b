"""Every record of a site in JSON form, binned ones too."""

import sqlalchemy as sa

from loopline.bootstrap import Platform
from loopline.store.rows import fetch

Records = dict[str, dict[str, dict[str, object]]]


def all_records(platform: Platform) -> Records:
    """Answer, by entity and id, the values of each record."""
    with platform.read() as ctx:
        found: Records = {}
        for entity in ctx.catalog.ids("entity"):
            one = ctx.snapshot.table(entity)
            ids = list(ctx.connection.execute(sa.select(one.table.c.id)).scalars())
            found[entity] = {
                str(record.id): {
                    "deleted": record.deleted_at is not None,
                    "version": record.version,
                    **{
                        name: one.fields[name].type.to_json(one.fields[name].definition, value)
                        for name, value in record.values.items()
                        if value is not None
                    },
                }
                for record in fetch(ctx.connection, one, ids).values()
            }
    return found
