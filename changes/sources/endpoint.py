"""Where GitHub and GitLab deliver: `POST /api/hooks/<organization>/<source>`.

A stranger learns nothing: an unknown organization, an unknown source, one without a secret and a wrong signature get the same
answer after the same work.
"""

import uuid
from dataclasses import dataclass

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from accounts.access import Audience, open_to
from accounts.counting import count_in_minute, counted_in_minute, later
from api.problems import problem
from audit.actors import current_origin
from audit.record import record_failure
from changes.models import ChangeSource
from changes.sources.receiving import AGAIN, Received, Repeated, receive
from changes.sources.secrets import a_like, opened
from changes.sources.signatures import WRONG, Shown, verify
from tenancy.models import INSTALLATION_SLUG, Organization
from tenancy.scope import now, tenant

REFUSALS_A_MINUTE = 60  # from one address: more of one source are not looked at, more of any are not noted
NOBODY = "No source of changes answers here to this signature."
RETIRED = "This source is retired: take the webhook away."


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why a delivery was not let in."""

    why: str


@csrf_exempt
@open_to(Audience.EVERYBODY)
def hook(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Take a delivery in, or refuse it."""
    if request.method != "POST":
        return problem(405, "Deliveries are posted.", headers={"Allow": "POST"})
    try:
        body = request.body
    except RequestDataTooBig:
        return problem(413, "A delivery has at most 5 MB.")
    except UnreadablePostError:
        return problem(400, "The body cannot be read.")
    if counted_in_minute(_name(f"{slug}:{pk}")) >= REFUSALS_A_MINUTE:
        return problem(429, "Too many deliveries were refused. Wait a minute.", headers=later())
    organization = _organization(slug)
    found = _within(organization, request, pk, body)
    if isinstance(found, _Refusal):
        count_in_minute(_name(f"{slug}:{pk}"))
        if count_in_minute(_name("")) <= REFUSALS_A_MINUTE:
            _note(organization, pk, found.why)
        return problem(401, NOBODY)
    if found.status >= 400:
        return problem(found.status, found.detail)
    return JsonResponse({"outcome": found.outcome, "detail": found.detail}, status=found.status)


def _organization(slug: str) -> Organization:
    """The one that the path names, or the reserved one, which has no sources."""
    found = {one.slug: one for one in Organization.objects.filter(slug__in=[slug, INSTALLATION_SLUG])}
    return found.get(slug) or found.get(INSTALLATION_SLUG) or Organization.installation()


def _name(of: str) -> str:
    """What is counted for the address at hand: senders share addresses, so each source has its own."""
    return f"hook:{current_origin().ip}:{of}"


def _within(organization: Organization, request: HttpRequest, pk: uuid.UUID, body: bytes) -> Received | _Refusal:
    """Find the source under row-level security and judge the signature; then do what the delivery says."""
    with tenant(organization):
        source = ChangeSource.objects.select_related("directory").filter(pk=pk).first()
        secrets = opened(source) if source and source.secret else a_like()
        signed_only = source is not None and source.signed_only
        shown = verify(request.headers, body, secrets, now(), signed_only=signed_only)
        if source is None or not source.secret:
            return _Refusal("unknown source")
        if shown.problem or shown.provider != source.provider:
            return _Refusal(shown.problem or WRONG)
        if source.status == ChangeSource.Status.RETIRED:
            return Received(410, "refused", RETIRED)
        return _received(source, shown, body, request.content_type or "")


def _received(source: ChangeSource, shown: Shown, body: bytes, content_type: str) -> Received:
    try:
        with transaction.atomic():
            return receive(source, shown, body, content_type)
    except Repeated:
        return Received(409, "repeated", AGAIN)


def _note(organization: Organization, pk: uuid.UUID, why: str) -> None:
    """Keep that somebody was refused: in the organization's trail, or the installation's, and on the source if there is one."""
    record_failure("change_source.refuse", organization=organization, actor=None, metadata={"source": str(pk), "why": why})
    with tenant(organization):
        refused = {"refused": F("refused") + 1, "refused_at": now(), "refused_why": why[:200]}
        ChangeSource.objects.filter(pk=pk).update(**refused)
