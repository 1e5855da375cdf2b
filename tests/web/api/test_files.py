"""Files over the API: kept, told by content, named by records, given to who may read them."""

import hashlib
import struct

import pytest

from loopline.store.files import read_files

DOCUMENTS = """
kind: entity
id: x_paper
format: 1
label: {zh: 文书, en: Paper}
title_field: name
fields:
  name:    {type: text, label: {zh: 名称, en: Name}}
  scan:    {type: file, label: {zh: 扫描件, en: Scan}}
  photo:   {type: image, label: {zh: 照片, en: Photo}}
  annexes: {type: files, label: {zh: 附件, en: Annexes}}
"""
PAPERS = "/records/x_paper"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 4, 3) + b"rest"
HUGE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 90_000, 90_000)


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


@pytest.fixture
def upload(call):
    """Answer an uploader of content; it answers what the API says of the file."""

    def send(content: bytes, name: str = "a.txt"):
        return call("POST", "/files", files={"file": (name, content, "text/html")})

    return send


def test_a_file_comes_back_as_an_attachment(call, upload, platform) -> None:
    kept = upload(b"<script>1</script>", "../../x/evil\u202e.html").json()
    answer = call("GET", f"/files/{kept['id']}")
    assert answer.content == b"<script>1</script>"
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    name = hashlib.sha256(answer.content).hexdigest()
    assert [one.name for one in platform.settings.files.rglob("*") if one.is_file()] == [name]


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (PNG, "a.txt", "image/png"),
        (b"%PDF-1.7", "a.png", "application/pdf"),
        (b"PK\x03\x04rest", "a.exe", "application/zip"),
        ("价目".encode(), "a.exe", "text/plain"),
        (b"MZ\0\1", "a.txt", "application/octet-stream"),
    ],
)
def test_a_file_is_told_by_its_content(upload, content, name, media_type) -> None:
    assert upload(content, name).json()["media_type"] == media_type


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "upload.empty"),
        (HUGE, 422, "image.too_large"),
        (PNG[:18], 422, "image.unreadable"),
        (b"x" * (50 * 1024 * 1024 + 1), 413, "file.too_large"),
    ],
)
def test_what_is_not_kept(upload, platform, content, status, code) -> None:
    refused = upload(content)
    said = refused.json()
    assert refused.status_code == status
    assert code in {said["code"], *(one["code"] for one in said["problems"])}
    assert [one for one in platform.settings.files.rglob("*") if one.is_file()] == []


def test_records_name_files(call, upload) -> None:
    text, picture = upload(b"text").json()["id"], upload(PNG).json()["id"]
    body = {"name": "a", "scan": text, "photo": picture, "annexes": [picture, text]}
    made = call("POST", PAPERS, json=body).json()
    assert (made["scan"], made["photo"], made["annexes"]) == (text, picture, [text, picture])


@pytest.mark.parametrize(
    ("field", "wrong", "code"),
    [
        ("scan", 999, "file.missing"),
        ("annexes", [999], "file.missing"),
        ("photo", None, "image.unreadable"),
        ("scan", "a.txt", "file.unreadable"),
    ],
)
def test_what_is_no_fitting_file_is_refused(call, upload, field, wrong, code) -> None:
    given = wrong if wrong is not None else upload(b"text").json()["id"]
    refused = call("POST", PAPERS, json={field: given})
    assert [one["code"] for one in refused.json()["problems"]] == [code]


def test_a_stranger_reads_a_file_only_through_a_record(ask, token, call, upload) -> None:
    kept = upload(b"secret").json()["id"]
    stranger = token("read", "write", "metadata")
    assert ask(stranger, "GET", f"/files/{kept}").status_code == 404
    guessed = ask(stranger, "POST", PAPERS, json={"scan": kept})
    assert [one["code"] for one in guessed.json()["problems"]] == ["file.missing"]
    call("POST", PAPERS, json={"name": "shared", "annexes": [kept]})
    assert ask(stranger, "GET", f"/files/{kept}").content == b"secret"


def test_an_upload_waits_until_a_record_holds_it(call, upload, platform) -> None:
    held, stray = (upload(one).json()["id"] for one in (b"held", b"stray"))
    call("POST", PAPERS, json={"name": "a", "scan": held})
    with platform.read() as ctx:
        known = read_files(ctx.connection, {held, stray})
    assert known[held].waits_since is None
    assert known[stray].waits_since is not None


def test_the_same_content_is_kept_once(upload, platform) -> None:
    assert upload(b"same").json()["id"] != upload(b"same").json()["id"]
    assert len([one for one in platform.settings.files.rglob("*") if one.is_file()]) == 1
