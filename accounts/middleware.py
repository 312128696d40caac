"""From a request to a person with a shown factor, and into the one organization the path names."""

import hashlib
import re
from collections.abc import Callable, Iterator
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect, render

from accounts.access import Audience, audience_of, gate
from accounts.company.reach import has_fallen, is_companys, is_reached, memberships_of
from accounts.counting import count_in_minute
from accounts.factors import confirm_factor, given_in
from accounts.guessing import remember
from accounts.knocking import note_knock
from accounts.links import with_next
from accounts.models import Member
from accounts.models.session import SessionStore
from accounts.origins import origin_of
from accounts.pacing import hold_back
from accounts.people import signed_in
from accounts.permissions import is_administrative
from accounts.sessions import is_idle, is_over, is_signed_in, note_use
from accounts.viewing import SAFE, is_looking, look, stop_change
from audit.actors import set_origin
from audit.record import record, record_failure
from tenancy.models import Organization
from tenancy.scope import ORGANIZATION_URLCONF, tenant

GetResponse = Callable[[HttpRequest], HttpResponseBase]

_ORGANIZATION_PATH = re.compile(r"/o/(?P<slug>[-\w]+)(?P<rest>/.*)?", re.ASCII | re.DOTALL)
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class OriginMiddleware:
    """Notes address and browser for the audit trail."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Note, and go on."""
        set_origin(origin_of(request))
        return self.get_response(request)


class FactorMiddleware:
    """Ends sessions in time, and keeps every page shut that does not say it is open to others."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """End the session in time, or when its provider is gone; keep what signed-in people see out of every cache.

        Where a session ends, by the person's act or otherwise, the browser empties its own.
        """
        session, was_signed_in = request.session, is_signed_in(request.session)
        if why := _why_over(request):
            logout(request)
            messages.info(request, why)
        if is_signed_in(request.session):
            note_use(request)
        response = self.get_response(request)
        if getattr(request, "factor_noted", False):
            remember(request, response)
        if is_signed_in(request.session) and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        if was_signed_in and not is_signed_in(session):
            response["Clear-Site-Data"] = (
                '"cache"'  # not "storage": that holds whether single keys are off, and nothing of records
            )
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], _args: tuple[Any, ...], _kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Lead to the step that is missing."""
        return gate(request, audience_of(view))


def _why_over(request: HttpRequest) -> str:
    """Why a signed-in session ends now, as the person reads it when they sign in again; empty while it goes on."""
    session = cast("SessionStore", request.session)
    if is_over(session):
        return "A session lasts eight hours at most, so you were signed out. Sign in to go on."
    if is_idle(session):
        return f"You were signed out, as nothing was done for {session.idle_minutes} minutes. Sign in to go on where you were."
    return "Your company account no longer signs you in here." if has_fallen(request) else ""


class OrganizationMiddleware:
    """Opens `/o/<slug>/...` to active members: the whole view runs in the organization's scope.

    What answers with 400 or more is rolled back; denials and refused changes are recorded afterwards.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Enter the organization, or say that there is no such page."""
        match = _ORGANIZATION_PATH.fullmatch(request.path_info)
        if match is None:
            return self.get_response(request)
        if not match["rest"]:
            return redirect(f"/o/{match['slug']}/")
        if (step := gate(request, Audience.VERIFIED)) is not None:
            return step
        if (held := hold_back(request, signed_in(request))) is not None:
            return held
        memberships = list(memberships_of(signed_in(request)))
        member = next((one for one in memberships if one.organization.slug == match["slug"]), None)
        if member is None:
            return _shut(request, match["slug"])
        if not is_reached(request, member):
            return _lead_to_company(request, member)
        _move_inside(request, member, [one for one in memberships if is_reached(request, one)], match["rest"])
        response = self._within(request, member.organization)
        note_refusal(request, response, member)
        return response

    def process_view(self, request: HttpRequest, view: Any, *_arguments: Any) -> HttpResponse | None:
        """Somebody who looks on as another role does changes nothing; an auditor opens nothing of other areas."""
        member: Member | None = getattr(request, "member", None)
        place = getattr(view, "view_class", view).__module__
        if member is not None and member.limits.shut(_permission_of(request), place):
            raise PermissionDenied
        return stop_change(request)

    def _within(self, request: HttpRequest, organization: Organization) -> HttpResponseBase:
        member: Member = request.member  # type: ignore[attr-defined]
        with tenant(organization), member.limits.held():
            response = self.get_response(request)
            if hasattr(response, "render") and callable(response.render):
                response = response.render()
            if response.status_code >= 400:
                transaction.set_rollback(True)
            else:
                note_read(request, _permission_of(request))
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            response.streaming_content = _scoped(cast("Iterator[bytes]", response.streaming_content), member)
        return response


