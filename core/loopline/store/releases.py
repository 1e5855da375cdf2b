"""Releases in the database: manifests, documents by hash, and the head.

A release row names, for each layer, its documents by hash; the documents stand once each, however
many releases hold them. The head is one row: the revision every transaction reads first.
"""

from collections.abc import Mapping
from typing import Any

import orjson
import sqlalchemy as sa

from loopline.meta.document import DocumentKey
from loopline.meta.release import Layer, Release, StoredDocument
from loopline.store.system import metadata
from loopline.store.types import BIG, TEXT, Moment

release = sa.Table(
    "ll_release",
    metadata,
    sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("published_at", Moment(), nullable=False),
    sa.Column("published_by", BIG),
    sa.Column("note", TEXT, nullable=False),
    sa.Column("plan", TEXT, nullable=False),
    sa.Column("manifest", TEXT, nullable=False),
)
document = sa.Table(
    "ll_document",
    metadata,
    sa.Column("hash", TEXT, primary_key=True),
    sa.Column("content", TEXT, nullable=False),
)
head = sa.Table(
    "ll_head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("revision", sa.Integer, nullable=False),
)

_READ_HEAD = sa.select(head.c.revision)


def head_revision(connection: sa.Connection) -> int:
    """Answer the revision that is served; 0 before the first release."""
    return connection.execute(_READ_HEAD).scalar() or 0


def lock_head(connection: sa.Connection) -> int:
    """Answer the revision and keep other publishers out until this transaction ends."""
    if connection.dialect.name == "postgresql":
        return connection.execute(_READ_HEAD.with_for_update()).scalar() or 0
    return head_revision(connection)  # BEGIN IMMEDIATE already keeps others out


def load_release(
    connection: sa.Connection,
    revision: int,
    known: Mapping[str, StoredDocument] | None = None,
) -> Release:
    """Read a release; documents already ``known`` by hash are not read again."""
    row = connection.execute(sa.select(release).where(release.c.revision == revision)).one()
    manifest: list[dict[str, Any]] = orjson.loads(row.manifest)
    have = dict(known or {})
    wanted = {digest for layer in manifest for digest in layer["documents"].values()}
    have |= _documents(connection, wanted - have.keys())
    return Release(
        revision=revision,
        layers=tuple(_layer(entry, have) for entry in manifest),
        published_at=row.published_at,
        published_by=row.published_by,
        note=row.note,
    )


def _documents(connection: sa.Connection, hashes: set[str]) -> dict[str, StoredDocument]:
    found: dict[str, StoredDocument] = {}
    ordered = sorted(hashes)
    for start in range(0, len(ordered), 500):
        some = ordered[start : start + 500]
        rows = connection.execute(sa.select(document).where(document.c.hash.in_(some)))
        found |= {row.hash: StoredDocument(row.content.encode(), row.hash) for row in rows}
    return found


def _layer(entry: Mapping[str, Any], have: Mapping[str, StoredDocument]) -> Layer:
    documents = {
        DocumentKey(*key.split("/", 1)): have[digest] for key, digest in entry["documents"].items()
    }
    return Layer(
        name=entry["name"],
        kind=entry["kind"],
        version=entry["version"],
        about=entry.get("about", {}),
        enabled=entry.get("enabled", True),
        documents=documents,
    )


def insert_release(connection: sa.Connection, new: Release, plan: str) -> None:
    """Write a release and the documents that no release before it held."""
    stored = {s.hash: s for layer in new.layers for s in layer.documents.values()}
    known = set(_present(connection, sorted(stored)))
    rows = [{"hash": h, "content": s.text.decode()} for h, s in stored.items() if h not in known]
    if rows:
        connection.execute(document.insert(), rows)
    manifest = [
        {
            "name": layer.name,
            "kind": layer.kind,
            "version": layer.version,
            "about": layer.about,
            "enabled": layer.enabled,
            "documents": {str(key): one.hash for key, one in layer.documents.items()},
        }
        for layer in new.layers
    ]
    connection.execute(
        release.insert().values(
            revision=new.revision,
            published_at=new.published_at,
            published_by=new.published_by,
            note=new.note,
            plan=plan,
            manifest=orjson.dumps(manifest).decode(),
        )
    )


def _present(connection: sa.Connection, hashes: list[str]) -> list[str]:
    found: list[str] = []
    for start in range(0, len(hashes), 500):
        some = hashes[start : start + 500]
        found += connection.execute(
            sa.select(document.c.hash).where(document.c.hash.in_(some))
        ).scalars()
    return found


def move_head(connection: sa.Connection, revision: int) -> None:
    """Let the head point to a release; the last statement of every publish."""
    moved = connection.execute(head.update().values(revision=revision))
    if moved.rowcount == 0:
        connection.execute(head.insert().values(id=1, revision=revision))


def history(connection: sa.Connection, limit: int = 100) -> list[sa.RowMapping]:
    """Answer the newest releases: revision, published_at, published_by, note."""
    columns = (
        release.c.revision,
        release.c.published_at,
        release.c.published_by,
        release.c.note,
    )
    query = sa.select(*columns).order_by(release.c.revision.desc()).limit(limit)
    return list(connection.execute(query).mappings())
