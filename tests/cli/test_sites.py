"""Making sites, people and tokens; what is refused and how."""

import json

import pytest


def test_a_new_site_has_its_administrator(run, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("LOOPLINE_PLUGINS_BLOCKED", "*")
    folder = tmp_path / "new"
    login = ("--admin-email", "ada@example.com", "--admin-password", "long enough")
    assert run("init", folder, *login).exit_code == 0
    people = json.loads(run("user", "list", "--site", folder, "--json").stdout)
    assert [(one["email"], one["administrator"]) for one in people] == [("ada@example.com", True)]
    assert run("init", folder).exit_code == 1


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("--pack", "wibble"), 1),
        (("--database", "mysql://here"), 1),
        (("--database", "postgresql://nobody@127.0.0.1:1/none"), 1),
        (("--admin-email", "a@b.cn", "--admin-password", "short"), 1),
        (("--admin-email", "a@b.cn"), 2),
        (("--language", "fr"), 2),
    ],
)
def test_a_site_that_cannot_be_made_leaves_nothing(run, tmp_path, words, status) -> None:
    folder = tmp_path / "new"
    assert run("init", folder, *words).exit_code == status
    assert not folder.exists()


def test_a_person_comes_and_goes(on_site) -> None:
    add = ("user", "add", "ada@example.com", "--password", "long enough")
    assert on_site(*add).stdout == "ada@example.com: added\n"
    assert on_site(*add).exit_code == 1
    assert on_site("user", "disable", "ada@example.com").exit_code == 0
    assert json.loads(on_site("user", "list", "--json").stdout)[0]["signs_in"] is False


def test_a_short_password_is_refused(on_site) -> None:
    result = on_site("user", "add", "ada@example.com", "--password", "short")
    assert (result.exit_code, result.stderr.startswith("password: ")) == (1, True)


def test_a_token_is_printed_once(on_site) -> None:
    on_site("user", "add", "ada@example.com", "--password", "long enough")
    made = on_site("token", "create", "ada@example.com", "--scope", "write", "--json")
    assert json.loads(made.stdout)["scopes"] == ["read", "write"]
    assert on_site("token", "create", "ada@example.com").stdout.startswith("ll_")
    assert on_site("token", "create", "ada@example.com", "--scope", "wibble").exit_code == 2
    assert on_site("token", "create", "bo@example.com").exit_code == 1


def test_a_folder_without_a_site_is_told(run, tmp_path) -> None:
    for words in (("user", "list"), ("plugin", "list"), ("upgrade",), ("worker",), ("serve",)):
        result = run(*words, "--site", tmp_path)
        assert (result.exit_code, "loopline init" in result.stderr) == (1, True)


def test_an_upgrade_without_newer_files_changes_nothing(on_site) -> None:
    assert json.loads(on_site("upgrade", "--json").stdout)["drift"] == {}
    assert on_site("plugin", "list").stdout == ""


def test_an_upgrade_tells_which_plugins_are_not_in_it(on_site, monkeypatch) -> None:
    monkeypatch.setenv("LOOPLINE_PLUGINS_BLOCKED", "")
    available = json.loads(on_site("upgrade", "--json").stdout)["available"]
    lines = on_site("upgrade").stdout.splitlines()[1:]
    assert lines == [f"plugin {name} is available, not enabled" for name in available]
    assert "base" in available
