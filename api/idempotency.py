"""Creation that happens once: the second of two equal requests gets the answer of the first."""

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from rest_framework.response import Response

from api.admission import UPLOAD
from api.models import KeptAnswer
from api.problems import Refused
from api.requests import ApiRequest
from tenancy.models import Organization

HEADER = "Idempotency-Key"
KEPT = dt.timedelta(days=1)
LONGEST = 200
_REPEATED = ("Location", "ETag")


def once(request: ApiRequest, make: Callable[[], Response]) -> Response | HttpResponse:
    """Make it, unless a request with this key has; the second of two at a time waits for the first.

    What is refused leaves no trace, as the whole request is rolled back, so the key can be used again.
    """
    key = request.headers.get(HEADER, "")
    if not key:
        return make()
    if len(key) > LONGEST or not key.isprintable():
        raise Refused(400, f"An Idempotency-Key has at most {LONGEST} printable characters.")
    name = _digest(f"{request.member.pk} {request.path} {key}".encode())
    kept, first = KeptAnswer.objects.get_or_create(key=name, defaults={"fingerprint": fingerprint(request)})
    if not first:
        return _again(kept, request)
    response = make()
    response.accepted_renderer, response.accepted_media_type = request.accepted_renderer, "application/json"
    response.renderer_context = {}  # type: ignore[attr-defined] # DRF sets it itself, later
    kept.status, kept.body = response.status_code, response.rendered_content.decode()
    kept.headers = {name: response[name] for name in _REPEATED if name in response}
    kept.save()
    return response


def fingerprint(request: ApiRequest) -> str:
    """What was sent, as 64 hexadecimal digits."""
    if request.content_type.partition(";")[0] != UPLOAD:
        return _digest(request.body)
    parts = [f"{name}={values!r}" for name, values in sorted(request.POST.lists())]
    for name, files in sorted(request.FILES.lists()):
        parts += [f"{name}={one.name!r}:{_file_digest(one)}" for one in files]
    return _digest("\n".join(parts).encode("utf-8", "replace"))


def forget_answers(_organization: Organization, at: dt.datetime) -> None:
    """Delete what is older than a day."""
    KeptAnswer.objects.filter(created_at__lt=at - KEPT).delete()


def _again(kept: KeptAnswer, request: ApiRequest) -> HttpResponse:
    if kept.fingerprint != fingerprint(request):
        raise Refused(422, "This Idempotency-Key was used for another request.")
    return HttpResponse(kept.body, status=kept.status, content_type="application/json", headers=kept.headers)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _file_digest(file: Any) -> str:
    digest = hashlib.sha256()
    for block in file.chunks():
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()
