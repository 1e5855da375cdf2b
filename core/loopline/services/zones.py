"""Time zones of people: only known ones are written, whatever was written before is read."""

from loopline.access.accounts import readable_zone
from loopline.errors import Problem


def check_zone(path: str, name: str) -> list[Problem]:
    """Answer what is wrong with the name of a time zone: nothing where the tz database has it."""
    return [] if readable_zone(name, "") else [Problem(path, "user.zone", {"zone": name})]
