"""JSON in, JSON out, whatever the asker says it accepts."""

import json
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import JSONParser

# Keys sorted, no white space, UTF-8 as it is. Raises ValueError for what is no number.
write = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


class StrictJSONParser(JSONParser):
    """JSON whose top is an object; what is nested too deep is broken."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """The object. Raises ParseError."""
        try:
            data = super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError("The body is nested too deep.") from error
        if not isinstance(data, dict):
            raise ParseError("The body must be a JSON object.")
        return data


class AnyAccept(BaseContentNegotiation):
    """The first parser that takes the content type; the one renderer."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        """By content type."""
        given = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == given), None)

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> tuple[Any, str]:
        """JSON."""
        return renderers[0], renderers[0].media_type
