"""What the service is told when work was given up: customers may be waiting for it."""

from typing import Final

from loopline.sdk import Context, JobFailed
from loopline_service.found import TICKET, link
from loopline_service.people import EXPERT
from loopline_service.texts import texts

_MAIL: Final = "mail.send"
_OURS: Final = frozenset({_MAIL, "hook.after_change", "clock.action", "clock.tick"})
"""Work on which customers and promised times wait: mails, what follows changes, clocks."""


def tell(ctx: Context, event: JobFailed) -> None:
    """Tell the experts of the service, else whoever has a skill, once a job that was given up.

    Mails of a site that names no server are no news.
    """
    if event.kind not in _OURS or (event.kind == _MAIL and not ctx.messages.can_mail):
        return
    skills = list(ctx.elevated("given up").every("skill"))
    experts = {link(one, "user") for one in skills if one.value("level") == EXPERT}
    everybody = {link(one, "user") for one in skills}
    reason = (event.error.strip().splitlines() or [""])[-1][:200]
    message = texts("job.given_up", kind=texts(f"job.{event.kind}"), number=event.job, why=reason)
    ctx.messages.notify(sorted(experts or everybody), message, TICKET, event=f"job:{event.job}")
