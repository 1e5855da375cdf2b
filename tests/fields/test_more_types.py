"""Times of day, durations, colours, formatted text and links to anything."""

from datetime import datetime, time, timedelta

import pytest

from loopline.fields.base import Locale

ENGLISH = Locale(language="en")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("9:30", "09:30"),
        ("０９：３０", "09:30"),
        ("下午3点半", "15:30"),
        ("3:30 pm", "15:30"),
        ("14:05:09", "14:05:09"),
        (time(7, 5), "07:05"),
        (datetime(2026, 1, 5, 18, 0), "18:00"),
        (0.5, "12:00"),
    ],
)
def test_times_of_day(parse, text, at) -> None:
    assert parse("time", text) == at


@pytest.mark.parametrize("text", ["25:00", "9:60", "noon", "9:30+08:00", "2026-01-05"])
def test_what_is_no_time(refusal, text) -> None:
    assert refusal("time", text) == "time.unreadable"


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("90", 90),
        ("1h30m", 90),
        ("1h 30", 90),
        ("1:30", 90),
        ("1小时30分", 90),
        ("1.5小时", 90),
        ("1个半小时", 90),
        ("90分钟", 90),
        ("半小时", 30),
        ("2 days", 2880),
        ("1天2小时", 1560),
        (time(1, 30), 90),
        (timedelta(hours=30), 1800),
        (45.0, 45),
    ],
)
def test_durations(parse, text, minutes) -> None:
    assert parse("duration", text) == minutes


@pytest.mark.parametrize("text", ["-5", "soon", "1h h", "1:75"])
def test_what_is_no_duration(refusal, text) -> None:
    assert refusal("duration", text) == "duration.unreadable"


def test_durations_are_said_in_words(shown) -> None:
    assert shown("duration", 90) == "1小时30分钟"
    assert shown("duration", 120, ENGLISH) == "2h"
    assert shown("duration", 0, ENGLISH) == "0m"


@pytest.mark.parametrize("text", ["#FF0000", "f00", "rgb(255, 0, 0)", "红色", "Red"])
def test_colors(parse, text) -> None:
    assert parse("color", text) == "#ff0000"


@pytest.mark.parametrize("text", ["#12345", "rgb(256,0,0)", "mauve"])
def test_what_is_no_color(refusal, text) -> None:
    assert refusal("color", text) == "color.unreadable"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<p>a<script>alert(1)</script></p>", "<p>a</p>"),
        ('<p onclick="x()">a</p>', "<p>a</p>"),
        ('<img src="http://x.cn/p.png"><b>a</b>', "<div><b>a</b></div>"),
        (
            '<a href="javascript:x()">a</a>',
            '<div><a rel="noopener noreferrer nofollow">a</a></div>',
        ),
        ("a < b & c\nd\n\ne", "<p>a &lt; b &amp; c<br>d</p><p>e</p>"),
        ("<p> </p>", None),
    ],
)
def test_formatted_text_is_cleaned(from_json, given, kept) -> None:
    assert from_json("rich_text", given) == kept


def test_formatted_text_is_shown_as_words(shown) -> None:
    assert shown("rich_text", "<p>a &amp; b</p><ul><li>c</li></ul>") == "a & b\nc"


def test_a_link_to_anything(parse, from_json) -> None:
    assert parse("any_link", "thing:12") == "thing:12"
    assert from_json("any_link", {"entity": "thing", "id": 12}) == "thing:12"


@pytest.mark.parametrize("raw", ["thing", {"entity": "thing"}, {"entity": "thing", "id": 0}, 12])
def test_what_is_no_link(from_json, raw) -> None:
    with pytest.raises(ValueError, match=r"any_link\.unreadable"):
        from_json("any_link", raw)
