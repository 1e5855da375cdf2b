"""``loopline upgrade --rehearse``: everything is tried, and nothing has changed."""

import json

from kit.state import state
from loopline.store.migrations import run


def databases(platform, request) -> list[str]:
    """Answer what stands beside the site's database, the test's own aside."""
    if platform.settings.is_sqlite:
        return sorted(one.name for one in platform.settings.folder.rglob("*"))
    server = request.getfixturevalue("pg_server")
    name = str(platform.database.url.database)
    found = server.execute("select datname from pg_database where datname like %s", (f"{name}%",))
    return sorted(row[0] for row in found)


def test_a_rehearsal_leaves_everything_as_it_was(on_site, platform, request) -> None:
    before = state(platform), databases(platform, request)
    told = on_site("upgrade", "--rehearse")
    assert told.exit_code == 0, told.stderr
    assert told.stdout.startswith("rehearsed, nothing was changed: release ")
    assert (state(platform), databases(platform, request)) == before


def test_what_would_fail_is_told_and_changes_nothing(
    on_site, platform, request, monkeypatch
) -> None:
    before = state(platform), databases(platform, request)

    def fail(connection: object) -> None:
        run.VERSION_TABLE.no_such_thing  # noqa: B018

    monkeypatch.setattr("loopline.bootstrap.migrate", fail)
    assert isinstance(on_site("upgrade", "--rehearse").exception, AttributeError)
    assert (state(platform), databases(platform, request)) == before


def test_a_rehearsal_tells_what_the_upgrade_will(on_site, monkeypatch) -> None:
    monkeypatch.setenv("LOOPLINE_PLUGINS_BLOCKED", "")
    rehearsed = json.loads(on_site("upgrade", "--rehearse", "--json").stdout)
    assert json.loads(on_site("upgrade", "--json").stdout) == rehearsed
