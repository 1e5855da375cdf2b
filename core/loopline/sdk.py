"""Everything a plugin may import from Loopline; what is not here is not public."""

from loopline.access.context import Actor
from loopline.calendars.calendar import WorkingCalendar
from loopline.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    LooplineError,
    NotFound,
    NotValid,
    Problem,
)
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
    PageRequest,
    Panel,
    Redirect,
    Rejected,
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
    Published,
    Publishing,
    RecordsChanged,
    RecordsChanging,
    Refuse,
    Scoping,
    Set,
    Showing,
)
from loopline.hooks.specs import hookimpl
from loopline.language import Label
from loopline.query.grid import ResultGrid
from loopline.services.plugin_context import PluginContext as Context
from loopline.store.rows import Record

__all__ = [
    "Action",
    "Actor",
    "Add",
    "ApprovalStep",
    "Approved",
    "BadRequest",
    "Change",
    "Conflict",
    "Context",
    "DeclareContext",
    "Document",
    "DocumentFolder",
    "File",
    "Forbidden",
    "Job",
    "JobFailed",
    "Json",
    "Kind",
    "Label",
    "Lifecycle",
    "LooplineError",
    "NotFound",
    "NotValid",
    "Page",
    "PageRequest",
    "Panel",
    "Problem",
    "Published",
    "Publishing",
    "Record",
    "RecordsChanged",
    "RecordsChanging",
    "Redirect",
    "Refuse",
    "Rejected",
    "Result",
    "ResultGrid",
    "Scoping",
    "SeedContext",
    "Set",
    "Showing",
    "Template",
    "Waiting",
    "WorkingCalendar",
    "hookimpl",
]