def _lead_to_company(request: HttpRequest, member: Member) -> HttpResponse:
    """A place the person has, which this session does not reach: another provider began it, or passwords are refused there."""
    reason = "another organization's sign-in" if is_companys(request.session) else "passwords are refused"
    metadata = {"path": request.path, "method": request.method, "reason": reason}
    record_failure("access.deny", organization=member.organization, actor=member.user, metadata=metadata)
    target = request.get_full_path() if request.method in SAFE else member.organization.get_absolute_url()
    return redirect(with_next("accounts:company", target, slug=member.organization.slug))


def _move_inside(request: HttpRequest, member: Member, memberships: list[Member], rest: str) -> None:
    """Make the request one inside the organization, and read its body before a transaction is open."""
    request.member = member  # type: ignore[attr-defined]
    request.organization = member.organization  # type: ignore[attr-defined]
    request.organizations = [one.organization for one in memberships]  # type: ignore[attr-defined]
    request.path_info = rest
    request.urlconf = ORGANIZATION_URLCONF
    look(request, member)
    if request.method in SAFE:
        return
    if request.content_type not in _FORMS:
        _ = request.body
        return
    if (given := given_in(request.POST)) and not _is_forged(request):
        # Here, and not in the form: what a wrong one costs must outlive the refusal of the form.
        confirm_factor(request, given)


class _TokenCheck(CsrfViewMiddleware):
    """Django's check of a form's token, without its page: that one is made when the view's turn comes."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason, status=403)


def _nothing(_request: HttpRequest) -> HttpResponse:
    """Stands in for the view, which the check does not look at."""
    return HttpResponse()


def _is_forged(request: HttpRequest) -> bool:
    """Whether a form comes from elsewhere: a wrong factor in it must not cost the person at the keyboard anything."""
    return _TokenCheck(_nothing).process_view(request, _nothing, (), {}) is not None


def _scoped(content: Iterator[bytes], member: Member) -> Iterator[bytes]:
    """A streamed body is made after the view's transaction has ended: give it a scope of its own."""
    with tenant(member.organization), member.limits.held():
        yield from content


def _shut(request: HttpRequest, slug: str) -> HttpResponse:
    """Record in the organization that somebody who is no member knocked; tell them only if their access has ended.

    Raises Http404 to all others.
    """
    user, organization = signed_in(request), Organization.objects.filter(slug=slug).first()
    if organization is None:
        raise Http404
    ended = Member.objects.ended().of(organization).filter(user=user).first()
    reason = "not a member" if ended is None else "access has ended"
    note_knock(organization, user, path=request.path, method=request.method, reason=reason)
    if ended is None:
        raise Http404
    return render(request, "403.html", {"sentence": ended.farewell}, status=403)


def _permission_of(request: HttpRequest) -> str:
    """What opens the screen that the request was led to; empty where it is none."""
    view: Any = request.resolver_match.func if request.resolver_match else None
    return str(getattr(getattr(view, "view_class", view), "permission", ""))


def note_read(request: HttpRequest, permission: str) -> None:
    """Record in the active organization that somebody looked at what is administrative: each address once a minute.

    A screen that shows more to administrators than to others says so in `request.shown_by`.
    """
    member: Any = request.member  # type: ignore[attr-defined]
    permission = getattr(request, "shown_by", permission)
    if request.method not in SAFE or not is_administrative(permission):
        return
    address = hashlib.sha256(request.path.encode()).hexdigest()
    if count_in_minute(f"looked:{member.pk}:{address}") > 1:
        return
    metadata = {"path": request.path, "permission": permission}
    record("access.read", member.organization, actor=member, metadata=metadata)


def note_refusal(request: HttpRequest, response: HttpResponseBase, member: Member) -> None:
    """Record a denial, and a change that was asked for and refused."""
    status = response.status_code
    if is_looking(request):
        return
    if status != 403 and not (400 <= status < 500 and request.method not in SAFE):
        return
    verb = "access.deny" if status == 403 else "request.refuse"
    metadata = {"path": request.path, "method": request.method, "status": status}
    record_failure(verb, organization=member.organization, actor=member, metadata=metadata)
