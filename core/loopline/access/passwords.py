"""Passwords: argon2id, at most four hashes at a time so that logins cannot starve the rest."""

import threading
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MINIMUM_LENGTH: Final = 8


class Passwords:
    """Hashes and verifies passwords; kept by the platform and used outside transactions.

    ``hasher`` says how much work a hash is; by default as much as argon2-cffi recommends.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._places = threading.BoundedSemaphore(4)
        self._decoy = ""

    def hash(self, password: str) -> str:
        """Answer the hash to store."""
        with self._places:
            return self._hasher.hash(password)

    def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password fits; takes as long for somebody who does not exist."""
        if stored is None and not self._decoy:
            self._decoy = self.hash("nobody has this password")
        with self._places:
            try:
                return self._hasher.verify(stored or self._decoy, password) and stored is not None
            except (VerificationError, InvalidHashError):
                return False
