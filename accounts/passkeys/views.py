"""One's own passkeys: seeing, making, renaming and removing them; and removing the authenticator beside them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_otp import login as note_device

from accounts.access import Audience, is_verified, open_to
from accounts.actions import add_passkey, note_sign_in, remove_factor, rename_passkey
from accounts.company.keeping import of_this_session, own_account
from accounts.forms import ConfirmForm, NewPasskeyForm, PasskeyNameForm
from accounts.links import next_path
from accounts.models import Passkey, TotpDevice, User
from accounts.models.factor import FactorDevice
from accounts.models.passkey import has_factor
from accounts.passkeys.asking import Purpose, ask, take
from accounts.passkeys.checking import options_to_make, options_to_show, read_new
from accounts.passkeys.party import is_here, why_not_here
from accounts.passkeys.refusing import PasskeyRefused
from accounts.people import signed_in
from accounts.sessions import note_factor
from accounts.trail import fail_for_person
from accounts.views.factor import show_codes, step_before
from ui.browsers import browser_of
from ui.links import site_path
from ui.refusals import ActionRefused

ELSEWHERE = "Passkeys do not work at this address."
SHOW_FIRST = "Too much time has passed. Reload the page and confirm that it is you."


def passkeys_of(user: User) -> list[Passkey]:
    """A person's passkeys; the last used first, as browsers offer them in that order."""
    found = Passkey.objects.filter(user=user, confirmed=True)
    return sorted(found, key=lambda one: one.last_used_at or one.created_at, reverse=True)


@never_cache
@require_GET
@own_account
def passkeys(request: HttpRequest) -> HttpResponse:
    """All of them."""
    context = {"passkeys": passkeys_of(signed_in(request)), "why_not": why_not_here(request)}
    return render(request, "accounts/passkeys/list.html", context)


@open_to(Audience.SIGNED_IN)
@never_cache
@require_POST
def ask_to_show(request: HttpRequest) -> HttpResponse:
    """What the browser is asked, for the second step of signing in or before a sensitive act."""
    if not is_here(request):
        return refuse(ELSEWHERE)
    return JsonResponse(options_to_show(passkeys_of(signed_in(request)), ask(request, Purpose.SHOW)))


@open_to(Audience.SIGNED_IN)
@never_cache
@require_POST
@own_account
def ask_to_make(request: HttpRequest) -> HttpResponse:
    """What the browser is asked for a new passkey: of whoever has a factor, only just after they showed it."""
    user = signed_in(request)
    if not is_here(request):
        return refuse(ELSEWHERE)
    if step_before(request, user) is not None:
        return refuse(SHOW_FIRST)
    return JsonResponse(options_to_make(user, passkeys_of(user), ask(request, Purpose.ENROL)))


def refuse(sentence: str, *, status: int = 403) -> HttpResponse:
    """Why nothing is asked, for the page to show."""
    return JsonResponse({"sentence": sentence}, status=status)


@open_to(Audience.SIGNED_IN)
@never_cache
@require_http_methods(["GET", "POST"])
@own_account
def add(request: HttpRequest) -> HttpResponse:
    """A new passkey: the first factor, or another one. Its challenge was given to whoever had shown a factor just before."""
    user = signed_in(request)
    if request.method == "GET" and (step := step_before(request, user)) is not None:
        return step
    form = NewPasskeyForm(request.POST or None, initial={"name": browser_of(request.headers.get("User-Agent", ""))})
    if request.method == "POST" and form.is_valid():
        try:
            return _added(request, user, form.cleaned_data)
        except PasskeyRefused as refusal:
            fail_for_person("factor.refuse", user, {"reason": f"enrolment: {refusal.reason}", "kind": Passkey.KIND})
            form.add_error(None, refusal.sentence)
    context = {"form": form, "is_first": not has_factor(user), "why_not": why_not_here(request)}
    return render(request, "accounts/passkeys/add.html", context, status=422 if form.errors else 200)


def _added(request: HttpRequest, user: User, given: dict[str, Any]) -> HttpResponse:
    was_verified, target = is_verified(request), next_path(request)
    made = read_new(given["answer"], take(request, Purpose.ENROL))
    with _recorded("factor.enrol", user, Passkey.KIND):
        passkey, codes = add_passkey(user, made, name=given["name"], is_first=not was_verified)
    if not was_verified:
        note_device(request, passkey)
        note_factor(request)
        note_sign_in(user, factor=Passkey.KIND, within=of_this_session(request))
    messages.success(request, f"“{passkey.name}” signs you in from now on.")
    if target == site_path("accounts:start") and was_verified:
        target = site_path("accounts:passkeys")
    return show_codes(request, codes, target) if codes else redirect(target)


@never_cache
@require_http_methods(["GET", "POST"])
@own_account
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Call one something else."""
    passkey = get_object_or_404(Passkey, pk=pk, user=signed_in(request))
    form = PasskeyNameForm(request.POST or None, initial={"name": passkey.name})
    if request.method == "POST" and form.is_valid():
        rename_passkey(passkey, name=form.cleaned_data["name"])
        messages.success(request, "The passkey was renamed.")
        return redirect("accounts:passkeys")
    context = {"form": form, "passkey": passkey}
    return render(request, "accounts/passkeys/edit.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@own_account
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Forget one, after showing a factor."""
    passkey = get_object_or_404(Passkey, pk=pk, user=signed_in(request))
    return _remove(request, passkey, site_path("accounts:passkeys"))


@never_cache
@require_http_methods(["GET", "POST"])
@own_account
def remove_authenticator(request: HttpRequest) -> HttpResponse:
    """Forget the authenticator, for whoever has passkeys."""
    device = get_object_or_404(TotpDevice, user=signed_in(request), confirmed=True)
    return _remove(request, device, site_path("accounts:account"))


def _remove(request: HttpRequest, device: FactorDevice, back: str) -> HttpResponse:
    form = ConfirmForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        with _recorded("factor.remove", device.user, device.KIND):
            remove_factor(device)
        messages.success(request, f"“{device.name}” signs you in no more.")
        return redirect(back)
    context = {"form": form, "device": device, "back": back}
    return render(request, "accounts/passkeys/remove.html", context, status=422 if form.errors else 200)


@contextmanager
def _recorded(verb: str, user: User, kind: str) -> Iterator[None]:
    """Record what is refused, and let it be refused."""
    try:
        yield
    except ActionRefused as refusal:
        fail_for_person(verb, user, {"reason": refusal.sentence, "kind": kind})
        raise
