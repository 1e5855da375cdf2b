"""Signatures of webhooks: HMAC-SHA256 over the time of sending and the body."""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final

TIMESTAMP: Final = "Loopline-Timestamp"
SIGNATURE: Final = "Loopline-Signature"
TOLERANCE: Final = timedelta(minutes=5)


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """Answer the signature of a body sent at a Unix time, as it stands in the head: ``v1=hex``."""
    signed = f"{timestamp}.".encode() + body
    return f"v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def verify(secret: str, timestamp: str, signature: str, body: bytes, now: datetime) -> bool:
    """Whether a signature is right and its time within five minutes of ``now``."""
    if not timestamp.isascii() or not timestamp.isdigit() or not signature.isascii():
        return False
    sent = int(timestamp)
    fresh = abs(now.timestamp() - sent) <= TOLERANCE.total_seconds()
    return fresh and hmac.compare_digest(sign(secret, sent, body), signature)
