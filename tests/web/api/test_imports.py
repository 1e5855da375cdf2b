"""Imports over HTTP: a file in, a run to watch, refused rows out."""

import json

import pytest

from loopline.services.tabular.read import read

MAPPING = {"format": 1, "entity": "x_thing", "columns": {"E-mail": {"field": "mail"}}}
SHEET = b"Name,E-mail\nAda,ada@b.cn\nBen,not mail\n"


@pytest.fixture
def send(call):
    def post(sheet: bytes = SHEET, name: str = "people.csv", **data: str):
        return call("POST", "/imports", data=data, files={"file": (name, sheet)})

    return post


@pytest.mark.parametrize(
    "data",
    [
        {"entity": "x_thing"},
        {"options": '{"entity": "x_thing", "key": "", "dry_run": false}'},
        {"options": json.dumps({"entity": "x_thing", "mapping": MAPPING}), "new": "1"},
    ],
)
def test_a_file_goes_in(send, call, platform, tmp_path, data) -> None:
    begun = send(**data)
    assert (begun.status_code, begun.json()["state"]) == (202, "waiting")
    path = begun.headers["location"].removeprefix("/api/v1")
    platform.worker().run_due()
    done = call("GET", path).json()
    assert (done["state"], done["created"], done["failed"]) == ("done", 1, 1)
    assert [(one["row"], one["column"]) for one in done["problems"]] == [(3, "E-mail")]
    file = tmp_path / "errors.xlsx"
    file.write_bytes(call("GET", f"{path}/errors").content)
    assert [row.cells[0] for row in read(file, "errors.xlsx").rows] == ["Ben"]


@pytest.mark.parametrize(("language", "told"), [("en", "Mend that row"), ("zh", "该行")])
def test_what_ends_an_import_is_told_in_the_language_of_the_reader(
    send, call, platform, language, told
) -> None:
    send(entity="x_thing", encoding="utf-8")
    (kept,) = (platform.settings.files / "imports").iterdir()
    kept.write_bytes(b"Name,E-mail\ncaf\xe9,c@b.cn\n")  # as a failing disk would
    platform.worker().run_due()
    found = call("GET", "/imports/1", headers={"accept-language": language}).json()
    assert found["state"] == "failed"
    assert "people.csv" in found["error"]
    assert told in found["error"]


def test_resuming_a_finished_import_does_nothing_twice(send, call, platform) -> None:
    send(entity="x_thing")
    platform.worker().run_due()
    assert call("POST", "/imports/1/resume").status_code == 202
    platform.worker().run_due()
    assert call("GET", "/records/x_thing?count=exact").json()["count"]["value"] == 1


def test_a_run_is_shown_to_whoever_sent_the_file_and_to_administrators(
    send, call, rule, ask, token
) -> None:
    send(entity="x_thing")
    stranger = token("read", "write", "export")
    for method, path in (("GET", ""), ("GET", "/errors"), ("POST", "/resume"), ("POST", "/undo")):
        assert ask(stranger, method, f"/imports/1{path}").status_code == 404
    assert call("GET", "/imports/1").status_code == 200
    assert rule("GET", "/imports/1").status_code == 200


def test_a_run_tells_what_became_of_each_column(send, call) -> None:
    begun = send(sheet=b"Name,E-mail,Wibble\nAda,ada@b.cn,1\n", entity="x_thing").json()
    assert [(one["heading"], one["field"]) for one in begun["matched"]] == [
        ("Name", "name"),
        ("E-mail", "mail"),
    ]
    assert begun["unmatched"] == ["columns.Wibble"]
    assert [(one["heading"], one["code"]) for one in begun["left_out"]] == [
        ("Wibble", "mapping.unknown_column")
    ]


def test_a_rehearsal_keeps_nothing(send, call, platform) -> None:
    assert send(entity="x_thing", dry_run="true").json()["dry_run"] is True
    platform.worker().run_due()
    assert call("GET", "/records/x_thing").json()["items"] == []


UNREADABLE = (
    ({}, "entity"),
    ({"entity": "x_thing", "wibble": "1"}, "wibble"),
    ({"entity": "x_thing", "dry_run": "perhaps"}, "dry_run"),
    ({"entity": "x_thing", "on_match": "perhaps"}, "on_match"),
    ({"options": "{"}, "options"),
    ({"options": "[]"}, "options"),
    ({"options": '{"entity": 5}'}, "entity"),
    ({"options": '{"entity": "x_thing", "mapping": 5}'}, "mapping"),
)


def test_options_that_cannot_be_read_are_named(send) -> None:
    answers = [send(**data) for data, _ in UNREADABLE]
    assert {answer.status_code for answer in answers} == {400}
    named = [answer.json()["problems"][0]["path"] for answer in answers]
    assert named == [path for _, path in UNREADABLE]


def test_files_that_hold_no_table_are_refused(send) -> None:
    sheets = (b"", b"\x00" * 99, b"PK\x03\x04rest", b"\x1f\x8brest", b"a\n")
    found = [send(sheet, entity="x_thing").status_code for sheet in sheets]
    assert found == [422] * len(sheets)


NO_FORMS = (
    (b"rest", "multipart/form-data; boundary=x"),
    (b"rest", "multipart/form-data"),
    (b"{}", "application/json"),
    (b"a=%ff", "application/x-www-form-urlencoded"),
    (b'--x\r\nContent-Disposition: form-data; name="entity"\r\n\r\n\xff\r\n--x--', "x/y"),
)


def test_what_is_no_form_is_refused(call) -> None:
    found = [
        call("POST", "/imports", content=body, headers={"content-type": kind}).status_code
        for body, kind in NO_FORMS
    ]
    assert found == [400] * len(NO_FORMS)


def test_an_entity_or_import_that_does_not_exist(send, call) -> None:
    assert send(entity="wibble").status_code == 404
    assert call("GET", "/imports/99").status_code == 404
    assert call("GET", "/imports/99/errors").status_code == 404
    assert call("POST", "/imports/99/resume").status_code == 404


def test_an_import_is_undone(send, call, platform) -> None:
    send(entity="x_thing")
    platform.worker().run_due()
    begun = call("POST", "/imports/1/undo")
    assert (begun.status_code, begun.json()["state"]) == (202, "undoing")
    platform.worker().run_due()
    done = call("GET", "/imports/1").json()
    assert (done["state"], done["undone"]["removed"], done["undone"]["problems"]) == (
        "undone",
        1,
        [],
    )
    assert call("GET", "/records/x_thing?count=exact").json()["count"]["value"] == 0
    again = call("POST", "/imports/1/undo")
    assert (again.status_code, again.json()["state"]) == (202, "undone")
