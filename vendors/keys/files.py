"""Api keys out as a file, and in."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from controls.sheets.screens import SheetImport, SheetPreview, export_of, sample_of
from ui.screens import ScreenRequest, screen
from vendors.keys.sheet import REGISTER
from vendors.rights import READ, WRITE


class KeyImport(SheetImport):
    """Bring API keys."""

    permission = WRITE
    register = REGISTER


class KeyPreview(SheetPreview):
    """What a file of API keys would add and change; importing it."""

    permission = WRITE
    register = REGISTER


@screen(READ)
def export(request: ScreenRequest, kind: str) -> HttpResponseBase:
    """All API keys, as a file that can be imported."""
    return export_of(REGISTER, request, kind)


@screen(WRITE)
def sample(_request: ScreenRequest) -> HttpResponse:
    """A small one to begin with."""
    return sample_of(REGISTER)
