"""The documents that the public contract shows load as they are written."""

import json
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from kit.sources import ROOT
from loopline.hooks.manifest import PLUGIN_GROUP

HEAD = "id: {pack}\ntitle: {pack}\nversion: '1'\nlayer: pack\n"
STEP = """
from loopline.sdk import *

@hookimpl
def register_approval_steps(ctx):
    label = Label({"zh": "条款检查", "en": "Clause check"})
    yield ApprovalStep(id="acme.clause_check", label=label, decide=lambda *given: Approved())
"""


@pytest.fixture
def blocked_plugins() -> frozenset[str]:
    """Answer every plugin that is installed: the contract's entities are the packs' own here."""
    return frozenset(one.name for one in entry_points(group=PLUGIN_GROUP))


@pytest.fixture
def pack(tmp_path: Path) -> Callable[..., Path]:
    """Answer what makes a pack of files of the kit."""

    def make(name: str, *files: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "pack.yaml").write_text(HEAD.format(pack=name), encoding="utf-8")
        for file in files:
            text = (ROOT / "tests" / "kit" / file).read_text(encoding="utf-8")
            (folder / file).write_text(text, encoding="utf-8")
        return folder

    return make


@pytest.fixture
def acme(site: Path) -> None:
    """Put the plugin into the site whose step the approval of the contract names."""
    folder = site / "plugins"
    folder.mkdir(exist_ok=True)
    words = {"id": "acme", "title": "Acme", "version": "1"}
    (folder / "acme.json").write_text(json.dumps(words), encoding="utf-8")
    (folder / "acme.py").write_text(STEP, encoding="utf-8")


def test_the_documents_of_the_contract_load_literally(on_site, acme, pack) -> None:
    assert on_site("plugin", "enable", "acme").stderr == ""
    shop = pack("shop", "contract_companions.yaml", "contract_documents.yaml")
    applied = on_site("metadata", "apply", shop, "--yes")
    assert (applied.exit_code, applied.stderr) == (0, "")
    extended = on_site("metadata", "apply", pack("pipeline", "contract_extension.yaml"), "--yes")
    assert (extended.exit_code, extended.stderr) == (0, "")
    assert "rollup" in on_site("metadata", "explain", "lead.fields.pipeline__deals_total").stdout
    missing = on_site("metadata", "untranslated").stdout
    assert "entity/lead fields.budget.label: zh" in missing
