"""How many requests came, how they ended, how long they took: numbers without names."""

from datetime import datetime
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
)
from prometheus_client.exposition import generate_latest

from loopline import __version__
from loopline.jobs.figures import Figures

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_JOB_STATES: Final = ("ready", "running", "done", "dead")
_MAIL_STATES: Final = ("waiting", "sent", "kept")
_DELIVERY_STATES: Final = ("waiting", "delivered", "failed")
_SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class RequestMeter:
    """The requests of one process, by route as it is declared, never by address."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = Counter(
            "loopline_http_requests",
            "Requests answered",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "loopline_http_request_seconds",
            "Seconds until the answer was sent",
            ("method", "route"),
            registry=self._registry,
            buckets=_SECONDS,
        )

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answered request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def text(self, site: bytes) -> bytes:
        """Answer all numbers in the text format of Prometheus, those of the site in front."""
        return site + generate_latest(self._registry)


def site_numbers(figures: Figures, now: datetime, release: int) -> bytes:
    """Answer the numbers that the database holds, the same from whichever process."""
    registry = CollectorRegistry()
    counted = (
        ("loopline_jobs", "Jobs by state", figures.jobs, _JOB_STATES),
        ("loopline_mails", "Outgoing mails by state", figures.mails, _MAIL_STATES),
        (
            "loopline_webhook_deliveries",
            "Outgoing webhooks by state",
            figures.deliveries,
            _DELIVERY_STATES,
        ),
    )
    for name, told, found, states in counted:
        gauge = Gauge(name, told, ("state",), registry=registry)
        for state in states:
            gauge.labels(state).set(found.get(state, 0))
    wait, seen = figures.waiting_since, figures.looked_at
    waited = 0.0 if wait is None else (now - wait).total_seconds()
    single = {
        "loopline_job_wait_seconds": ("Since when the oldest due job waits", waited),
        "loopline_worker_seen_timestamp_seconds": (
            "When a worker last looked for work, 0 for never",
            0.0 if seen is None else seen.timestamp(),
        ),
        "loopline_clocks_late": ("Deadlines that came and nobody looked at", figures.late_clocks),
        "loopline_release": ("The release that is served", release),
    }
    for name, (told, value) in single.items():
        Gauge(name, told, registry=registry).set(value)
    Info("loopline", "The version that answers", registry=registry).info({"version": __version__})
    return generate_latest(registry)
