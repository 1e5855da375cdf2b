"""Everything a plugin may import from Loopline; what is not here is not public."""

from loopline.access.context import Actor
from loopline.bootstrap import site_context
from loopline.calendars.calendar import WorkingCalendar
from loopline.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    LooplineError,
    NotFound,
    NotValid,
    PluginFailed,
    Problem,
)
from loopline.expr.literals import quoted
from loopline.hooks.chronicle import Acted, Changed, ChronicleContext, Found, Made, Named
from loopline.hooks.chronicle import Step as ChronicleStep
from loopline.hooks.declarations import (
    Action,
    ApprovalStep,
    Approved,
    Document,
    File,
    Job,
    Json,
    Kind,
    Page,
    PageAnswer,
    PageRequest,
    Panel,
    Redirect,
    Rejected,
    ReportWidget,
    Result,
    Template,
    Waiting,
)
from loopline.hooks.declare import DeclareContext, DocumentFolder, SeedContext
from loopline.hooks.events import (
    Add,
    Change,
    JobFailed,
    Lifecycle,
    MailArrived,
    Published,
    Publishing,
    RecordsChanged,
    RecordsChanging,
    RecordsMoving,
    Refuse,
    Scoping,
    Set,
    Showing,
    StageMove,
    Taken,
)
from loopline.hooks.specs import hookimpl
from loopline.language import Label, Texts
from loopline.query.grid import Column as QueryColumn
from loopline.query.grid import ResultGrid
from loopline.query.grid import Row as QueryRow
from loopline.services.pipelines.reading import StageEntry
from loopline.services.plugin_context import PluginContext as Context
from loopline.services.plugin_doors.approvals import ApprovalState
from loopline.store.rows import Record

__all__ = [
    "Acted",
    "Action",
    "Actor",
    "Add",
    "ApprovalState",
    "ApprovalStep",
    "Approved",
    "BadRequest",
    "Change",
    "Changed",
    "ChronicleContext",
    "ChronicleStep",
    "Conflict",
    "Context",
    "DeclareContext",
    "Document",
    "DocumentFolder",
    "File",
    "Forbidden",
    "Found",
    "Job",
    "JobFailed",
    "Json",
    "Kind",
    "Label",
    "Lifecycle",
    "LooplineError",
    "Made",
    "MailArrived",
    "Named",
    "NotFound",
    "NotValid",
    "Page",
    "PageAnswer",
    "PageRequest",
    "Panel",
    "PluginFailed",
    "Problem",
    "Published",
    "Publishing",
    "QueryColumn",
    "QueryRow",
    "Record",
    "RecordsChanged",
    "RecordsChanging",
    "RecordsMoving",
    "Redirect",
    "Refuse",
    "Rejected",
    "ReportWidget",
    "Result",
    "ResultGrid",
    "Scoping",
    "SeedContext",
    "Set",
    "Showing",
    "StageEntry",
    "StageMove",
    "Taken",
    "Template",
    "Texts",
    "Waiting",
    "WorkingCalendar",
    "hookimpl",
    "quoted",
    "site_context",
]
