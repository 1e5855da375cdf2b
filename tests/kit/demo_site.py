"""The demo in small: the seeds of its pack, its people, and a chronicle of a few customers."""

import re

from starlette.testclient import TestClient

from loopline.bootstrap import Platform
from loopline.cli.demo import let_in
from loopline.clock import FixedClock
from loopline.hooks.declare import SeedContext
from loopline.meta.schemas import Schemas
from loopline.services.sources import read_demo
from loopline.sites import SEED, load_seeds, tell_chronicle


def live(platform: Platform, clock: FixedClock, scale: float) -> None:
    """Fill a site made with the pack of the demo, up to the moment its clock stands at."""
    said = read_demo("equipment", Schemas())
    context = SeedContext(now=clock.at, seed=SEED, language="zh", scale=scale)
    load_seeds(platform, demo=True, context=context)
    let_in(platform, said)
    tell_chronicle(platform, clock, said.chronicle, context)


def sign_in(client: TestClient, email: str, password: str) -> None:
    """Let a browser sign in on the page for it."""
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/login").text)
    sent = {"email": email, "password": password, "csrf": found[1] if found else ""}
    client.post("/login", data=sent)
