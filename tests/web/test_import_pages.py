"""Importing a file in the browser: a rehearsal, corrected columns, the import itself."""

import re

import pytest

from loopline.services.editing import update
from loopline.services.tabular.read import read
from loopline.sites import add_user
from loopline.testing import publish_documents
from web.visitor import PASSWORD, Visitor, add_person

PAGE = "/records/x_thing/import"
ROLE = """
kind: role
id: x_reader
format: 1
label: {zh: 读者, en: Reader}
grants: {things: {entity: x_thing, actions: [read]}}
"""
SHEET = b"Name,E-mail,Tally\nLathe,ada@b.cn,3\nPress,not mail,4\n"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Answer one kind of database: the pages ask what the API asks."""
    return sqlite_url


@pytest.fixture
def worked(ada: Visitor, platform):
    """Answer what follows a form to the page it leads to, once the job behind it is done."""

    def follow(answer) -> tuple[str, str]:
        assert answer.status_code == 303, answer.text
        path = answer.headers["location"]
        platform.worker().run_due()
        return path, ada.get(path).text

    return follow


@pytest.fixture
def sent(ada: Visitor, worked):
    """Answer what sends a file and follows to its rehearsal."""

    def send(sheet: bytes = SHEET, **form: str) -> tuple[str, str]:
        data = {"csrf": ada.csrf(), **form}
        file = {"file.upload": ("things.csv", sheet)}
        return worked(ada.client.post(PAGE, data=data, files=file, follow_redirects=False))

    return send


@pytest.fixture
def names(ada: Visitor):
    """Answer a reader of the titles in the list."""
    return lambda: set(re.findall(r">(Lathe|Press)<", ada.get("/records/x_thing").text))


def numbers(page: str) -> list[str]:
    return re.findall(r'class="v[^"]*">([\d,]+)<', page)


def test_a_rehearsal_tells_what_would_come_of_each_row(sent, names) -> None:
    _, page = sent()
    assert numbers(page) == ["1", "0", "0", "1"]
    assert "not mail" in page
    assert re.search(r'value="mail" selected', page)
    assert names() == set()


def test_what_was_rehearsed_is_imported_once(ada: Visitor, sent, worked, names) -> None:
    path, _ = sent(on_match="update")
    imported, page = worked(ada.send(path, _act="import"))
    assert imported != path
    assert numbers(page) == ["1", "0", "0", "1"]
    assert names() == {"Lathe"}
    again = ada.send(path, _act="import")
    assert again.headers["location"] == imported
    made = re.search(r'href="(/records/x_thing\?filter=[^"]+)"', page)[1].replace("&amp;", "&")
    assert "Lathe" in ada.get(made).text


def test_a_corrected_column_is_rehearsed_before_it_is_imported(
    ada: Visitor, sent, worked, names
) -> None:
    path, page = sent(on_match="update")
    tally = re.search(r'name="(column\.\d+)" aria-label="Tally"', page)[1]
    seen, page = worked(ada.send(path, _act="import", **{tally: "count"}))
    assert names() == set()
    assert re.search(r'value="count" selected', page)
    worked(ada.send(seen, _act="import"))
    assert ">3<" in ada.get("/records/x_thing?columns=name&columns=count").text


def test_a_column_may_be_left_out(ada: Visitor, sent, worked) -> None:
    path, page = sent()
    mail = re.search(r'name="(column\.\d+)" aria-label="E-mail"', page)[1]
    _, page = worked(ada.send(path, _act="rehearse", **{mail: ""}))
    assert numbers(page) == ["2", "0", "0", "0"]


def test_a_field_filled_twice_is_told_on_the_page(ada: Visitor, sent) -> None:
    path, page = sent()
    mail = re.search(r'name="(column\.\d+)" aria-label="E-mail"', page)[1]
    refused = ada.send(path, _act="rehearse", **{mail: "name"})
    assert (refused.status_code, 'id="problems"' in refused.text) == (422, True)


def test_a_key_finds_what_is_there(ada: Visitor, sent, worked, make_record) -> None:
    make_record("x_thing", name="Old", mail="ada@b.cn")
    _, page = sent(key="mail", on_match="update")
    assert numbers(page) == ["0", "1", "0", "1"]
    _, page = sent(key="mail", on_match="skip")
    assert numbers(page) == ["0", "0", "1", "1"]


def test_refused_rows_are_a_file(ada: Visitor, sent, tmp_path) -> None:
    path, _ = sent()
    file = tmp_path / "errors.xlsx"
    file.write_bytes(ada.get(f"{path}/errors").content)
    assert [row.cells[0] for row in read(file, "errors.xlsx").rows] == ["Press"]


@pytest.mark.parametrize(
    ("files", "told"),
    [({}, "请先选择文件"), ({"file.upload": ("a.csv", b"Wibble,Wobble\n1,2\n")}, "Wibble")],
)
def test_what_cannot_be_imported_is_told_on_the_page(ada: Visitor, files, told) -> None:
    data = {"csrf": ada.csrf(), "key": "mail"}
    answer = ada.client.post(PAGE, data=data, files=files or {"x": b""}, follow_redirects=False)
    assert (answer.status_code, told in answer.text) == (422, True)
    assert re.search(r'value="mail" selected', answer.text)


def test_the_list_leads_to_the_page(ada: Visitor) -> None:
    assert f'href="{PAGE}"' in ada.get("/records/x_thing").text


def test_nobody_sees_the_file_of_another(ada: Visitor, sent, platform) -> None:
    path, _ = sent()
    ada.client.cookies.clear()
    ada.sign_in(add_person(platform, "Ben"))
    assert ada.get(path).status_code == 404
    assert ada.get(f"{path}/errors").status_code == 404
    assert ada.send(path, _act="import").status_code == 404


def test_who_may_create_none_gets_no_page(platform, visitor: Visitor) -> None:
    publish_documents(platform, ROLE)
    email = "eve@example.com"
    add_user(platform, email, "Eve", PASSWORD, administrator=False, roles=("x_reader",))
    visitor.sign_in(email)
    assert f'href="{PAGE}"' not in visitor.get("/records/x_thing").text
    assert visitor.get(PAGE).status_code == 403
    sent = {"file.upload": ("a.csv", SHEET)}
    form = {"csrf": visitor.csrf()}
    assert visitor.client.post(PAGE, data=form, files=sent).status_code == 403


def test_an_import_is_undone_and_tells_what_it_left(
    ada: Visitor, sent, worked, names, platform, as_user
) -> None:
    path, page = sent(b"Name,E-mail\nLathe,ada@b.cn\nPress,ben@b.cn\n")
    assert 'class="undoing"' not in page
    path, page = worked(ada.send(path, _act="import"))
    assert names() == {"Lathe", "Press"}
    with platform.write(as_user("Ben", administrator=True), via="page") as ctx:
        update(ctx, "x_thing", 1, {"note": "ours"})
    assert 'class="undoing"' in page
    _, page = worked(ada.send(path, _act="undo"))
    assert numbers(page) == ["1", "0", "1"]
    assert 'href="/records/x_thing/1">Lathe<' in page
    assert names() == {"Lathe"}
    assert "再次尝试撤销其余的" in page
