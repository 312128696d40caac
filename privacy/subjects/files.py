"""Requests of people out as a file, and in."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from controls.sheets.screens import SheetImport, SheetPreview, export_of, sample_of
from privacy.rights import SUBJECTS
from privacy.subjects.sheet import REGISTER
from ui.screens import ScreenRequest, screen


class RequestImport(SheetImport):
    """Bring requests of people."""

    permission = SUBJECTS
    register = REGISTER


class RequestPreview(SheetPreview):
    """What a file of requests would add; importing it."""

    permission = SUBJECTS
    register = REGISTER


@screen(SUBJECTS)
def export(request: ScreenRequest, kind: str) -> HttpResponseBase:
    """All requests with their tasks, as a file that can be imported."""
    return export_of(REGISTER, request, kind)


@screen(SUBJECTS)
def sample(_request: ScreenRequest) -> HttpResponse:
    """A small one to begin with."""
    return sample_of(REGISTER)
