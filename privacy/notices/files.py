"""Privacy notices out as a file, and in."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from controls.sheets.screens import SheetImport, SheetPreview, export_of, sample_of
from privacy.notices.sheet import REGISTER
from privacy.rights import READ, WRITE
from ui.screens import ScreenRequest, screen


class NoticeImport(SheetImport):
    """Bring privacy notices."""

    permission = WRITE
    register = REGISTER


class NoticePreview(SheetPreview):
    """What a file of privacy notices would add; importing it."""

    permission = WRITE
    register = REGISTER


@screen(READ)
def export(request: ScreenRequest, kind: str) -> HttpResponseBase:
    """All privacy notices, as a file that can be imported."""
    return export_of(REGISTER, request, kind)


@screen(WRITE)
def sample(_request: ScreenRequest) -> HttpResponse:
    """A small one to begin with."""
    return sample_of(REGISTER)
