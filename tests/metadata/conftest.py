"""The shipped documents as one candidate release, on the kernel's own."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import loopline_contracts
import loopline_leads
import loopline_loyalty
import loopline_metadata
import loopline_pipeline
import loopline_reports
import loopline_service
from loopline.fields.registry import FieldTypes, kernel_field_types
from loopline.hooks.declare import SeedContext
from loopline.hooks.manager import Plugins
from loopline.hooks.manifest import discover
from loopline.meta import kernel
from loopline.meta.catalog import Catalog
from loopline.meta.document import Document, DocumentKey
from loopline.meta.layers import remember
from loopline.meta.load import Loaded, load_folder
from loopline.meta.release import Layer, Release, StoredDocument
from loopline.meta.schemas import Schemas

METADATA = Path(loopline_metadata.__path__[0])
PACK = METADATA / "packs" / "equipment"
COMPANY = METADATA / "packs" / "mingchuan"
PLUGINS = {
    "leads": Path(loopline_leads.__path__[0]),
    "pipeline": Path(loopline_pipeline.__path__[0]),
    "contracts": Path(loopline_contracts.__path__[0]),
    "service": Path(loopline_service.__path__[0]),
    "loyalty": Path(loopline_loyalty.__path__[0]),
    "reports": Path(loopline_reports.__path__[0]),
}
KERNEL = Path(kernel.__path__[0])


@pytest.fixture(scope="session")
def schemas() -> Schemas:
    """The schemas of the kernel's kinds and of those that the plugins declare."""
    kernel_schemas = Schemas()
    return Plugins(discover(kernel_schemas)).schemas(kernel_schemas)


@pytest.fixture(scope="session")
def types() -> FieldTypes:
    return kernel_field_types()


@pytest.fixture(scope="session")
def loaded(schemas: Schemas) -> Mapping[str, list[Loaded]]:
    """What was read, by layer; each ``with_<plugin>`` folder apart."""
    read = {
        "kernel": _read(KERNEL, schemas),
        "base": _read(METADATA / "base" / "documents", schemas),
    }
    read |= {name: _read(folder / "documents", schemas) for name, folder in PLUGINS.items()}
    return read | {"equipment": _read(PACK, schemas), "site": _read(COMPANY, schemas)}


@pytest.fixture(scope="session")
def catalog(loaded: Mapping[str, list[Loaded]]) -> Catalog:
    kinds = {"kernel": "kernel", "equipment": "pack", "site": "site"}
    layers = tuple(
        Layer(
            name=name,
            kind=kinds.get(name, "plugin"),  # type: ignore[arg-type]
            documents=_stored(part.documents for part in parts),
        )
        for name, parts in loaded.items()
    )
    return Catalog(Release(revision=1, layers=layers))


@pytest.fixture(scope="session")
def context() -> SeedContext:
    return SeedContext(now=datetime(2026, 11, 23, 2, 0, tzinfo=UTC), seed=7, language="zh")


def _read(folder: Path, schemas: Schemas) -> list[Loaded]:
    beside = sorted(folder.glob("with_*"))
    whole = load_folder(folder, schemas, "zh")
    inside = tuple(f"{one.name}/" for one in beside)
    whole.documents = [one for one in whole.documents if not one.source.startswith(inside)]
    whole.problems = [one for one in whole.problems if not one.path.startswith(inside)]
    return [whole, *(load_folder(one, schemas, "zh") for one in beside)]


def _stored(parts: Iterable[list[Document]]) -> dict[DocumentKey, StoredDocument]:
    """Answer a layer's shares; what a ``with_`` folder adds joins the plugin's own document."""
    found: dict[DocumentKey, Document] = {}
    for document in (one for part in parts for one in part):
        own = found.get(document.key, replace(document, leaves={}))
        found[document.key] = replace(own, leaves={**own.leaves, **document.leaves})
    return {
        key: StoredDocument.of(remember({}, one.leaves), extend=one.extend)
        for key, one in found.items()
    }
