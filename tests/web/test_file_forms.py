"""Files on forms: sent with them, kept even if the form is refused, given back as attachments."""

import struct

import pytest

from loopline.services.records import get

DOCUMENTS = """
kind: entity
id: x_paper
format: 1
label: {zh: 文书, en: Paper}
title_field: name
fields:
  name:    {type: text, label: {zh: 名称, en: Name}, required: true}
  scan:    {type: file, label: {zh: 扫描件, en: Scan}}
  photo:   {type: image, label: {zh: 照片, en: Photo}}
  annexes: {type: files, label: {zh: 附件, en: Annexes}}
"""
NEW = "/records/x_paper/new"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 4, 3) + b"rest"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Answer one kind of database: nothing here depends on it."""
    return sqlite_url


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


@pytest.fixture
def send(ada):
    """Answer a sender of forms with files, by control."""

    def sender(path: str, files, csrf: str | None = None, **form):
        form["csrf"] = ada.csrf() if csrf is None else csrf
        parts = [(name, file) for name, file in files]
        return ada.client.post(path, data=form, files=parts, follow_redirects=False)

    return sender


@pytest.fixture
def paper(send) -> str:
    """Answer a record with two annexes and a picture."""
    parts = [("annexes.upload", ("a.txt", b"a")), ("annexes.upload", ("b.txt", b"b"))]
    answer = send(NEW, [*parts, ("photo.upload", ("p.png", PNG))], name="a")
    return answer.headers["location"]


@pytest.fixture
def values_of(platform):
    """Answer a reader of what the first record holds."""

    def read():
        with platform.read() as ctx:
            return get(ctx, "x_paper", 1).values

    return read


def test_files_are_sent_with_a_form(paper, values_of) -> None:
    assert (values_of()["annexes"], values_of()["photo"]) == ((1, 2), 3)


def test_the_record_links_its_files_and_shows_the_picture(ada, paper) -> None:
    page = ada.get(paper).text
    assert '<a class="file-link" href="/files/1" download>' in page
    assert '<img class="thumb" src="/files/3"' in page


def test_a_file_is_given_as_an_attachment(ada, paper) -> None:
    answer = ada.get("/files/3")
    assert answer.content == PNG
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "sandbox"


def test_nobody_else_gets_an_unheld_file(ada, send, visitor, platform) -> None:
    send(NEW, [("scan.upload", ("a.txt", b"a"))], name="")
    assert ada.get("/files/1").status_code == 200
    visitor.client.cookies.clear()
    assert visitor.get("/files/1").status_code == 303


def test_a_file_is_removed_and_another_added(paper, send, values_of) -> None:
    form = {"annexes": ["", "1", "2"], "annexes._remove": "1", "photo": ["", "3"], "name": "a"}
    answer = send(f"{paper}/edit", [("annexes.upload", ("c.txt", b"c"))], _base="1", **form)
    assert answer.status_code == 303
    assert (values_of()["annexes"], values_of()["photo"]) == ((2, 4), 3)


def test_an_upload_takes_the_place_of_a_single_file(paper, send, values_of) -> None:
    form = {"photo": ["", "3"], "name": "a", "annexes": ["", "1", "2"]}
    send(f"{paper}/edit", [("photo.upload", ("q.png", PNG))], _base="1", **form)
    assert values_of()["photo"] == 4


def test_an_upload_survives_a_refused_form(send, values_of) -> None:
    answer = send(NEW, [("scan.upload", ("my.txt", b"a"))], name="")
    assert answer.status_code == 422
    assert "my.txt" in answer.text
    assert send(NEW, [], name="a", scan=["", "1"]).status_code == 303
    assert values_of()["scan"] == 1


def test_what_is_no_picture_is_told_by_its_field(send) -> None:
    answer = send(NEW, [("photo.upload", ("a.png", b"text"))], name="a")
    assert answer.status_code == 422
    assert 'id="f-photo-err"' in answer.text


def test_a_file_beyond_the_limit_is_refused(send, platform, monkeypatch) -> None:
    object.__setattr__(platform.settings, "most_file_bytes", 3)
    assert send(NEW, [("scan.upload", ("a.txt", b"four"))], name="a").status_code == 413


def test_files_need_the_token_of_the_session(send, platform) -> None:
    assert send(NEW, [("scan.upload", ("a.txt", b"a"))], csrf="x", name="a").status_code == 403
    assert not list(platform.settings.files.rglob("uploads/*/*"))


def test_other_forms_take_no_files(send) -> None:
    assert send("/logout", [("scan.upload", ("a.txt", b"a"))]).status_code == 400
