"""The leads plugin declares its documents folder and says what it is."""

import json
from pathlib import Path

from loopline.sdk import DeclareContext
from loopline.testing import PluginContract
from loopline_leads import plugin

FOLDER = Path(plugin.__file__).parent


def test_hook_register_documents_names_the_documents_folder() -> None:
    enabled = frozenset({"base", "leads"})
    context = DeclareContext(plugin="leads", plugins=enabled, language="zh")
    assert [one.path for one in plugin.register_documents(context)] == [FOLDER / "documents"]


def test_the_manifest_names_the_plugin_and_its_line() -> None:
    manifest = json.loads((FOLDER / "plugin.json").read_text(encoding="utf-8"))
    assert (manifest["id"], manifest["line"]) == ("leads", "leads")


def test_the_plugin_needs_only_base() -> None:
    manifest = json.loads((FOLDER / "plugin.json").read_text(encoding="utf-8"))
    assert manifest["depends_on"] == ["base"]


class TestContract(PluginContract):
    """The contract every plugin keeps."""

    plugin = "leads"
