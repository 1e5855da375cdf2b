"""A board whose pipeline is a disabled plugin's is drawn as the list that it is."""

from starlette.testclient import TestClient

from loopline.services.plugin_states import disable
from loopline.sites import add_user
from loopline.web.app import create_app

CODE = """
    @hookimpl
    def register_documents(ctx):
        stages = {"big": {}, "small": {}}
        way = {"label": "Way", "entity": "x_thing", "field": "kind_of", "stages": stages}
        board = {"label": "Board", "entity": "x_thing", "type": "kanban", "pipeline": "way",
                 "card": {"fields": {"name": {}}}}
        yield Document("pipeline", "way", way)
        yield Document("view", "board", board)
"""


def test_its_address_keeps_answering(grow, ask) -> None:
    platform = grow(CODE)
    ask(platform, "POST", "/records/x_thing", json={"name": "Lamp", "kind_of": "big"})
    add_user(platform, "root@example.com", "Root", "loopline-test", administrator=True)
    with TestClient(create_app(platform), base_url="http://localhost") as client:
        client.post("/login", data={"email": "root@example.com", "password": "loopline-test"})
        page = "/records/x_thing?view=board"
        assert "Lamp" in client.get(page).text
        with platform.write() as ctx:
            disable(ctx, platform.shelf, "acme")
        shown = client.get(page)
        assert (shown.status_code, "Lamp" in shown.text) == (200, True)
