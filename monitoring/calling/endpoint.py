"""Where jobs call: `/api/calls/<organization>/<check>/<key>`, by GET, HEAD or POST, without a token.

Whoever knows the address can say that this one job is done, and nothing else. An unknown organization, an unknown check and a
wrong key get the same answer after the same work.
"""

import hmac
import logging
import uuid
from typing import Any

import redis
from django import forms
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from accounts.access import Audience, open_to
from accounts.counting import count_in_minute, later
from api.problems import problem
from monitoring.calling.forms import CallForm
from monitoring.calling.taking import take_call
from monitoring.defining.actions import digest_of
from monitoring.models import Check
from tenancy.models import INSTALLATION_SLUG, Organization
from tenancy.scope import tenant
from ui.refusals import ActionRefused

METHODS = ("GET", "HEAD", "POST")
CALLS_A_MINUTE = 60  # of one address; more are not kept
MOST = 64 * 1024  # bytes of a call
NOBODY = "No check is called here."
_NO_KEY = "0" * 64
log = logging.getLogger(__name__)


@csrf_exempt
@open_to(Audience.EVERYBODY)
def call(request: HttpRequest, slug: str, pk: uuid.UUID, key: str) -> HttpResponse:
    """Take a call in, or refuse it."""
    if request.method not in METHODS:
        return problem(405, "Call by GET or POST.", headers={"Allow": ", ".join(METHODS)})
    if _length(request) > MOST:
        return problem(413, "A call has at most 64 KB.")
    if _count(pk, key) > CALLS_A_MINUTE:
        return problem(429, "Too many calls. Wait a minute.", headers=later())
    try:
        given: Any = request.POST if request.method == "POST" else request.GET
        form = CallForm(given)
    except (RequestDataTooBig, UnreadablePostError):
        return problem(400, "The call cannot be read.")
    with tenant(_organization(slug)):
        return _within(pk, key, form)


def _within(pk: uuid.UUID, key: str, form: forms.Form) -> HttpResponse:
    check = Check.objects.filter(pk=pk).first()
    stored = check.call_key if check and check.call_key else _NO_KEY
    if not hmac.compare_digest(digest_of(key), stored) or check is None:
        return problem(404, NOBODY)
    if not form.is_valid():
        return problem(422, " ".join(str(one) for errors in form.errors.values() for one in errors))
    try:
        taken = take_call(check, **form.cleaned_data)
    except ActionRefused as refusal:
        return problem(409, refusal.sentence)
    return JsonResponse({"check": taken.name, "health": taken.health})


def _organization(slug: str) -> Organization:
    """The one that the path names, or the reserved one, which has no checks."""
    found = {one.slug: one for one in Organization.objects.filter(slug__in=[slug, INSTALLATION_SLUG])}
    return found.get(slug) or found.get(INSTALLATION_SLUG) or Organization.installation()


def _length(request: HttpRequest) -> int:
    """How long the body says that it is; what says nothing of the kind is taken for too long."""
    told = request.headers.get("Content-Length") or "0"
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else MOST + 1


def _count(pk: uuid.UUID, key: str) -> int:
    """Calls of this address in this minute, this one included. Whoever has the check's id alone, or an address that holds no
    more, calls another one: they cannot use up the calls of the job."""
    try:
        return count_in_minute(f"call:{pk}:{digest_of(key)[:32]}")
    except redis.RedisError as error:  # that nobody counts is no reason to lose a call, which would look like a silent job
        log.warning("Calls are not counted: %s", error)
        return 0
