"""Random secrets and their hashes: only hashes are stored."""

import hashlib
import secrets


def new_secret() -> str:
    """Answer a fresh secret of 256 bits, safe in URLs and headers."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """Answer the hash under which a secret is stored; it has full entropy, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()
