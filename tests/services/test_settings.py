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


def test_how_time_is_counted(folder: Path) -> None:
    env = {"LOOPLINE_REPORTS_BILLING_DAY": "5", "LOOPLINE_REPORTS_WEEK_START": "7"}
    found = load_settings(folder, env).reporting
    assert (found.billing_day, found.week_start, found.fiscal_year_start_month) == (5, 7, 1)
    with pytest.raises(NotValid) as refused:
        load_settings(folder, {"LOOPLINE_REPORTS_BILLING_DAY": "31"})
    assert [one.path for one in refused.value.problems] == ["reports.billing_day"]


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


MAIL = {"host": "smtp.example.com", "sender": "crm@example.com"}


def test_a_site_without_a_mail_server_has_none(folder: Path) -> None:
    assert load_settings(folder, {}).mail is None


@pytest.mark.parametrize(("tls", "port"), [("starttls", 587), ("implicit", 465), ("none", 25)])
def test_the_mail_server_listens_where_its_encryption_says(
    tmp_path: Path, tls: str, port: int
) -> None:
    write_settings(tmp_path, {"mail": MAIL | {"tls": tls}})
    found = load_settings(tmp_path, {}).mail
    assert found is not None
    assert (found.host, found.tls, found.port) == ("smtp.example.com", tls, port)


def test_the_mail_password_comes_from_a_file_or_the_environment(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from file\n", encoding="utf-8")
    write_settings(tmp_path, {"mail": MAIL | {"user": "crm", "password_file": "secret"}})
    found = load_settings(tmp_path, {}).mail
    assert found is not None
    assert found.password == "from file"
    assert "from file" not in repr(found)
    stronger = load_settings(tmp_path, {"LOOPLINE_MAIL_PASSWORD": "from outside"}).mail
    assert stronger is not None
    assert stronger.password == "from outside"


@pytest.mark.parametrize(
    ("section", "values", "code"),
    [
        ("mail", {"host": "smtp.example.com"}, "mail.sender"),
        ("mail", MAIL | {"tls": "maybe"}, "mail.tls"),
        ("mail", MAIL | {"password": "open"}, "site.unknown_key"),
        ("webhooks", {"allow": "10.0.0.0/8, inside"}, "webhook.networks"),
    ],
)
def test_settings_of_messages_that_make_no_sense_are_refused(
    tmp_path: Path, section: str, values: dict[str, str], code: str
) -> None:
    write_settings(tmp_path, {section: values})
    with pytest.raises(NotValid, match=code):
        load_settings(tmp_path, {})


def test_networks_that_webhooks_may_go_to_are_listed(tmp_path: Path) -> None:
    write_settings(tmp_path, {"webhooks": {"allow": "10.0.0.0/8, 127.0.0.1"}})
    found = load_settings(tmp_path, {}).webhook_networks
    assert [str(one) for one in found] == ["10.0.0.0/8", "127.0.0.1/32"]
