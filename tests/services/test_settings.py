"""The settings of a site: the file, what the environment overrides, what is refused."""

from pathlib import Path

import pytest

from loopline.errors import Conflict, NotFound, NotValid
from loopline.settings import load_settings, write_settings
from loopline.sites import NewSite, create_site


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_settings(
        tmp_path, {"site": {"name": "Farm", "language": "en"}, "plugins": {"blocked": "a, b"}}
    )
    return tmp_path


def test_the_file_says_what_the_site_is(folder: Path) -> None:
    found = load_settings(folder, {})
    assert (found.name, found.language, found.zone) == ("Farm", "en", "Asia/Shanghai")
    assert found.database_url == f"sqlite:///{folder / 'loopline.db'}"
    assert found.blocked_plugins == {"a", "b"}
    assert found.is_sqlite


def test_the_environment_overrides_the_file(folder: Path) -> None:
    env = {
        "LOOPLINE_DATABASE_URL": "postgresql://db/farm",
        "LOOPLINE_SITE_LANGUAGE": "zh",
        "LOOPLINE_WEB_SESSION_DAYS": "3",
        "LOOPLINE_WEB_SECURE_COOKIES": "true",
    }
    found = load_settings(folder, env)
    assert (found.database_url, found.language) == ("postgresql://db/farm", "zh")
    assert (found.session_days, found.secure_cookies, found.is_sqlite) == (3, True, False)


def test_plugins_blocked_by_the_environment_come_on_top(folder: Path) -> None:
    assert load_settings(folder, {"LOOPLINE_PLUGINS_BLOCKED": "*"}).blocked_plugins >= {"*"}


def test_a_folder_without_a_site_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"site\.missing"):
        load_settings(tmp_path, {})


@pytest.mark.parametrize("text", ['[site]\nnmae = "x"', '[sight]\nname = "x"', 'name = "x"'])
def test_an_unknown_key_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "site.toml").write_text(text, encoding="utf-8")
    with pytest.raises(NotValid, match=r"site\.unknown_key"):
        load_settings(tmp_path, {})


def test_a_language_we_do_not_speak_is_refused(tmp_path: Path) -> None:
    write_settings(tmp_path, {"site": {"language": "fr"}})
    with pytest.raises(NotValid, match=r"site\.language"):
        load_settings(tmp_path, {})


def test_names_with_quotes_are_read_back(tmp_path: Path) -> None:
    name = 'The "Old" Farm \\ 农场'
    write_settings(tmp_path, {"site": {"name": name}})
    assert load_settings(tmp_path, {}).name == name


def test_a_second_site_in_a_folder_is_refused(site: Path) -> None:
    with pytest.raises(Conflict, match=r"site\.exists"):
        create_site(NewSite(folder=site))


def test_a_site_that_could_not_be_made_can_be_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOOPLINE_PLUGINS_BLOCKED", "*")
    with pytest.raises(NotFound, match=r"pack\.not_found"):
        create_site(NewSite(folder=tmp_path / "new", packs=("nothing",)))
    create_site(NewSite(folder=tmp_path / "new")).close()
