"""The test kit: a pytest plugin with a prepared site, and the contract every plugin keeps.

Loaded by pytest through its entry point. A test asks for ``platform`` (a site with every installed
plugin, on a database of its own), and says what else it needs by overriding small fixtures:
``database_url``, ``blocked_plugins``, ``packs``, ``site_documents``.
"""

from loopline.testing.contract import PluginContract
from loopline.testing.fixtures import (
    administrator,
    api,
    as_user,
    blocked_plugins,
    client,
    clock,
    database_url,
    make_record,
    packs,
    platform,
    recipe,
    site,
    site_documents,
    site_templates,
)
from loopline.testing.publishing import publish_documents

__all__ = [
    "PluginContract",
    "administrator",
    "api",
    "as_user",
    "blocked_plugins",
    "client",
    "clock",
    "database_url",
    "make_record",
    "packs",
    "platform",
    "publish_documents",
    "recipe",
    "site",
    "site_documents",
    "site_templates",
]
