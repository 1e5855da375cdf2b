"""Files on their way back to the browser."""

from collections.abc import Sequence

from loopline.access.context import Context
from loopline.bootstrap import Platform
from loopline.errors import NotFound
from loopline.services.files.keeping import place_of
from loopline.services.files.reading import readable_file
from loopline.web.pages.dispatch import Attach, PageRequest, PageRoute, Reply


class FilesPage:
    """Downloads; they need the site's folder of files beside the context."""

    def __init__(self, platform: Platform) -> None:
        self._files = platform.settings.files

    def routes(self) -> Sequence[PageRoute]:
        """Answer the route."""
        return (PageRoute(method="GET", path="/files/{id:int}", handler=self.download),)

    def download(self, ctx: Context, asked: PageRequest) -> Reply:
        """Answer a file's content as an attachment. Raises NotFound."""
        found = readable_file(ctx, asked.record_id)
        place = place_of(self._files, found.hash)
        if not place.is_file():
            raise NotFound(code="file.not_found", id=found.id)
        return Attach(path=place, name=found.name, media_type=found.media_type)
