"""Imports over HTTP: a file goes in, a job does the work, the run is watched by its id."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from starlette.datastructures import UploadFile

from loopline.access.context import Context
from loopline.bootstrap import Platform
from loopline.errors import BadRequest, NotFound, Problem
from loopline.services.imports.columns import columns_left_out, columns_read
from loopline.services.imports.errors_file import refusals, write_errors
from loopline.services.imports.job import enqueue_import, enqueue_undo
from loopline.services.imports.kept import kept_records
from loopline.services.imports.request import ImportReport, ImportRequest, report_of
from loopline.services.imports.runs import own_run
from loopline.services.imports.start import start
from loopline.web.api.dispatch import Answer, ApiRequest, ApiRoute
from loopline.web.api.exports import XLSX, new_file
from loopline.web.api.import_options import read_options

_FIRST_REFUSALS = 100


class ImportsApi:
    """The handlers; they need the site's folder of files beside the context."""

    def __init__(self, platform: Platform) -> None:
        self._files = platform.settings.files

    def create(self, ctx: Context, request: ApiRequest) -> Answer:
        """Take a file and enqueue its import."""
        upload = request.form.get("file")
        if not isinstance(upload, UploadFile):
            raise BadRequest(Problem("file", "request.file"))
        asked = read_options(request.form)
        if not ctx.catalog.has("entity", asked.entity):
            raise NotFound(code="entity.not_found", entity=asked.entity)
        with tempfile.TemporaryDirectory() as folder:
            content = Path(folder) / "upload"
            with content.open("wb") as target:
                while chunk := upload.file.read(1 << 20):
                    target.write(chunk)
            wanted = ImportRequest(
                entity=asked.entity,
                file_name=Path(upload.filename or "upload").name,
                content=content,
                options=asked.options,
            )
            import_id = start(ctx, wanted, self._files, new=asked.new)
        enqueue_import(ctx, import_id)
        return _run(ctx, report_of(own_run(ctx, import_id)), status=202)

    def read(self, ctx: Context, request: ApiRequest) -> Answer:
        """Answer an import as it stands, with the first refused rows."""
        return _run(ctx, report_of(own_run(ctx, request.record_id())))

    def errors(self, ctx: Context, request: ApiRequest) -> Answer:
        """Answer the refused rows as a file that can be mended and imported again."""
        found = report_of(own_run(ctx, request.record_id()))
        path = new_file(".xlsx")
        try:
            write_errors(ctx, found.id, self._files, path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        name = f"{Path(found.file_name).stem}-errors.xlsx"
        return Answer(file=path, file_name=name, media_type=XLSX)

    def resume(self, ctx: Context, request: ApiRequest) -> Answer:
        """Enqueue an unfinished import again."""
        found = report_of(own_run(ctx, request.record_id()))
        enqueue_import(ctx, found.id)
        return _run(ctx, found, status=202)

    def undo(self, ctx: Context, request: ApiRequest) -> Answer:
        """Have an import undone; asked again, it is answered as it stands."""
        return _run(ctx, report_of(enqueue_undo(ctx, request.record_id())), status=202)

    def routes(self) -> Sequence[ApiRoute]:
        """Answer the operations."""
        return (
            ApiRoute(
                method="POST",
                path="/imports",
                handler=self.create,
                scope="write",
                summary="Import a file",
                success=202,
                form=True,
            ),
            ApiRoute(
                method="GET",
                path="/imports/{id:int}",
                handler=self.read,
                scope="read",
                summary="An import as it stands",
            ),
            ApiRoute(
                method="GET",
                path="/imports/{id:int}/errors",
                handler=self.errors,
                scope="read",
                summary="The refused rows as xlsx, to be mended and imported again",
                gives=XLSX,
            ),
            ApiRoute(
                method="POST",
                path="/imports/{id:int}/resume",
                handler=self.resume,
                scope="write",
                summary="Go on with an unfinished import",
                success=202,
            ),
            ApiRoute(
                method="POST",
                path="/imports/{id:int}/undo",
                handler=self.undo,
                scope="write",
                summary="Undo an import: what it made is deleted, what it changed is set back",
                success=202,
            ),
        )


def _run(ctx: Context, found: ImportReport, status: int = 200) -> Answer:
    content = {
        "id": found.id,
        "entity": found.entity,
        "file": found.file_name,
        "state": found.state,
        "dry_run": found.dry_run,
        "total": found.total,
        "created": found.created,
        "updated": found.updated,
        "skipped": found.skipped,
        "failed": found.failed,
        "look_alikes": found.look_alikes,
        "matched": [
            {"heading": one.heading, "field": one.field, "label": one.label, "by": one.by}
            for one in columns_read(ctx, found)
        ],
        "unmatched": [one.path for one in found.unmatched],
        "left_out": [
            {"heading": one.heading, "code": one.code, "message": one.message}
            for one in columns_left_out(ctx, found)
        ],
        "mapping": found.mapping,
        "error": ctx.messages.tell_all(found.failure, ctx.actor.language) or None,
        "undone": _undone(ctx, found),
        "problems": [
            {"row": one.row, "column": one.column, "message": one.message}
            for one in refusals(ctx, found.id, _FIRST_REFUSALS)
        ],
    }
    headers = {"location": f"/api/v1/imports/{found.id}"}
    return Answer(content=content, status=status, headers=headers)


def _undone(ctx: Context, found: ImportReport) -> Mapping[str, object] | None:
    done = found.undone
    if done is None:
        return None
    return {
        "removed": done.removed,
        "reverted": done.reverted,
        "kept": done.kept,
        "problems": [
            {"path": f"{one.entity}/{one.id}", "code": one.code, "message": one.message}
            for one in kept_records(ctx, done)
        ],
    }
