"""Records that no screen shows alone, such as what links evidence to a control: how they are listed and found."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import Http404
from rest_framework.response import Response

from api.operations import OfMany, Retrieves, refuse_unknown
from api.pagination import RESERVED
from api.requests import ApiRequest

if TYPE_CHECKING:
    from api.resources import Resource

Rows = Callable[..., QuerySet[Any]]


@dataclass(frozen=True, kw_only=True)
class Gathers(OfMany):
    """All of a kind that the member may see: `rows(request)`; with `below`, those of a record: `rows(request, record)`."""

    rows: Rows

    def run(self, resource: "Resource", request: ApiRequest, **kwargs: Any) -> Response:
        """A page."""
        refuse_unknown(request, RESERVED)
        about = (resource.find(request, **kwargs),) if self.below else ()
        rows = resource.paginate_queryset(self.rows(request, *about))
        shown = self.output or resource.output
        return resource.get_paginated_response(shown(rows, many=True, context={"request": request}).data)


@dataclass(frozen=True, kw_only=True)
class Finds(Retrieves):
    """One of `rows(request)`."""

    rows: Rows

    def find(self, request: ApiRequest, **kwargs: Any) -> Any:
        """The record. Raises Http404."""
        found = self.rows(request).filter(pk=kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found
