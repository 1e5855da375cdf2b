"""Sites of any size, generated as documents: entities linked in a ring, each with a view."""

from collections.abc import Iterable, Iterator

from loopline.bootstrap import Platform
from loopline.meta.document import Document, DocumentKey, flatten
from loopline.meta.release import SITE, Layer, Release
from loopline.meta.settle import merge_documents
from loopline.services.planning import make_plan
from loopline.services.publishing import publish

TYPES = ("text", "integer", "decimal", "date", "boolean", "choice")


def large_site(entities: int, fields: int) -> Iterator[Document]:
    """Yield the documents of a site with so many entities of so many fields."""
    for number in range(entities):
        following = f"x_e{(number + 1) % entities}"
        yield _document(DocumentKey("entity", f"x_e{number}"), _entity(number, fields, following))
        view: dict[str, object] = {
            "entity": f"x_e{number}",
            "label": {"en": "All"},
            "type": "list",
            "columns": {f"f{one}": {} for one in range(min(8, fields - 1))},
            "sort": ["f0"],
        }
        yield _document(DocumentKey("view", f"x_v{number}"), view)


def one_more_field(number: int) -> Document:
    """Answer a document that adds one field to the fourth entity."""
    field = {"type": "text", "label": {"en": f"More {number}"}}
    return _document(DocumentKey("entity", "x_e3"), {"fields": {f"more{number}": field}})


def publish_all(platform: Platform, documents: Iterable[Document]) -> Release:
    """Merge documents into the site's layer and publish."""
    with platform.write(via="cli") as ctx:
        site = ctx.catalog.release.layer(SITE) or Layer(name=SITE, kind="site")
        edited = [merge_documents(site, documents)]
        plan = make_plan(ctx, edited, platform.schemas, platform.related_plugins)
        return publish(ctx, plan)


def _document(key: DocumentKey, body: dict[str, object]) -> Document:
    return Document(key=key, leaves=dict(flatten(body)))


def _entity(number: int, fields: int, following: str) -> dict[str, object]:
    options = {code: {"label": {"en": code}} for code in ("a", "b")}
    made: dict[str, object] = {}
    for one in range(fields - 1):
        kind = TYPES[one % len(TYPES)]
        chosen = {"options": options} if kind == "choice" else {}
        made[f"f{one}"] = {"type": kind, "label": {"en": f"Field {one}"}, **chosen}
    made["next"] = {"type": "link", "to": following, "label": {"en": "Next"}}
    return {"label": {"en": f"Entity {number}"}, "title_field": "f0", "fields": made}
