"""The register of policies out as a file, and in."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from controls.sheets.screens import SheetImport, SheetPreview, export_of, sample_of
from policies.register.sheet import REGISTER
from policies.rights import READ, WRITE
from ui.screens import ScreenRequest, screen


class PolicyImport(SheetImport):
    """Bring a register of policies."""

    permission = WRITE
    register = REGISTER


class PolicyPreview(SheetPreview):
    """What a register of policies would add and change; importing it."""

    permission = WRITE
    register = REGISTER


@screen(READ)
def export(request: ScreenRequest, kind: str) -> HttpResponseBase:
    """All policies, as a file that can be imported."""
    return export_of(REGISTER, request, kind)


@screen(WRITE)
def sample(_request: ScreenRequest) -> HttpResponse:
    """A small one to begin with."""
    return sample_of(REGISTER)
