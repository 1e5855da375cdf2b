"""Files over HTTP: uploaded on their own, then named by records; given back as attachments."""

from collections.abc import Sequence

from starlette.datastructures import UploadFile

from loopline.access.context import Context
from loopline.bootstrap import Platform
from loopline.errors import BadRequest, Forbidden, NotFound, Problem
from loopline.services.files.keeping import keep, place_of
from loopline.services.files.reading import readable_file
from loopline.store.files import StoredFile
from loopline.web.api.dispatch import Answer, ApiRequest, ApiRoute


class FilesApi:
    """The handlers; they need the site's folder of files beside the context."""

    def __init__(self, platform: Platform) -> None:
        self._settings = platform.settings

    def create(self, ctx: Context, request: ApiRequest) -> Answer:
        """Keep an upload; answer the number by which records name it."""
        upload = request.form.get("file")
        if not isinstance(upload, UploadFile):
            raise BadRequest(Problem("file", "request.file"))
        if ctx.actor.id is None:
            raise Forbidden(code="auth.scope", scope="write")
        name, most = upload.filename or "file", self._settings.most_file_bytes
        kept = keep(ctx, name, upload.file, self._settings.files, most, waits=True)
        headers = {"location": f"/api/v1/files/{kept.id}"}
        return Answer(content=_shape(kept), status=201, headers=headers)

    def read(self, ctx: Context, request: ApiRequest) -> Answer:
        """Answer a file's content as an attachment."""
        found = readable_file(ctx, request.record_id())
        place = place_of(self._settings.files, found.hash)
        if not place.is_file():
            raise NotFound(code="file.not_found", id=found.id)
        # whatever it holds, no browser runs it here
        headers = {"content-security-policy": "sandbox", "x-content-type-options": "nosniff"}
        return Answer(
            file=place,
            file_name=found.name,
            keeps_file=True,
            media_type=found.media_type,
            headers=headers,
        )

    def routes(self) -> Sequence[ApiRoute]:
        """Answer the operations."""
        return (
            ApiRoute(
                method="POST",
                path="/files",
                handler=self.create,
                scope="write",
                summary="Upload a file, to be named by records",
                success=201,
                form=True,
            ),
            ApiRoute(
                method="GET",
                path="/files/{id:int}",
                handler=self.read,
                scope="read",
                summary="A file's content, as an attachment",
                gives="application/octet-stream",
            ),
        )


def _shape(file: StoredFile) -> dict[str, object]:
    shape: dict[str, object] = {
        "id": file.id,
        "name": file.name,
        "size": file.size,
        "media_type": file.media_type,
    }
    return shape | ({"width": file.width, "height": file.height} if file.width else {})
