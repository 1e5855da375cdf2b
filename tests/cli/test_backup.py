"""``loopline backup`` and ``loopline restore``, as an operator calls them."""

import json
import stat

import pytest


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: the tests of the service run on both."""
    return sqlite_url


def test_a_site_is_backed_up_and_restored(run, on_site, tmp_path) -> None:
    on_site("user", "add", "ada@example.com", "--password", "long enough")
    file, folder = tmp_path / "backups" / "site.zip", tmp_path / "other"
    made = json.loads(on_site("backup", file, "--json").stdout)
    assert (made["bytes"], made["database"]) == (file.stat().st_size, "sqlite")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert run("restore", file, folder).stdout.startswith(f"{folder}: release ")
    people = json.loads(run("user", "list", "--site", folder, "--json").stdout)
    assert [one["email"] for one in people] == ["ada@example.com"]
    assert run("user", "disable", "ada@example.com", "--site", folder).exit_code == 0


def test_what_stands_is_replaced_only_when_told(run, on_site, site, tmp_path) -> None:
    file = tmp_path / "site.zip"
    on_site("backup", file)
    on_site("user", "add", "ada@example.com", "--password", "long enough")
    result = run("restore", file, site)
    assert (result.exit_code, "--replace" in result.stderr) == (1, True)
    assert json.loads(on_site("user", "list", "--json").stdout) != []
    assert run("restore", file, site, "--replace").exit_code == 0
    assert json.loads(on_site("user", "list", "--json").stdout) == []


def test_a_broken_archive_is_told(run, on_site, tmp_path) -> None:
    file = tmp_path / "site.zip"
    on_site("backup", file)
    file.write_bytes(file.read_bytes()[:-100])
    result = run("restore", file, tmp_path / "other")
    assert (result.exit_code, result.stderr.startswith(f"{file}: ")) == (1, True)
    assert run("restore", tmp_path / "nothing.zip", tmp_path / "other").exit_code == 2
    assert not (tmp_path / "other").exists()
