"""Files that forms send: kept before the form is read."""

from starlette.datastructures import FormData, UploadFile

from loopline.access.context import Context
from loopline.services.files.keeping import keep
from loopline.services.files.waiting import note_named
from loopline.settings import Settings

UPLOAD = ".upload"
"""What the name of a control that sends a file ends in, after the name of its field."""


def keep_uploads(ctx: Context, settings: Settings, form: FormData) -> FormData:
    """Keep the files of a form, and answer the form with their numbers in their place.

    They are kept before the form is read, so that a form that is refused still has them; those it
    had before wait anew. Raises
    TooLarge, and NotValid for a file that is empty or no picture that can be read.
    """
    note_named(ctx, (one for _, one in form.multi_items() if isinstance(one, str)))
    pairs: list[tuple[str, str | UploadFile]] = []
    for name, value in form.multi_items():
        if isinstance(value, str):
            pairs.append((name, value))
        elif name.endswith(UPLOAD) and value.filename:
            pairs.append((name.removesuffix(UPLOAD), str(_kept(ctx, settings, value))))
    return FormData(pairs)


def has_uploads(form: FormData) -> bool:
    """Whether a form sent any file, or a number that may be that of one it sent before."""
    return any(
        one.isdecimal() if isinstance(one, str) else bool(one.filename)
        for _, one in form.multi_items()
    )


def _kept(ctx: Context, settings: Settings, upload: UploadFile) -> int:
    name = upload.filename or "file"
    most = settings.most_file_bytes
    return keep(ctx, name, upload.file, settings.files, most, waits=True).id
