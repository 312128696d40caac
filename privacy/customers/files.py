"""Customers who left out as a file, and in."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from controls.sheets.screens import SheetImport, SheetPreview, export_of, sample_of
from privacy.customers.sheet import REGISTER
from privacy.rights import READ, WRITE
from ui.screens import ScreenRequest, screen


class CustomerImport(SheetImport):
    """Bring customers who left."""

    permission = WRITE
    register = REGISTER


class CustomerPreview(SheetPreview):
    """What a file of customers who left would add; importing it."""

    permission = WRITE
    register = REGISTER


@screen(READ)
def export(request: ScreenRequest, kind: str) -> HttpResponseBase:
    """All customers who left, as a file that can be imported."""
    return export_of(REGISTER, request, kind)


@screen(WRITE)
def sample(_request: ScreenRequest) -> HttpResponse:
    """A small one to begin with."""
    return sample_of(REGISTER)
