"""What restoring and backing up refuse: by name, and with nothing changed."""

import json
import random
import zipfile
from pathlib import Path

import pytest

from loopline.errors import Conflict, LooplineError, NotValid


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: what is refused is refused before it is asked."""
    return sqlite_url


@pytest.fixture
def archive(filled, back_up) -> Path:
    return back_up()


def rewritten(archive: Path, manifest=None, **members: bytes | None) -> Path:
    """Answer a copy with another manifest and other members; None leaves one out."""
    goal = archive.with_name("other.zip")
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(goal, "w") as target:
        names = {one: source.read(one) for one in source.namelist()} | members
        said = json.loads(names["manifest.json"]) | (manifest or {})
        names["manifest.json"] = json.dumps(said).encode()
        for name, content in names.items():
            if content is not None:
                target.writestr(name, content)
    return goal


def refused(bring_back, file: Path, **given: object) -> tuple[str, str]:
    """Answer place and code of the one problem that a restore ends in."""
    with pytest.raises(NotValid) as caught:
        bring_back(file, **given)
    return caught.value.problems[0].path, caught.value.problems[0].code


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 0.999])
def test_a_truncated_archive_is_refused(archive, bring_back, tmp_path, share) -> None:
    content = archive.read_bytes()
    archive.write_bytes(content[: int(len(content) * share)])
    assert refused(bring_back, archive) == (str(archive), "backup.broken")
    assert not (tmp_path / "other").exists()


def test_one_byte_that_changed_is_found(archive, bring_back, tmp_path) -> None:
    chosen, content = random.Random(5), archive.read_bytes()  # noqa: S311, a fixed seed on purpose
    for _ in range(60):
        place = chosen.randrange(len(content))
        spoilt = bytearray(content)
        spoilt[place] ^= 0x55
        archive.write_bytes(spoilt)
        try:
            bring_back(archive, folder=tmp_path / f"at{place}")
        except LooplineError:
            assert not (tmp_path / f"at{place}").exists()


@pytest.mark.parametrize(
    ("member", "content", "code"),
    [
        ("site.toml", b"[site]\n", "backup.changed"),
        ("site.toml", None, "backup.broken"),
        ("files/more", b"x", "backup.strange"),
        ("manifest.json", b"{}", "backup.broken"),
        ("manifest.json", b'{"format": []}', "backup.broken"),
    ],
)
def test_the_place_is_named(archive, bring_back, tmp_path, member, content, code) -> None:
    spoilt = rewritten(archive, **{member: content})
    assert refused(bring_back, spoilt) == (f"{spoilt}: {member}", code)
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("name", ["../out", "/out", "files/../../out", "files\\out", "C:out", "x"])
def test_nothing_is_written_elsewhere(archive, bring_back, tmp_path, name) -> None:
    with zipfile.ZipFile(archive) as source:
        members = json.loads(source.read("manifest.json"))["members"]
    members[name] = {
        "bytes": 1,
        "sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
    }
    strange = rewritten(archive, {"members": members}, **{name: b"x"})
    assert refused(bring_back, strange)[1] == "backup.strange"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "said", [{"format": 2}, {"loopline": "99.1"}, {"steps": ["9999_of_tomorrow"]}]
)
def test_a_newer_version_is_refused(archive, bring_back, said) -> None:
    newer = rewritten(archive, said)
    assert refused(bring_back, newer) == (str(newer), "backup.newer")


def test_the_other_kind_of_database_is_refused(archive, bring_back) -> None:
    found = refused(bring_back, archive, database="postgresql://nobody@127.0.0.1:1/none")
    assert found == ("database", "backup.other_database")


def test_a_folder_in_use_is_refused(archive, bring_back, platform, tmp_path) -> None:
    with pytest.raises(Conflict) as caught:
        bring_back(archive, folder=platform.settings.folder)
    assert caught.value.key == "backup.full"
    with pytest.raises(Conflict) as caught:
        bring_back(archive, database=platform.settings.database_url)
    assert caught.value.key == "backup.full_database"
    assert not (tmp_path / "other").exists()


def test_an_archive_is_no_part_of_itself(platform, back_up) -> None:
    with pytest.raises(NotValid) as caught:
        back_up(platform.settings.files / "site.zip")
    assert caught.value.problems[0].code == "backup.inside"
    assert list(platform.settings.files.iterdir()) == []


def test_passwords_stay_behind(filled, back_up) -> None:
    url = "postgresql://ada:secret@host/club?password=secret"
    said = f"[database]\nurl = '{url}'\n[site]\nname = 'Club'\n"
    (filled.settings.folder / "site.toml").write_text(said, encoding="utf-8")
    with zipfile.ZipFile(back_up()) as found:
        settings = found.read("site.toml").decode()
    assert "secret" not in settings
    assert 'url = "postgresql://ada@host/club"' in settings
    assert 'name = "Club"' in settings
