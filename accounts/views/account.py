"""One's own account: name, password, second factors, recovery codes."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import pluralize
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.actions import change_name, change_password, end_own_sessions, renew_recovery_codes
from accounts.company.keeping import own_account
from accounts.company.reach import belongs_elsewhere, reached
from accounts.factors import FIELD_NAME, has_recent_factor
from accounts.forms import ChangePasswordForm, ConfirmForm, ProfileForm
from accounts.models import Passkey, TotpDevice
from accounts.people import signed_in
from accounts.sessions import open_sessions
from accounts.trail import fail_for_person
from accounts.views.factor import remaining_codes, show_codes
from ui.links import site_path


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """The account at a glance, and its name."""
    user = signed_in(request)
    form = ProfileForm(request.POST or None, initial={"name": user.name})
    if request.method == "POST" and belongs_elsewhere(request):
        return redirect("accounts:account")
    if request.method == "POST" and form.is_valid():
        change_name(user, name=form.cleaned_data["name"])
        messages.success(request, "Your name was changed.")
        return redirect("accounts:account")
    context = {
        "form": form,
        "person": user,
        "memberships": reached(request),
        "is_limited": belongs_elsewhere(request),
        "authenticator": TotpDevice.objects.filter(user=user, confirmed=True).first(),
        "passkeys": Passkey.objects.filter(user=user, confirmed=True).count(),
        "remaining_codes": remaining_codes(user),
    }
    return render(request, "accounts/account.html", context, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@own_account
def password(request: HttpRequest) -> HttpResponse:
    """Change the password; every other session of the person ends."""
    user = signed_in(request)
    form = ChangePasswordForm(request, user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        change_password(user, password=form.cleaned_data["password"])
        update_session_auth_hash(request, user)
        messages.success(request, "Your password was changed. Your other sessions have ended.")
        return redirect("accounts:account")
    if form.has_error("current", "mismatch"):
        fail_for_person("password.change", user, {"reason": "present password"})
    elif form.has_error("password") and form.data.get("password"):
        # That one was refused is a violation of the rule (policies.violations); what it was is never kept.
        fail_for_person("password.change", user, {"reason": "password rule"})
    return render(request, "accounts/password.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@own_account
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes in the place of the old."""
    user = signed_in(request)
    form = ConfirmForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        return show_codes(request, renew_recovery_codes(user), site_path("accounts:account"))
    return render(request, "accounts/renew_codes.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@own_account
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in; they end one session, or all but the one at hand, with a factor shown just now."""
    user = signed_in(request)
    found = open_sessions(user, current=request.session.session_key)
    if request.method == "GET":
        return render(request, "accounts/sessions.html", {"sessions": found})
    chosen = request.POST.get("session", "")
    others = [one for one in found if not one.is_current and chosen in {one.name, "others"}]
    has_answered = FIELD_NAME in request.POST or has_recent_factor(request)
    form = ConfirmForm(request.POST if has_answered else None, request=request)
    if others and not form.is_valid():
        context = {"form": form, "ending": others, "chosen": chosen}
        return render(request, "accounts/end_sessions.html", context, status=422 if form.errors else 200)
    ended = end_own_sessions(user, [one.key for one in others])
    messages.success(request, f"{ended} session{pluralize(ended)} ended." if ended else "That session had ended already.")
    return redirect("accounts:sessions")
