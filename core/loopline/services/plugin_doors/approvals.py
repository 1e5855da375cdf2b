"""The door to approvals: how a record stands, whether one is needed, asking for it."""

from dataclasses import dataclass, field
from datetime import datetime

import loopline.store.approvals as store
from loopline.access.context import Context
from loopline.language import Label
from loopline.services import permits
from loopline.services.actions import run_action
from loopline.services.approvals.inbox import of_record
from loopline.services.approvals.lock import is_covered
from loopline.services.approvals.start import needed_for
from loopline.store.approvals import Request, Seat, Step
from loopline.store.rows import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalSeat:
    """Somebody who is or was asked, by id; ``for_user`` is in whose name they were to decide.

    ``state`` is waiting, queued, approved, rejected, returned, handed_on or closed.
    """

    user: int
    for_user: int | None
    state: str
    decided_by: int | None
    decided_at: datetime | None
    comment: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalStepState:
    """A step that a request has reached, by its id in the document.

    ``state`` is open, stuck, passed, rejected, returned or closed.
    """

    step: str
    state: str
    opened_at: datetime
    closed_at: datetime | None
    seats: tuple[ApprovalSeat, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalState:
    """How one approval of a record stands, by the newest request for it.

    ``state`` is pending, approved, rejected, returned, withdrawn or voided; blank where nobody has
    asked yet. ``needed`` is whether the record as it stands needs it, ``covered`` whether it was
    approved for just what the record now holds.
    """

    approval: str
    label: Label
    state: str
    needed: bool
    covered: bool
    round: int = 0
    request: int | None = None
    submitted_by: int | None = None
    submitted_at: datetime | None = None
    finished_at: datetime | None = None
    steps: tuple[ApprovalStepState, ...] = ()

    @property
    def waiting(self) -> tuple[int, ...]:
        """The users whose decision is awaited."""
        seats = (seat for step in self.steps for seat in step.seats)
        return tuple(seat.user for seat in seats if seat.state == "waiting")


@dataclass(frozen=True, slots=True)
class Approvals:
    """The approvals of records, seen and asked for with the rights of whoever acts."""

    _ctx: Context = field(repr=False)

    def of(self, entity: str, record_id: int) -> tuple[ApprovalState, ...]:
        """Answer how each approval of a record stands: those it needs, and those once asked for.

        Raises NotFound where the actor may not read the record.
        """
        record = permits.readable(self._ctx, self._ctx.snapshot.table(entity), record_id)
        known = {
            one.request.document: one.request for one in of_record(self._ctx, entity, record_id)
        }
        needed = {one.id for one in needed_for(self._ctx, record)}
        defined = self._ctx.snapshot.catalog.approvals.get(entity, ())
        return tuple(
            self._state(record, one.id, known.get(one.id), needed=one.id in needed)
            for one in defined
            if one.id in needed or one.id in known
        )

    def missing(self, entity: str, record_id: int) -> tuple[ApprovalState, ...]:
        """Answer the approvals that a record needs as it stands and does not have."""
        return tuple(one for one in self.of(entity, record_id) if one.needed and not one.covered)

    def submit(
        self, entity: str, record_id: int, *, approval: str = "", comment: str = ""
    ) -> tuple[ApprovalState, ...]:
        """Ask for what a record needs, or for one ``approval``; answer how each now stands.

        Raises NotFound, Forbidden for those who may not change the record, NotValid where it needs
        none, Conflict where each is pending or was given.
        """
        said = {"approval": approval, "comment": comment}
        settings = {name: text for name, text in said.items() if text}
        run_action(self._ctx, entity, [record_id], "submit", settings)
        return self.of(entity, record_id)

    def _state(
        self, record: Record, approval: str, request: Request | None, *, needed: bool
    ) -> ApprovalState:
        definition = self._ctx.snapshot.catalog.approval(approval)
        if request is None:
            return ApprovalState(
                approval=approval, label=definition.label, state="", needed=needed, covered=False
            )
        approved = request.state == "approved"
        return ApprovalState(
            approval=approval,
            label=definition.label,
            state=request.state,
            needed=needed,
            covered=approved and is_covered(self._ctx, definition, request, record),
            round=request.round,
            request=request.id,
            submitted_by=request.submitted_by,
            submitted_at=request.submitted_at,
            finished_at=request.finished_at,
            steps=self._steps(request),
        )

    def _steps(self, request: Request) -> tuple[ApprovalStepState, ...]:
        connection = self._ctx.connection
        seats = store.seats_of(connection, [request.id])
        return tuple(_step(one, seats) for one in store.steps_of(connection, [request.id]))


def _step(step: Step, seats: list[Seat]) -> ApprovalStepState:
    return ApprovalStepState(
        step=step.step,
        state=step.state,
        opened_at=step.opened_at,
        closed_at=step.closed_at,
        seats=tuple(_seat(one) for one in seats if one.step == step.id),
    )


def _seat(seat: Seat) -> ApprovalSeat:
    return ApprovalSeat(
        user=seat.user_id,
        for_user=seat.for_user,
        state=seat.state,
        decided_by=seat.decided_by,
        decided_at=seat.decided_at,
        comment=seat.comment or "",
    )
