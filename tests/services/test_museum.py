"""Every database of the museum opens with the code of today, and nothing of it is lost."""

import gzip
import json
import shutil
from pathlib import Path

import pytest

from kit.records import Records, all_records
from loopline.bootstrap import build_platform
from loopline.query.lists import ListQuery, page
from loopline.settings import load_settings
from loopline.sites import upgrade
from loopline.store.standing import damage, missing_elements
from loopline.testing.templates import SiteRecipe

MUSEUM = Path(__file__).parents[1] / "museum"
PIECES = sorted(MUSEUM.glob("*.sqlite.gz"))


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.name.partition(".")[0])
def test_an_old_site_is_upgraded_and_keeps_its_records(piece: Path, tmp_path: Path) -> None:
    with gzip.open(piece) as packed, (tmp_path / "loopline.db").open("wb") as target:
        shutil.copyfileobj(packed, target)
    recipe = SiteRecipe(frozenset(), (), "")
    recipe.write_settings(tmp_path / "site", f"sqlite:///{tmp_path / 'loopline.db'}")
    platform = build_platform(load_settings(tmp_path / "site"))
    upgrade(platform)
    beside = piece.with_name(piece.name.replace("sqlite.gz", "json"))
    expected: Records = json.loads(beside.read_text("utf-8"))
    found = all_records(platform)
    for entity, records in expected.items():
        for record, values in records.items():
            assert {name: found[entity][record].get(name) for name in values} == values
    with platform.read() as ctx:
        for entity, records in expected.items():
            living = sum(not one["deleted"] for one in records.values())
            assert len(page(ctx, ListQuery(entity=entity)).records) == living
        assert missing_elements(ctx.connection, ctx.snapshot) == []
        assert damage(ctx.connection) == []
    platform.close()


def test_the_museum_has_a_piece() -> None:
    assert PIECES
