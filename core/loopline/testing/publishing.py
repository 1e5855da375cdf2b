"""Publishing from a test: documents written as YAML, merged into the site's layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loopline.bootstrap import Platform
    from loopline.meta.release import Release


def publish_documents(platform: Platform, text: str, note: str = "") -> Release:
    """Merge documents into the site's layer and publish. Raises NotValid naming every problem."""
    from loopline.errors import refuse_if
    from loopline.meta.load import Loaded, load_text
    from loopline.meta.release import SITE, Layer
    from loopline.meta.settle import merge_documents
    from loopline.services.planning import make_plan
    from loopline.services.publishing import publish

    loaded = Loaded()
    load_text(text.encode(), "test.yaml", platform.schemas, platform.settings.language, loaded)
    refuse_if(loaded.problems)
    with platform.write(via="cli") as ctx:
        site = ctx.catalog.release.layer(SITE) or Layer(name=SITE, kind="site")
        edited = [merge_documents(site, loaded.documents)]
        plan = make_plan(ctx, edited, platform.schemas, platform.related_plugins)
        return publish(ctx, plan, note)
