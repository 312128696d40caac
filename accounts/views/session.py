"""Signing in by password, signing out, and where to go from the start page."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Audience, is_verified, open_to
from accounts.actions import note_sign_out
from accounts.company.choosing import ways_to
from accounts.company.reach import company_of, is_reached, memberships_of, shut_to_passwords
from accounts.forms import SignInForm
from accounts.landing import landing_of
from accounts.links import next_path, with_next
from accounts.models import Member, User
from accounts.passkeys.party import is_here
from accounts.people import signed_in
from accounts.sessions import begin_session
from accounts.trail import fail_for_person


@open_to(Audience.EVERYBODY)
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The first step; the second is the code."""
    target = next_path(request)
    if request.method == "GET":
        return redirect(target) if is_verified(request) else sign_in_page(request, SignInForm(request))
    form = SignInForm(request, request.POST)
    if not form.is_valid() or form.user is None:
        _note_failure(form)
        return sign_in_page(request, form, status=422)
    if shut := shut_to_passwords(form.user):
        return _refuse_password(request, form.user, shut, target)
    begin_session(request, form.user)
    return redirect(with_next("accounts:verify", target))


def sign_in_page(request: HttpRequest, form: SignInForm, *, refused: str = "", status: int = 200) -> HttpResponse:
    """All ways in; `refused` says why a passkey was not accepted."""
    target = next_path(request)
    there, ways = ways_to(request, target)
    context = {
        "form": form,
        "there": there,
        "ways": ways,
        "here": with_next("accounts:sign_in", target),
        "by_passkey": with_next("accounts:passkey_sign_in", target) if is_here(request) else "",
        "refused": refused,
    }
    return render(request, "accounts/sign_in.html", context, status=status)


def _refuse_password(request: HttpRequest, user: User, shut: list[Member], target: str) -> HttpResponse:
    """The password is right and does not serve: say so to whoever knows it, and where to go."""
    fail_for_person("session.sign_in", user, {"email": user.email, "reason": "passwords are refused"})
    return company_places(request, shut, target, why="refuses passwords")


def company_places(request: HttpRequest, shut: list[Member], target: str, *, why: str) -> HttpResponse:
    """Where somebody signs in whom what they showed does not let in; `why` goes on from the organization's name."""
    places = [(one.organization, with_next("accounts:company", target, slug=one.organization.slug)) for one in shut]
    return render(request, "accounts/company/required.html", {"places": places, "why": why}, status=403)


def _note_failure(form: SignInForm) -> None:
    """Record a failed sign-in where the person belongs. An e-mail that cannot be one may be a password: it is not kept."""
    if not form.has_error("__all__", "mismatch") or getattr(form.request, "axes_locked_out", False):
        return
    email = form.cleaned_data["email"]
    fail_for_person("session.sign_in", User.objects.with_email(email), {"email": email, "reason": "password"})


def locked_out(request: HttpRequest, _response: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """Answer in the place of a sign-in after too many failures (AXES_LOCKOUT_CALLABLE)."""
    email = (credentials or {}).get("username") or ""
    fail_for_person("session.lock_out", User.objects.with_email(email), {"email": email})
    response = render(request, "accounts/locked_out.html", status=429)
    response["Retry-After"] = "900"
    return response


@open_to(Audience.SIGNED_IN)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    company = company_of(request)
    note_sign_out(signed_in(request), within=None if company is None else company.organization)
    logout(request)
    messages.success(request, "You are signed out.")
    return redirect("accounts:sign_in")


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Lead to the person's organization, or let them choose."""
    user = signed_in(request)
    everywhere = list(memberships_of(user))
    memberships = [one for one in everywhere if is_reached(request, one)]
    if len(memberships) == 1 and (len(everywhere) == 1 or company_of(request) is not None):
        return redirect(landing_of(memberships[0]))
    shut = [one for one in everywhere if one not in memberships]
    ended = [] if everywhere else Member.objects.ended().filter(user=user).select_related("organization")
    return render(
        request,
        "accounts/start.html",
        {"memberships": [(one, landing_of(one)) for one in memberships], "shut": shut, "ended": ended},
    )
