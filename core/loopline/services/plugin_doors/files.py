"""The door to files: what plugins make and read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from loopline.access.context import Context
from loopline.errors import NotFound
from loopline.services.files.keeping import keep, place_of
from loopline.services.files.reading import readable_file
from loopline.services.printing import print_pdf


@dataclass(frozen=True, slots=True)
class Files:
    """Files that a plugin keeps, reads and prints, with the rights of whoever acts."""

    _ctx: Context = field(repr=False)
    plugin: str

    def keep(self, name: str, content: bytes) -> int:
        """Keep content as a file; answer the number that a field of files takes.

        Raises TooLarge, NotValid for nothing at all or a picture that cannot be read.
        """
        settings = self._ctx.settings
        most = settings.most_file_bytes
        return keep(self._ctx, name, BytesIO(content), settings.files, most).id

    def read(self, file_id: int) -> bytes:
        """Answer what a file holds. Raises NotFound, also where the actor may not read it."""
        found = readable_file(self._ctx, file_id)
        place = place_of(self._ctx.settings.files, found.hash)
        if not place.is_file():
            raise NotFound(code="file.not_found", id=file_id)
        return place.read_bytes()

    def pdf(self, template: str, data: Mapping[str, Any]) -> bytes:
        """Print a typst template of the plugin's folder ``print/`` as PDF.

        The template reads ``json(bytes(sys.inputs.data))``. Raises NotFound where there is no such
        template, NotValid with what the compiler says.
        """
        folder = self._ctx.calls.plugins.manifests[self.plugin].folder / "print"
        return print_pdf(folder, template, data)
