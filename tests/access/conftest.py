"""These tests run on the kernel alone, with a few entities of the site's own."""

import json
from pathlib import Path

import pytest

from kit.kernel_site import blocked_plugins, site_documents
from loopline.bootstrap import Platform
from loopline.hooks.manager import Plugins
from loopline.hooks.manifest import Discovered, read_file_manifest

__all__ = ["blocked_plugins", "site_documents"]
PLUGIN = """
import json
from pathlib import Path
from loopline.sdk import hookimpl

DEMANDS = Path(__file__).with_suffix(".demands")

@hookimpl
def restrict_scope(ctx, event):
    return [json.loads(DEMANDS.read_text())[event.entity]] if event.entity in json.loads(
        DEMANDS.read_text()) else []

@hookimpl
def register_documents(ctx):
    return []
"""


@pytest.fixture
def narrow(platform: Platform, site: Path) -> Path:
    """Install a plugin that demands what a file says; answer the file."""
    folder = site / "plugins"
    (folder / "narrow.py").write_text(PLUGIN, encoding="utf-8")
    (folder / "narrow.demands").write_text("{}", encoding="utf-8")
    manifest = {"id": "narrow", "title": {"zh": "窄", "en": "Narrow"}, "version": "1"}
    (folder / "narrow.json").write_text(json.dumps(manifest), encoding="utf-8")
    found = read_file_manifest(folder / "narrow.json", platform.schemas)
    platform.plugins = Plugins(Discovered(manifests=(found,)), "en")
    return folder / "narrow.demands"
