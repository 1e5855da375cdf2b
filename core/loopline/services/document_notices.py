"""What of documents works but is hardly meant: told beside a plan, refused by ``plugin check``."""

from collections.abc import Container, Iterable, Iterator

from loopline.errors import Problem
from loopline.meta.body import Body
from loopline.meta.catalog import Catalog
from loopline.meta.document import DocumentKey
from loopline.meta.findings import place
from loopline.meta.screens import build_form


def document_notices(
    catalog: Catalog, keys: Iterable[DocumentKey], kinds: Container[str]
) -> Iterator[Problem]:
    """Yield steps of approvals of a kind that is not among ``kinds``, and sections without a head.

    Such a step waits for its plugin; a section that stands alone on its form needs no head.
    """
    for key in sorted(keys):
        if not catalog.has(*key):
            continue
        body = Body.of(catalog.resolved(key))
        if key.kind == "approval":
            yield from _of_steps(key, body, kinds)
        elif key.kind == "form":
            yield from _of_sections(key, body)


def _of_steps(key: DocumentKey, body: Body, kinds: Container[str]) -> Iterator[Problem]:
    for name, step in body.elements("steps"):
        kind = step.text("kind")
        if kind and kind not in kinds:
            at = place(key, ("steps", name, "kind"))
            yield Problem(at, "approval.no_step_kind", {"kind": kind})


def _of_sections(key: DocumentKey, body: Body) -> Iterator[Problem]:
    sections = build_form(key.id, body).sections
    for one in sections if len(sections) > 1 else ():
        if not one.label:
            at = place(key, ("sections", one.id))
            yield Problem(at, "metadata.no_section_label", {"section": one.id})
