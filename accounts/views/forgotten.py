"""A forgotten password: asking for a link, and setting a new one with it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import forgotten as links
from accounts.access import Audience, open_to
from accounts.emails import login_email
from accounts.forms import EmailForm, ForgottenPasswordForm
from accounts.origins import client_ip
from accounts.tasks import send_link
from accounts.trail import fail_for_person


@open_to(Audience.EVERYBODY)
@never_cache
@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link. The answer is the same whether or not anybody has this e-mail."""
    form = EmailForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/forgotten.html", {"form": form}, status=422 if form.errors else 200)
    if not links.too_many(client_ip(request)):
        send_link.delay(login_email(form.cleaned_data["email"]))
    return render(request, "accounts/forgotten_sent.html", {"minutes": links.MINUTES})


@open_to(Audience.EVERYBODY)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def new_password(request: HttpRequest, pk: UUID, token: str) -> HttpResponse:
    """Set a new password by a link, with a code of the second factor. Nobody is signed in by it."""
    user = links.owner_of(pk, token)
    if user is None:
        return render(request, "accounts/forgotten_unusable.html", status=410)
    form = ForgottenPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not links.set_forgotten(user, token, password=form.cleaned_data["password"]):
            return render(request, "accounts/forgotten_unusable.html", status=410)
        messages.success(request, "Your new password is set. Sign in with it.")
        return redirect("accounts:sign_in")
    if form.has_error("password") and form.data.get("password"):
        fail_for_person("password.reset", user, {"reason": "password rule"})
    return render(request, "accounts/new_password.html", {"form": form}, status=422 if form.errors else 200)
