"""Hashing passwords costs much on purpose, and never takes the machine from the rest."""

import threading
from concurrent.futures import ThreadPoolExecutor
from time import sleep

from loopline.access.passwords import Passwords


class CountingHasher:
    """Stands for argon2; knows how many hashes were under way at most."""

    def __init__(self) -> None:
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()

    def hash(self, password: str) -> str:
        self._count(1)
        sleep(0.02)
        self._count(-1)
        return password

    def verify(self, stored: str, password: str) -> bool:
        return self.hash(stored) == password

    def _count(self, by: int) -> None:
        with self._lock:
            self._now += by
            self.most = max(self.most, self._now)


def test_at_most_four_are_hashed_at_once() -> None:
    hasher = CountingHasher()
    passwords = Passwords(hasher)
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(lambda n: passwords.verify(f"p{n}", "p7"), range(24)))
    assert (hasher.most, found.count(True)) == (4, 1)


def test_somebody_unknown_costs_as_much_as_somebody_known() -> None:
    hasher = CountingHasher()
    passwords = Passwords(hasher)
    assert passwords.verify(None, "nobody has this password") is False
    assert hasher.most == 1
