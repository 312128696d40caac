"""Exceptions out as a file, and in."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from controls.sheets.screens import SheetImport, SheetPreview, export_of, sample_of
from policies.exceptions.sheet import REGISTER
from policies.rights import READ, WRITE
from ui.screens import ScreenRequest, screen


class ExceptionImport(SheetImport):
    """Bring exceptions."""

    permission = WRITE
    register = REGISTER


class ExceptionPreview(SheetPreview):
    """What a file of exceptions would add; importing it."""

    permission = WRITE
    register = REGISTER


@screen(READ)
def export(request: ScreenRequest, kind: str) -> HttpResponseBase:
    """All exceptions, as a file that can be imported."""
    return export_of(REGISTER, request, kind)


@screen(WRITE)
def sample(_request: ScreenRequest) -> HttpResponse:
    """A small one to begin with."""
    return sample_of(REGISTER)
