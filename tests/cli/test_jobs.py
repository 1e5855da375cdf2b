"""Jobs that were given up and receivers of webhooks, by command."""

import json

import pytest
import sqlalchemy as sa

from loopline.jobs.queue import job
from loopline.jobs.webhooks import announce


@pytest.fixture
def number(platform, clock) -> int:
    """Answer the id of a job that was given up."""
    given_up = {"kind": "bad", "payload": "{}", "state": "dead", "error": "no luck", "attempts": 8}
    now = {"due": clock.now(), "created_at": clock.now(), "finished_at": clock.now()}
    with platform.database.write() as connection:
        connection.execute(job.delete())
        added = job.insert().values(**given_up, **now).returning(job.c.id)
        return connection.execute(added).scalar_one()


def test_a_job_that_was_given_up_is_seen_and_tried_again(on_site, platform, number) -> None:
    assert on_site("job", "dead").stdout.split("\t")[:2] == [str(number), "bad"]
    assert on_site("job", "retry", number).exit_code == 0
    assert json.loads(on_site("job", "dead", "--json").stdout) == []
    with platform.database.read() as connection:
        assert connection.execute(sa.select(job.c.state)).scalar_one() == "ready"
    assert on_site("job", "retry", number).exit_code == 1


def test_a_job_that_was_given_up_is_dropped(on_site, number) -> None:
    assert on_site("job", "drop", number).exit_code == 0
    assert on_site("job", "drop", number).exit_code == 1


def test_a_receiver_is_added_told_and_disabled(on_site, platform, clock) -> None:
    made = json.loads(
        on_site("webhook", "add", "ERP", "https://erp.example.com/in", "--json").stdout
    )
    assert len(made["secret"]) > 30
    with platform.database.write() as connection:
        assert announce(connection, "won", {"id": 7}, clock.now(), "k") == 1
    (told,) = json.loads(on_site("webhook", "log", made["id"], "--json").stdout)
    assert (told["event"], told["state"], told["attempts"]) == ("won", "waiting", [])
    assert on_site("webhook", "disable", made["id"]).exit_code == 0
    assert on_site("webhook", "disable", 999).exit_code == 1
    assert on_site("webhook", "add", "ERP", "ftp://erp.example.com").exit_code == 1
