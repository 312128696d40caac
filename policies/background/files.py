"""Background checks out as a file, and in."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from controls.sheets.screens import SheetImport, SheetPreview, export_of, sample_of
from policies.background.rights import READ, WRITE
from policies.background.sheet import REGISTER
from ui.screens import ScreenRequest, screen


class CheckImport(SheetImport):
    """Bring background checks."""

    permission = WRITE
    register = REGISTER


class CheckPreview(SheetPreview):
    """What a file of background checks would add and change; importing it."""

    permission = WRITE
    register = REGISTER


@screen(READ)
def export(request: ScreenRequest, kind: str) -> HttpResponseBase:
    """All background checks, as a file that can be imported."""
    return export_of(REGISTER, request, kind)


@screen(WRITE)
def sample(_request: ScreenRequest) -> HttpResponse:
    """A small one to begin with."""
    return sample_of(REGISTER)
