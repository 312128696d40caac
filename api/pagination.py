"""Pages of a list by a cursor: rows that are added meanwhile move nothing, and nothing is counted."""

import base64
import binascii
import datetime as dt
import json
import uuid
from typing import Any

from django.db.models import Q
from django.utils.http import urlencode
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from api.problems import Refused

USUAL, MOST = 50, 200
RESERVED = {"limit", "cursor"}


class CursorPages(BasePagination):
    """The newest first. Keys are drawn in the order of time; the trail is partitioned by its time, so that leads there."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """The rows of the page that is asked for."""
        limit, by_time = _limit(request), bool(getattr(view, "by_time", False))
        if cursor := request.query_params.get("cursor", ""):
            queryset = queryset.filter(_after(cursor, by_time=by_time))
        order = ("-at", "-pk") if by_time else ("-pk",)
        rows = list(queryset.order_by(*order)[: limit + 1])
        self.next = self._next(request, rows[limit - 1], by_time=by_time) if len(rows) > limit else None
        return rows[:limit]

    def _next(self, request: Request, last: Any, *, by_time: bool) -> str:
        place = [str(last.pk), last.at.isoformat()] if by_time else [str(last.pk)]
        cursor = base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")
        kept = [(name, value) for name, values in request.query_params.lists() for value in values if name != "cursor"]
        return f"{request.path}?{urlencode([*kept, ('cursor', cursor)])}"

    def get_paginated_response(self, data: Any) -> Response:
        """The rows, and where the next are."""
        return Response({"results": data, "next": self.next})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The same in the schema."""
        following = {"type": ["string", "null"], "format": "uri-reference", "description": "The next page, if any."}
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {"results": schema, "next": following},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """What the address takes."""
        limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
        return [
            {"name": "limit", "in": "query", "required": False, "schema": limit, "description": "Rows in a page."},
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "schema": {"type": "string"},
                "description": "Where the page begins, as `next` of the page before says.",
            },
        ]


def _limit(request: Request) -> int:
    given = request.query_params.get("limit", str(USUAL))
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:6]) <= MOST):
        raise Refused(400, f"limit is a number from 1 to {MOST}.")
    return int(given)


def _after(cursor: str, *, by_time: bool) -> Q:
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=="))
        key = uuid.UUID(place[0])
        at = dt.datetime.fromisoformat(place[1]) if by_time else None
    except (binascii.Error, ValueError, TypeError, IndexError, KeyError, AttributeError, RecursionError) as error:
        raise Refused(400, "This cursor is none of ours.") from error
    if at is None:
        return Q(pk__lt=key)
    if at.tzinfo is None:
        raise Refused(400, "This cursor is none of ours.")
    return Q(at__lt=at) | Q(at=at, pk__lt=key)
