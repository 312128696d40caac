"""Legal holds out as a file, and in."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from controls.sheets.screens import SheetImport, SheetPreview, export_of, sample_of
from privacy.retention.sheet import REGISTER
from privacy.rights import HOLD
from ui.screens import ScreenRequest, screen


class HoldImport(SheetImport):
    """Bring legal holds."""

    permission = HOLD
    register = REGISTER


class HoldPreview(SheetPreview):
    """What a file of legal holds would add; importing it."""

    permission = HOLD
    register = REGISTER


@screen(HOLD)
def export(request: ScreenRequest, kind: str) -> HttpResponseBase:
    """All legal holds, as a file that can be imported."""
    return export_of(REGISTER, request, kind)


@screen(HOLD)
def sample(_request: ScreenRequest) -> HttpResponse:
    """A small one to begin with."""
    return sample_of(REGISTER)
