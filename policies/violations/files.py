"""Violations out as a file, and in."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from controls.sheets.screens import SheetImport, SheetPreview, export_of, sample_of
from policies.rights import READ
from policies.violations.rights import VIOLATIONS
from policies.violations.sheet import REGISTER
from ui.screens import ScreenRequest, screen


class ViolationImport(SheetImport):
    """Bring violations."""

    permission = VIOLATIONS
    register = REGISTER


class ViolationPreview(SheetPreview):
    """What a file of violations would add; importing it."""

    permission = VIOLATIONS
    register = REGISTER


@screen(READ)
def export(request: ScreenRequest, kind: str) -> HttpResponseBase:
    """All violations, as a file that can be imported."""
    return export_of(REGISTER, request, kind)


@screen(VIOLATIONS)
def sample(_request: ScreenRequest) -> HttpResponse:
    """A small one to begin with."""
    return sample_of(REGISTER)
