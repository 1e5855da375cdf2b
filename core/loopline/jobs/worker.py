"""A worker: one thread that claims jobs and runs them, as long as it is not told to stop.

While a job runs, a second thread renews its lease, however long the job takes.

On SQLite there is one writer, so a renewal waits behind every writing transaction, that of the job
itself too (a rehearsed import is a single one). Whoever would take the job over has to write as
well and waits just as long; what must not happen is that it gets its turn first and takes the
waiting holder for dead. So a lease counts as lost only if it had run out when this worker last had
the database, before it began to wait: since then the holder had no chance to renew, or had one and
is gone. A process that starts during such a transaction knows no earlier moment than its own start
and may take over too early; that costs work, not truth, since every handler may be repeated.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from loopline.clock import Clock
from loopline.errors import (
    BadRequest,
    Forbidden,
    LooplineError,
    NotFound,
    NotSignedIn,
    NotValid,
    TooLarge,
)
from loopline.jobs.queue import (
    LOST,
    MOST_ATTEMPTS,
    Job,
    claim,
    fail,
    finish,
    give_back,
    give_up_lost,
    renew,
)
from loopline.jobs.schedule import Schedule
from loopline.store.engine import Database

LEASE: Final = timedelta(seconds=60)
FINAL: Final = (BadRequest, Forbidden, NotFound, NotSignedIn, NotValid, TooLarge)
"""Refusals of what was asked: trying again would be refused again."""
PATIENCE: Final = 30.0
"""Seconds that the job at hand has to end in when the worker is stopped."""
_GIVING: Final = 5.0
_RETRY_RENEWAL: Final = 0.5
Handler = Callable[[Job], None]
GivenUp = Callable[[Job, str], None]
"""Is told of a job after its last attempt, with what it ended in."""
_log = logging.getLogger(__name__)


class Worker:
    """Runs jobs one after the other. A handler owns its transactions and must be repeatable."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        handlers: Mapping[str, Handler],
        *,
        lease: timedelta = LEASE,
        schedule: Schedule | None = None,
        given_up: GivenUp | None = None,
    ) -> None:
        self._database = database
        self._lease = lease
        self._clock = clock
        self._handlers = handlers
        self._schedule = schedule
        self._given_up = given_up
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._looked: datetime | None = None
        self._at_hand: Job | None = None

    def start(self, every: float = 0.5) -> None:
        """Run in a thread of its own, looking for work every ``every`` seconds."""
        self._thread = threading.Thread(
            target=self._loop, args=(every,), name="worker", daemon=True
        )
        self._thread.start()

    def stop(self, patience: float = PATIENCE) -> None:
        """Finish the job at hand and end; give it back if it takes longer than some seconds.

        Whoever stops a worker ends the process: what a job that was given back does on is done
        again by whoever takes it over, as after a lost lease.
        """
        self._stop.set()
        if self._thread is None:
            return
        self._thread.join(timeout=patience)
        if self._thread.is_alive() and self._at_hand is not None:
            # on SQLite the job itself may hold the database: then its lease has to run out
            giving = threading.Thread(target=self._give_back, args=(self._at_hand,), daemon=True)
            giving.start()
            giving.join(timeout=_GIVING)

    def run_due(self) -> int:
        """Run every job that is due now; answer how many."""
        count = 0
        while not self._stop.is_set() and self.run_one():
            count += 1
        return count

    def run_one(self) -> bool:
        """Claim and run one job; answer whether there was one."""
        job = self._claim()
        if job is None:
            return False
        handler = self._handlers.get(job.kind)
        self._at_hand = job
        try:
            if handler is None:
                raise LookupError(f"no handler for jobs of kind {job.kind}")
            with self._renewed(job):
                handler(job)
        except FINAL as error:
            _log.warning("job %s %s is given up: %s", job.kind, job.id, error)
            self._fail(job, error, final=True)
        except Exception as error:  # noqa: BLE001 a failing job must not end the worker
            _log.exception("job %s %s failed (attempt %s)", job.kind, job.id, job.attempts)
            self._fail(job, error, final=False)
        else:
            with self._database.write() as connection:
                if not finish(connection, job, self._clock.now()):
                    _log.warning("job %s %s was done after its lease was lost", job.kind, job.id)
        self._at_hand = None
        return True

    def _claim(self) -> Job | None:
        lost_before = self._looked or self._clock.now()
        with self._database.write() as connection:
            now = self._looked = self._clock.now()
            lost = give_up_lost(connection, now, lost_before)
            job = claim(connection, now, self._lease, lost_before)
        for one in lost:
            _log.warning("job %s %s is given up: %s", one.kind, one.id, LOST)
            self._tell(one, LOST)
        return job

    def _give_back(self, job: Job) -> None:
        with self._database.write() as connection:
            given = give_back(connection, job, self._clock.now())
        if given:
            _log.warning("job %s %s took too long to end and was given back", job.kind, job.id)

    def _fail(self, job: Job, error: Exception, *, final: bool) -> None:
        told = f"{type(error).__name__}: {error}"
        with self._database.write() as connection:
            held = fail(connection, job, self._clock.now(), told, final=final)
        if held and (final or job.attempts >= MOST_ATTEMPTS):
            self._tell(job, told)

    def _tell(self, job: Job, error: str) -> None:
        """Tell of a job that was given up; whoever is told runs in transactions of its own."""
        if self._given_up is not None:
            self._given_up(job, error)

    @contextmanager
    def _renewed(self, job: Job) -> Iterator[None]:
        """Renew the lease of a job three times as often as it runs out, until leaving."""
        over = threading.Event()
        keeper = threading.Thread(target=self._renew, args=(job, over), name="lease", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            over.set()
            keeper.join()

    def _renew(self, job: Job, over: threading.Event) -> None:
        often = self._lease.total_seconds() / 3
        pause = often
        while not over.wait(pause):
            pause = min(often, _RETRY_RENEWAL)
            try:
                with self._database.write() as connection:
                    if not renew(connection, job, self._clock.now(), self._lease):
                        _log.warning("job %s %s lost its lease", job.kind, job.id)
                        return
                pause = often
            except (LooplineError, sa.exc.SQLAlchemyError):  # a database that is away comes back
                _log.exception("the lease of job %s %s could not be renewed", job.kind, job.id)

    def _loop(self, every: float) -> None:
        while not self._stop.is_set():
            try:
                if self._schedule is not None:
                    self._schedule.enqueue_due(self._clock.now())
                self.run_due()
            except Exception:  # noqa: BLE001 a database that is away comes back
                _log.exception("the worker could not look for jobs")
            self._stop.wait(every)
