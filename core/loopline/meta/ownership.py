"""Who may say what: declaring against extending, names by layer, sealed leaves, locked elements."""

from collections.abc import Iterator, Mapping
from typing import Final

from loopline.expr.suggest import meant
from loopline.expr.tokens import RESERVED as WORDS
from loopline.meta.catalog import Catalog
from loopline.meta.comparison import clashes
from loopline.meta.document import DocumentKey, Leaf, Path
from loopline.meta.entities import RESERVED
from loopline.meta.findings import Findings, place
from loopline.meta.release import Layer, StoredDocument, folded
from loopline.meta.schemas import Schemas

_ENDINGS: Final = ("__key", "__sort")


def _declared(catalog: Catalog, kind: str) -> Iterator[str]:
    """Yield the documents of a kind that are declared, not only extended."""
    for name in catalog.ids(kind):
        if not catalog.shares(DocumentKey(kind, name))[0][1].extend:
            yield name


def check_ownership(
    catalog: Catalog, changed: frozenset[DocumentKey], schemas: Schemas, findings: Findings
) -> None:
    """Check every layer's share of the changed documents against what lies beneath it."""
    for key in sorted(changed):
        layers = [layer for layer in catalog.release.layers if key in layer.documents]
        if layers and layers[0].documents[key].extend:
            at = place(key, layer=layers[0].name)
            near = meant(key.id, _declared(catalog, key.kind))
            findings.error(at, "metadata.nothing_to_extend", document=str(key), near=near)
            continue
        for depth, layer in enumerate(layers):
            lower = folded(layers[:depth], key)
            _ShareCheck(key, layer, layer.documents[key], lower).run(schemas, findings)


class _ShareCheck:
    """The checks of one layer's share of one document."""

    def __init__(
        self,
        key: DocumentKey,
        layer: Layer,
        stored: StoredDocument,
        lower: Mapping[Path, Leaf],
    ) -> None:
        self.key = key
        self.layer = layer
        self.ops = stored.ops
        self.extend = stored.extend
        self.lower = lower
        self.declares = not lower

    def run(self, schemas: Schemas, findings: Findings) -> None:
        """Note everything this share may not say."""
        if not self.declares and not self.extend:
            findings.error(self._at(()), "metadata.declared_twice", document=str(self.key))
        if self.declares and self.layer.kind == "site" and self.key.kind == "entity":
            self._site_prefix(findings)
        if self.key.kind == "entity":
            self._field_names(findings)
        if not self.declares:
            self._sealed(schemas, findings)
            self._locked(schemas, findings)

    def _at(self, path: Path) -> str:
        return place(self.key, path, self.layer.name)

    def _site_prefix(self, findings: Findings) -> None:
        if not self.key.id.startswith("x_"):
            findings.error(
                self._at(()), "metadata.site_entity", id=self.key.id, wanted=f"x_{self.key.id}"
            )

    def _field_names(self, findings: Findings) -> None:
        known = {path[1] for path in self.lower if path[0] == "fields"}
        added = {path[1] for path in self.ops if path[0] == "fields"} - known
        prefix = "x_" if self.layer.kind == "site" else f"{self.layer.name}__"
        for name in sorted(added):
            at = self._at(("fields", name))
            if name in RESERVED or name in WORDS:
                findings.error(at, "metadata.reserved", field=name)
            if name.endswith(_ENDINGS):
                findings.error(at, "metadata.ending", field=name)
            if not self.declares and not name.startswith(prefix):
                findings.error(at, "metadata.prefix", field=name, wanted=prefix + name)

    def _sealed(self, schemas: Schemas, findings: Findings) -> None:
        for path, op in self.ops.items():
            beneath = self.lower.get(path)
            if beneath is None or beneath == op.value:
                continue
            if schemas.node(self.key.kind, path).get("x-facet") == "sealed":
                findings.error(self._at(path), "metadata.sealed", lower=beneath, value=op.value)

    def _locked(self, schemas: Schemas, findings: Findings) -> None:
        for path, op in self.ops.items():
            element = path[:2]
            if len(path) < 3 or self.lower.get((*element, "locked")) is not True:
                continue
            rule = schemas.node(self.key.kind, path).get("x-tighten")
            if not _tightens(rule, self.lower.get(path), op.value):
                findings.error(self._at(path), "metadata.locked", element=".".join(element))


def _tightens(rule: object, lower: Leaf, value: Leaf) -> bool:
    if rule == "true":
        return value is True
    if value is None or isinstance(value, str | tuple) or isinstance(lower, str | tuple):
        return value == lower
    if rule == "lower":
        return lower is None or value <= lower
    if rule == "higher":
        return lower is None or value >= lower
    return value == lower


def peers_that_clash(
    catalog: Catalog,
    changed: frozenset[DocumentKey],
    related: frozenset[tuple[str, str]],
    findings: Findings,
) -> None:
    """Refuse two plugins that set one leaf differently unless one builds on the other.

    ``related`` pairs plugins with what they depend on; depending goes through others.
    """
    builds_on = _closure(related)
    plugins = [layer for layer in catalog.release.layers if layer.kind == "plugin"]
    for key in sorted(changed):
        shares = ((one.name, one.documents[key].ops) for one in plugins if key in one.documents)
        for path, one, other in clashes(shares):
            if (other, one) not in builds_on:
                findings.error(place(key, path), "metadata.clash", one=one, other=other)


def _closure(pairs: frozenset[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Answer the pairs with those that follow from them."""
    known = pairs
    while True:
        further = {(one, end) for one, middle in known for start, end in pairs if middle == start}
        if further <= known:
            return known
        known |= further
