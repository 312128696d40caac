"""Answering an invitation. The link is for its addressee, once."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import Audience, gate, open_to
from accounts.actions import accept_as_new_user, accept_invitation
from accounts.company.choosing import joins
from accounts.company.joining import may_join
from accounts.company.keeping import of_this_session, own_account_page
from accounts.company.reach import is_companys, refuses_passwords
from accounts.forms import JoinForm
from accounts.links import with_next
from accounts.models import Invitation, User
from accounts.people import signed_in
from accounts.sessions import begin_session
from audit.record import record_failure
from tenancy.models import Organization
from tenancy.scope import tenant
from ui.refusals import ActionRefused


@open_to(Audience.EVERYBODY)
@never_cache
@sensitive_post_parameters("password", "repeated")
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Join an organization: as the user one is, or as a new one."""
    organization = Organization.objects.filter(slug=slug).first()
    found = _find(organization, token)
    if organization is None or found is None or not found.is_usable:
        if organization is not None and request.method == "POST":
            record_failure("member.accept", organization=organization, actor=None, subject=found)
        return render(request, "accounts/invitation_unusable.html", {"invitation": found}, status=404 if found is None else 410)
    if request.user.is_authenticated:
        return _as_user(request, organization, found)
    if not may_join(User.objects.with_email(found.email), organization):
        return redirect(with_next("accounts:sign_in", request.path))
    return _as_newcomer(request, organization, found)


def _find(organization: Organization | None, token: str) -> Invitation | None:
    if organization is None:
        return None
    with tenant(organization):
        return Invitation.with_token(token)


def _as_user(request: HttpRequest, organization: Organization, found: Invitation) -> HttpResponse:
    if (step := gate(request, Audience.VERIFIED)) is not None:
        return step
    if is_companys(request.session) and of_this_session(request) != organization:
        return own_account_page(request)
    user = signed_in(request)
    is_addressee = user.email == found.email
    if request.method == "POST" and is_addressee:
        try:
            with tenant(organization):
                accept_invitation(found, user=user)
        except ActionRefused as refusal:
            messages.error(request, refusal.sentence)
            return redirect("accounts:start")
        messages.success(request, f"You are now a member of {organization.name}.")
        return redirect(organization)
    context = {"invitation": found, "inviting": organization, "is_addressee": is_addressee}
    return render(request, "accounts/invitation.html", context, status=403 if request.method == "POST" else 200)


def _as_newcomer(request: HttpRequest, organization: Organization, found: Invitation) -> HttpResponse:
    form = JoinForm(found.email, organization, request.POST or None, initial={"name": found.name})
    by_password = not refuses_passwords(organization) and User.objects.with_email(found.email) is None
    if request.method == "POST" and by_password and form.is_valid():
        name, password = form.cleaned_data["name"], form.cleaned_data["password"]
        try:
            with tenant(organization):
                member = accept_as_new_user(found, name=name, password=password)
        except (ActionRefused, ValidationError):
            return redirect(request.path)  # somebody was faster; the page says what is the case now
        begin_session(request, member.user)
        return redirect(with_next("accounts:enrol", organization.get_absolute_url()))
    ways = joins(organization, request.path)
    context = {"form": form, "invitation": found, "inviting": organization, "ways": ways, "by_password": by_password}
    return render(request, "accounts/join.html", context, status=422 if form.errors else 200)
