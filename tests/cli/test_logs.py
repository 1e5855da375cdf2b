"""The log as text and as JSON, with the id of the request."""

import json
import logging
import sys

import pytest

from loopline.cli.logs import JsonLines, TextLines, set_up_logs
from loopline.errors import NotValid
from loopline.settings import LogSettings, load_settings
from loopline.web.request_ids import begin_request


def record(message: str = "%s is gone", **more: object) -> logging.LogRecord:
    made = logging.LogRecord("loopline.jobs", logging.WARNING, "x.py", 1, message, ("泵",), None)
    vars(made).update(more)
    return made


@pytest.fixture
def in_request():
    """Answer a caller of functions within a request of their own."""
    import contextvars

    def call(function, given: str):
        def within():
            begin_request(given)
            return function()

        return contextvars.copy_context().run(within)

    return call


def test_json_is_one_object_a_line(in_request) -> None:
    line = in_request(lambda: JsonLines().format(record(method="GET", milliseconds=1.5)), "seven")
    found = json.loads(line)
    assert found.pop("at").endswith("+00:00")
    assert found == {
        "level": "warning",
        "logger": "loopline.jobs",
        "message": "泵 is gone",
        "request": "seven",
        "method": "GET",
        "milliseconds": 1.5,
    }


def test_an_error_comes_with_its_trace() -> None:
    try:
        raise ValueError("wibble\nwobble")
    except ValueError:
        line = JsonLines().format(record(exc_info=sys.exc_info()))
    assert "\n" not in line
    assert "ValueError: wibble" in json.loads(line)["error"]


def test_text_shows_the_id_in_brackets(in_request) -> None:
    line = in_request(lambda: TextLines().format(record()), "seven")
    assert line.endswith(" WARNING loopline.jobs [seven] 泵 is gone")
    assert TextLines().format(record()).endswith(" WARNING loopline.jobs 泵 is gone")


def test_the_settings_say_how(site, monkeypatch, capsys) -> None:
    monkeypatch.setenv("LOOPLINE_LOG_FORMAT", "JSON")
    monkeypatch.setenv("LOOPLINE_LOG_LEVEL", "info")
    root, own = logging.getLogger(), logging.getLogger("loopline")
    kept, level = root.handlers[:], own.level
    try:
        set_up_logs(load_settings(site).log)
        logging.getLogger("loopline.requests").info("hello")
    finally:
        root.handlers[:] = kept
        own.setLevel(level)
    assert json.loads(capsys.readouterr().err)["message"] == "hello"


def test_a_form_that_nobody_knows_is_refused(site, monkeypatch) -> None:
    assert load_settings(site).log == LogSettings(format="text", level="warning")
    monkeypatch.setenv("LOOPLINE_LOG_FORMAT", "xml")
    with pytest.raises(NotValid) as caught:
        load_settings(site)
    assert caught.value.problems[0].path == "log.format"
