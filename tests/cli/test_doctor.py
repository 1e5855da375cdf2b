"""``loopline doctor``: what it finds, how it says so, and with which code it ends."""

import json
import os
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa

from loopline.jobs.mail import Mail, enqueue_mail
from loopline.jobs.queue import MOST_ATTEMPTS, enqueue, job
from loopline.jobs.tables import schedule
from loopline.services.files.keeping import keep, place_of, uploads


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: what is asked of it is tested on both where it is asked."""
    return sqlite_url


@pytest.fixture
def examine(on_site, platform, monkeypatch):
    """Answer a caller of the doctor: the exit code, and the codes of what is broken and not."""
    monkeypatch.setattr("loopline.bootstrap.SystemClock", lambda: platform.clock)
    with platform.database.write() as connection:
        connection.execute(schedule.insert().values(name="seen", slot=platform.clock.now()))

    def ask() -> tuple[int, list[str], list[str]]:
        result = on_site("doctor", "--json")
        found = json.loads(result.stdout)["findings"]
        broken = [one["code"] for one in found if one["level"] == "broken"]
        return result.exit_code, broken, [o["code"] for o in found if o["level"] == "warning"]

    return ask


def change(platform, *statements: object) -> None:
    with platform.database.write() as connection:
        for one in statements:
            connection.execute(sa.text(one) if isinstance(one, str) else one)


def test_a_sound_site_passes(examine, on_site) -> None:
    assert examine() == (0, [], [])
    assert on_site("doctor").stdout.endswith(": nothing found\n")


def test_a_finding_says_how_it_is_mended(examine, platform, on_site) -> None:
    change(platform, "DROP INDEX ix_ll_job_state")
    result = on_site("doctor")
    assert result.exit_code == 1
    assert result.stderr.startswith("broken tables: ll_job.ix_ll_job_state: The index is not in")
    assert result.stderr.count("\n") == 1


def test_mails_without_a_server_are_kept_and_told_once(examine, platform, on_site) -> None:
    with platform.database.write() as connection:
        for to in ("ada@example.com", "bob@example.com"):
            enqueue_mail(connection, Mail(to=[to], subject="s", text="t"), platform.clock.now())
    platform.worker().run_due()
    assert examine() == (0, [], ["doctor.kept_mails"])
    assert on_site("mail", "kept").stdout.splitlines()[0].endswith("bob@example.com\ts")
    refused = on_site("mail", "send", "--all")
    assert (refused.exit_code, "[mail] in site.toml" in refused.stderr) == (1, True)


def test_jobs_that_were_given_up_are_told(examine, platform) -> None:
    with platform.database.write() as connection:
        enqueue(connection, "wibble", {}, platform.clock.now())
    change(platform, job.update().values(attempts=MOST_ATTEMPTS - 1))
    platform.worker().run_due()
    assert examine() == (1, ["doctor.dead_job"], [])


def test_workers_that_are_gone_are_told(examine, platform) -> None:
    with platform.database.write() as connection:
        enqueue(connection, "wibble", {}, platform.clock.now())
    platform.clock.move(timedelta(minutes=6))
    assert examine() == (0, [], ["doctor.no_worker", "doctor.waiting_jobs"])


def test_files_that_are_lost_and_strays_are_told(examine, platform) -> None:
    files = platform.settings.files
    with platform.write(via="cli") as ctx:
        kept = keep(ctx, "a.txt", BytesIO(b"kept"), files, 100)
    assert examine() == (0, [], [])
    place_of(files, kept.hash).write_bytes(b"kep")
    stray = uploads(files) / "stray"
    stray.touch()
    os.utime(stray, (0, 0))
    assert examine() == (1, ["doctor.file_lost"], ["doctor.stray_files"])


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("INSERT INTO ll_schema VALUES ('9999_tomorrow')", "doctor.newer_tables"),
        ("DELETE FROM ll_schema WHERE version_num = '0012_waiting_files'", "doctor.older_tables"),
        ("DROP TABLE ll_mail", "doctor.missing_table"),
    ],
)
def test_a_database_of_another_version_is_told(examine, platform, statement, code) -> None:
    change(platform, statement)
    assert examine() == (1, [code], [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[site", "site.toml"),
        ("[sight]\nname = 'x'", "site.unknown_key"),
        ("[mail]\nhost = 'h'\nsender = 'a@b.cn'\npassword_file = 'x'", "site.password_file"),
        ("[database]\nurl = 'postgresql://nobody@127.0.0.1:1/none'", "database.unreachable"),
        ("[database]\nurl = 'mysql://here'", "database.url"),
        ("[site]\nzone = 'Mars/Olympus'", "user.zone"),
    ],
)
def test_settings_that_cannot_be_are_told(examine, site, text, code) -> None:
    (site / "site.toml").write_text(text, encoding="utf-8")
    status, broken, _ = examine()
    assert (status, broken[:1]) == (1, [code])


def test_plugins_that_fail_are_told(examine, site, monkeypatch) -> None:
    (site / "plugins" / "acme.py").write_text("raise ValueError('wibble')", encoding="utf-8")
    said = {"id": "acme", "title": {"zh": "甲", "en": "A"}, "version": "1"}
    (site / "plugins" / "acme.json").write_text(json.dumps(said), encoding="utf-8")
    monkeypatch.setenv("LOOPLINE_PLUGINS_BLOCKED", "")
    settings = (site / "site.toml").read_text(encoding="utf-8")
    (site / "site.toml").write_text(settings.partition("[plugins]")[0], encoding="utf-8")
    status, broken, _ = examine()
    assert (status, broken) == (1, ["doctor.plugin_failed"])
