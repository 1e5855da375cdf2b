"""These tests run on the kernel alone, with a few entities of the site's own."""

import pytest
from starlette.testclient import TestClient

from kit.kernel_site import blocked_plugins, site_documents
from loopline.bootstrap import Platform
from web.visitor import Visitor, add_person

__all__ = ["blocked_plugins", "site_documents"]


@pytest.fixture
def visitor(client: TestClient) -> Visitor:
    """Answer somebody who is not signed in."""
    return Visitor(client)


@pytest.fixture
def ada(platform: Platform, visitor: Visitor) -> Visitor:
    """Answer a plain user, signed in."""
    visitor.sign_in(add_person(platform, "Ada"))
    return visitor
