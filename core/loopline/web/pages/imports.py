"""Importing a file in the browser: choose it, see a rehearsal, correct columns, import."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from loopline.access.context import Context
from loopline.bootstrap import Platform
from loopline.errors import LooplineError, NotFound, NotValid, Problem
from loopline.meta.entities import EntityDef
from loopline.services.files.keeping import place_of
from loopline.services.files.reading import readable_file
from loopline.services.imports.continuing import (
    begin,
    begin_again,
    carried_out,
    carry_out,
)
from loopline.services.imports.errors_file import write_errors
from loopline.services.imports.job import enqueue_import, enqueue_undo
from loopline.services.imports.request import ImportOptions, ImportRequest, report_of
from loopline.services.imports.runs import own_run
from loopline.store.imports import ImportRun
from loopline.web.api.exports import new_file
from loopline.web.contexts.forms import FieldProblem
from loopline.web.contexts.imports import ImportContext
from loopline.web.contexts.shell import Crumb
from loopline.web.pages.dispatch import Go, PageRequest, PageRoute, Reply, Send, Show
from loopline.web.pages.forms import writable
from loopline.web.pages.import_columns import (
    asked_columns,
    asked_mine,
    asked_options,
    asked_way,
    keys,
    usually_mine,
    ways,
)
from loopline.web.pages.import_run import run_context
from loopline.web.pages.numbers import record_number
from loopline.web.pages.phrases import in_phrase
from loopline.web.pages.plurals import plural_of
from loopline.web.pages.shell import Place, entity_href, shell

_ACCEPTS: Final = ".xlsx,.xls,.csv,.txt,.tsv,.json"
_PATH: Final = "/records/{entity}/import"


class ImportPages:
    """The handlers; they need the site's folder of files beside the context."""

    def __init__(self, platform: Platform) -> None:
        self._files = platform.settings.files

    def routes(self) -> Sequence[PageRoute]:
        """Answer the routes."""
        run = f"{_PATH}/{{id:int}}"
        return (
            PageRoute(method="GET", path=_PATH, handler=self.show),
            PageRoute(method="POST", path=_PATH, handler=self.take, uploads=True),
            PageRoute(method="GET", path=run, handler=self.show_run),
            PageRoute(method="POST", path=run, handler=self.go_on),
            PageRoute(method="GET", path=f"{run}/errors", handler=self.errors),
        )

    def show(self, ctx: Context, asked: PageRequest) -> Reply:
        """Ask for the file. Raises NotFound and Forbidden."""
        return Show(context=_choosing(ctx, asked, writable(ctx, asked)))

    def take(self, ctx: Context, asked: PageRequest) -> Reply:
        """Rehearse the file that was sent, and lead to what comes of it."""
        entity = writable(ctx, asked)
        number = record_number(asked.one("file"))
        if number is None:
            refused = (Problem("file", "import_page.no_file"),)
            return Show(context=_choosing(ctx, asked, entity, refused), status=422)
        file = readable_file(ctx, number)
        options = ImportOptions(
            key=asked.one("key"),
            on_match=asked_way(asked),
            dry_run=True,
            mine=asked_mine(asked, usual=bool(usually_mine(ctx, entity))),
        )
        request = ImportRequest(
            entity=entity.id,
            file_name=file.name,
            content=place_of(self._files, file.hash),
            options=options,
        )
        try:
            import_id = begin(ctx, request, self._files)
        except NotValid as error:
            return Show(context=_choosing(ctx, asked, entity, _reasons(error)), status=422)
        return Go(to=_href(entity, import_id))

    def show_run(self, ctx: Context, asked: PageRequest) -> Reply:
        """Answer a rehearsal or an import as it stands. Raises NotFound and Forbidden."""
        run = _run(ctx, asked)
        return Show(context=run_context(ctx, asked, run))

    def go_on(self, ctx: Context, asked: PageRequest) -> Reply:
        """Rehearse with other columns, import what was rehearsed; take a run up again, or back.

        What differs from the rehearsal is rehearsed first: nobody imports what was not seen.
        """
        run = _run(ctx, asked)
        entity = ctx.catalog.entity(run.entity)
        if asked.one("_act") in {"resume", "undo"}:
            begin_job = enqueue_import if asked.one("_act") == "resume" else enqueue_undo
            begin_job(ctx, run.id)
            return Go(to=_href(entity, run.id))
        known = carried_out(run)
        if known is not None:
            return Go(to=_href(entity, known))
        found, rehearsed = report_of(run), ImportOptions.from_json(run.options)
        options = asked_options(ctx, found, rehearsed, asked)
        imports = asked.one("_act") == "import" and rehearsed.dry_run and run.state == "done"
        try:
            if imports and options == rehearsed:
                wanted = replace(options, dry_run=False)
                return Go(to=_href(entity, carry_out(ctx, run.id, wanted, self._files)))
            again = begin_again(ctx, run, replace(options, dry_run=True), self._files)
        except NotValid as error:
            chosen = asked_columns(ctx, found, asked)
            shown = run_context(ctx, asked, run, chosen=chosen, problems=_reasons(error))
            return Show(context=shown, status=422)
        return Go(to=_href(entity, again), done="import.seen_first" if imports else "")

    def errors(self, ctx: Context, asked: PageRequest) -> Reply:
        """Send the refused rows as a file that can be mended and imported again."""
        run = _run(ctx, asked)
        path = new_file(".xlsx")
        try:
            write_errors(ctx, run.id, self._files, path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Send(path=path, name=f"{Path(run.file_name).stem}-errors.xlsx")


def _run(ctx: Context, asked: PageRequest) -> ImportRun:
    """Answer the run of the path. Raises NotFound, also where it is of another entity."""
    entity = writable(ctx, asked)
    run = own_run(ctx, asked.record_id)
    if run.entity != entity.id:
        raise NotFound(code="import.not_found", id=run.id)
    return run


def _href(entity: EntityDef, import_id: int) -> str:
    return f"{entity_href(entity.id)}/import/{import_id}"


def _reasons(error: LooplineError) -> tuple[Problem, ...]:
    """Answer why a file was refused: the sentence of the whole, then each place."""
    whole = (Problem("", error.key, error.params),) if error.key != NotValid.code else ()
    return (*whole, *error.problems)


def _choosing(
    ctx: Context, asked: PageRequest, entity: EntityDef, problems: Sequence[Problem] = ()
) -> ImportContext:
    say, tell, language = ctx.messages.say, ctx.messages.tell, ctx.actor.language
    base = entity_href(entity.id)
    plural = plural_of(ctx, entity)
    heading = say("import_page.title", language, entity=in_phrase(plural, language))
    crumbs = (Crumb(label=plural.to(language), href=base), Crumb(label=heading))
    return ImportContext(
        shell=shell(ctx, asked, Place(title=heading, entity=entity.id, crumbs=crumbs)),
        heading=heading,
        action=f"{base}/import",
        cancel_href=base,
        accepts=_ACCEPTS,
        keys=keys(ctx, entity, asked.one("key")),
        ways=ways(ctx, asked.one("on_match")),
        mine=_mine(ctx, asked, entity),
        problems=tuple(FieldProblem(message=tell(one, language)) for one in problems),
    )


def _mine(ctx: Context, asked: PageRequest, entity: EntityDef) -> bool | None:
    usual = usually_mine(ctx, entity)
    return usual if usual is None else asked_mine(asked, usual=usual)
