"""The scanned paper of a consent, as a form hands it in and as the page gives it out."""

import io
from pathlib import PurePath

from flask import Response, request, send_file
from flask_babel import gettext

from ayumi.consents.rules import LARGEST_SCAN, Scan
from ayumi.kernel.files.rules import opened_file
from ayumi.papers.safety import MEGABYTE
from ayumi.web.forms import Field, Form

LONGEST_NAME = 150


def handed_in(name: str) -> Scan | None:
    """Return the file that came with the request, or None when none was chosen."""
    file = request.files.get(name)
    if file is None or not file.filename:
        return None
    return Scan(PurePath(file.filename.replace("\\", "/")).name[-LONGEST_NAME:], file.read())


def field_of(form: Form, name: str) -> Field:
    """Return the field for the file. A browser never keeps a chosen file, so it asks for it again."""
    if form.status != 200 and request.files.get(name) and name not in form.errors:
        form.errors[name] = [gettext("Please choose the file again. Files are not kept when something else is wrong.")]
    return Field(
        name=name,
        label=gettext("Scanned paper"),
        value="",
        required=False,
        type="file",
        errors=form.errors.get(name, []),
        options={
            "accept": ".pdf,.png,.jpg,.jpeg",
            "rules": gettext("PDF, PNG or JPEG, up to %(limit)s MB", limit=LARGEST_SCAN // MEGABYTE),
        },
    )


def as_download(file_id: object) -> Response:
    """Hand a scan out: never shown under our own address, with the type that was found in it."""
    kept, data = opened_file(file_id)  # type: ignore[arg-type]
    answer = send_file(
        io.BytesIO(data), mimetype=kept.content_type, as_attachment=True, download_name=kept.filename, max_age=0
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "no-store"
    return answer
