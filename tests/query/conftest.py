"""These tests run on the kernel alone, with a few entities of the site's own."""

from kit.kernel_site import blocked_plugins, site_documents

__all__ = ["blocked_plugins", "site_documents"]
