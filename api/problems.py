"""Refusals as problem details (RFC 9457), with a pointer to what in the request each is about (RFC 6901)."""

import json
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.core.exceptions import ValidationError as ModelValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.views import defaults
from rest_framework import exceptions

from ui.refusals import ActionRefused

CONTENT_TYPE = "application/problem+json"
SORRY = "Something went wrong on our side. Nothing was changed."
_PLAIN: tuple[tuple[type[Exception], int, str], ...] = (
    (Http404, 404, "There is nothing here that you may see."),
    (PermissionDenied, 403, "The token, or the role of its owner, does not allow this."),
    (BadRequest, 400, "The request cannot be understood."),
)


class Refused(exceptions.APIException):
    """A request that is not done; `errors` say which parts of it are wrong."""

    def __init__(self, status: int, detail: str, *, errors: Iterable[Mapping[str, str]] = (), headers: Any = None) -> None:
        super().__init__(detail)
        self.status_code = status
        self.errors = list(errors)
        self.headers: dict[str, str] = headers or {}


def problem(
    status: int, detail: str = "", *, errors: Iterable[Mapping[str, str]] = (), headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """An answer that says what is wrong."""
    body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    if found := list(errors):
        body["errors"] = found
    return HttpResponse(json.dumps(body), status=status, content_type=CONTENT_TYPE, headers=dict(headers or {}))


def refusal_of(error: Exception) -> Refused | None:
    """The same error as a refusal; None for what nobody foresaw."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, ActionRefused):
        return _of_action(error)
    if isinstance(error, exceptions.ValidationError):
        return invalid(walk(error.detail))
    if isinstance(error, ModelValidationError):
        return invalid(_of_model(error))
    if isinstance(error, exceptions.APIException):
        return Refused(error.status_code, str(error.detail))
    return next((Refused(status, words) for kind, status, words in _PLAIN if isinstance(error, kind)), None)


def answer_of(error: Exception, _context: Any = None) -> HttpResponse | None:
    """DRF's EXCEPTION_HANDLER: a problem, or None for what goes on as a failure of ours."""
    refusal = refusal_of(error)
    if refusal is None:
        return None
    return problem(refusal.status_code, str(refusal.detail), errors=refusal.errors, headers=refusal.headers)


def invalid(errors: Iterable[tuple[str, str]]) -> Refused:
    """What was sent does not fit; `errors` are pairs of a pointer and a sentence."""
    found = [{"pointer": where, "detail": sentence} for where, sentence in errors]
    return Refused(422, "Some values cannot be accepted.", errors=found)


def pointer(*path: object) -> str:
    """A JSON pointer as a fragment, `#/lines/0`."""
    return "#" + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def walk(detail: Any, *path: object) -> Iterator[tuple[str, str]]:
    """The pairs of pointer and sentence in a serializer's errors, however deep."""
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            yield from walk(inner, *path) if key == "non_field_errors" else walk(inner, *path, key)
    elif isinstance(detail, list):
        for inner in detail:
            yield from walk(inner, *path)
    else:
        yield pointer(*path), str(detail)


def _of_action(error: ActionRefused) -> Refused:
    """What the state of things does not allow is a conflict; what a field says is a value that cannot be accepted."""
    if error.field is None:
        return Refused(409, error.sentence)
    return Refused(422, error.sentence, errors=[{"pointer": pointer(error.field), "detail": error.sentence}])


def _of_model(error: ModelValidationError) -> Iterator[tuple[str, str]]:
    if not hasattr(error, "error_dict"):
        yield from ((pointer(), sentence) for sentence in error.messages)
        return
    for name, sentences in error.message_dict.items():
        path = () if name == "__all__" else (name,)
        yield from ((pointer(*path), sentence) for sentence in sentences)


def _is_ours(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400: what Django itself refuses."""
    if _is_ours(request):
        return problem(400, "The request cannot be understood.")
    return defaults.bad_request(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler404."""
    if _is_ours(request):
        return problem(404, "There is no such address.")
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: the same sentence whatever happened; the log knows more."""
    return problem(500, SORRY) if _is_ours(request) else defaults.server_error(request)
