"""Drafts: layers that were planned and may be published under the plan's hash."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import orjson
import sqlalchemy as sa

from loopline.meta.document import DocumentKey
from loopline.meta.release import Layer, StoredDocument
from loopline.store.system import metadata
from loopline.store.types import BIG, TEXT, Moment

draft = sa.Table(
    "ll_draft",
    metadata,
    sa.Column("plan", TEXT, primary_key=True),
    sa.Column("layers", TEXT, nullable=False),
    sa.Column("created_by", BIG),
    sa.Column("created_at", Moment(), nullable=False),
)
_KEPT_FOR: Final = timedelta(days=7)


def keep_draft(
    connection: sa.Connection, plan: str, layers: Sequence[Layer], actor: int | None, now: datetime
) -> None:
    """Keep the edited layers of a plan for a week."""
    content = [
        {
            "name": layer.name,
            "kind": layer.kind,
            "version": layer.version,
            "about": layer.about,
            "documents": {str(key): one.text.decode() for key, one in layer.documents.items()},
        }
        for layer in layers
    ]
    outdated = (draft.c.created_at < now - _KEPT_FOR) | (draft.c.plan == plan)
    connection.execute(draft.delete().where(outdated))
    text = orjson.dumps(content).decode()
    connection.execute(
        draft.insert().values(plan=plan, layers=text, created_by=actor, created_at=now)
    )


def read_draft(connection: sa.Connection, plan: str) -> list[Layer] | None:
    """Answer the edited layers of a plan, if it is kept."""
    text = connection.execute(sa.select(draft.c.layers).where(draft.c.plan == plan)).scalar()
    if text is None:
        return None
    return [
        Layer(
            name=entry["name"],
            kind=entry["kind"],
            version=entry["version"],
            about=entry.get("about", {}),
            documents={
                DocumentKey(*key.split("/", 1)): StoredDocument(one.encode())
                for key, one in entry["documents"].items()
            },
        )
        for entry in orjson.loads(text)
    ]
