"""Signing in by a passkey alone: no e-mail, no password, no code."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import login as note_device

from accounts.access import Audience, open_to
from accounts.actions import note_sign_in
from accounts.company.reach import memberships_of, shut_to_passwords
from accounts.counting import count_up
from accounts.forms import SignInForm
from accounts.links import next_path, with_next
from accounts.models import Member, Passkey, User
from accounts.origins import client_ip
from accounts.passkeys.asking import Purpose, ask
from accounts.passkeys.checking import options_to_show
from accounts.passkeys.party import is_here
from accounts.passkeys.refusing import PasskeyRefused
from accounts.passkeys.showing import sign_in_passkey
from accounts.passkeys.views import ELSEWHERE, refuse
from accounts.sealing import SealingError
from accounts.sessions import begin_session, note_factor
from accounts.trail import fail_for_person
from accounts.views.session import company_places, sign_in_page

SECONDS = 900
MOST_ASKED = 100  # from one address, which an office shares, in that time
MOST_REFUSED = 30
TOO_MANY = "Too many sign-ins were begun from here. Wait a little."


@open_to(Audience.EVERYBODY)
@never_cache
@require_POST
def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """What the browser is asked: any passkey of this place. It tells nobody who has one."""
    if not is_here(request):
        return refuse(ELSEWHERE)
    if count_up(f"passkey/asked/{client_ip(request)}", SECONDS) > MOST_ASKED:
        return refuse(TOO_MANY, status=429)
    return JsonResponse(options_to_show([], ask(request, Purpose.SIGN_IN)))


@open_to(Audience.EVERYBODY)
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Both steps at once: a device that the person has, and that made sure who they are."""
    target = next_path(request)
    if request.method == "GET":  # a page that refused one, loaded again
        return redirect(with_next("accounts:sign_in", target))
    if count_up(_refused(request), SECONDS, 0) >= MOST_REFUSED:
        return _wait(request)
    try:
        passkey = sign_in_passkey(request, request.POST.get("answer", ""))
        must_be_active(passkey.user)
    except PasskeyRefused as refusal:
        return _refuse(request, refusal)
    except SealingError:
        return _refuse(request, PasskeyRefused("the stored key cannot be opened"))
    if (shut := shut_to_passkeys(passkey.user)) is not None:
        return _lead_to_company(request, passkey.user, shut, target)
    return _enter(request, passkey, target)


def must_be_active(user: User) -> None:
    """Raise PasskeyRefused for whoever may not sign in, in the words in which an unknown passkey is refused."""
    if not user.is_active or user.is_service:
        raise PasskeyRefused("the account is not active", user=user)


def shut_to_passkeys(user: User) -> list[Member] | None:
    """The places that somebody enters by company accounts only, if that is all they have; None for whom a passkey signs in.

    Besides those whose organizations refuse passwords, these are people without one: their provider is their only way in, and
    whoever leaves the company must not keep another.
    """
    if not user.has_usable_password():
        return list(memberships_of(user))
    return shut_to_passwords(user) or None


def _enter(request: HttpRequest, passkey: Passkey, target: str) -> HttpResponse:
    begin_session(request, passkey.user)
    note_device(request, passkey)
    note_factor(request)
    note_sign_in(passkey.user, factor=Passkey.KIND, by="the passkey alone")
    return redirect(target)


def _lead_to_company(request: HttpRequest, user: User, shut: list[Member], target: str) -> HttpResponse:
    has_password = user.has_usable_password()
    reason = "passwords are refused" if has_password else "the account has no password"
    fail_for_person("session.sign_in", user, {"email": user.email, "reason": reason, "kind": Passkey.KIND})
    why = "refuses passkeys without a company account" if has_password else "knows you by your company account"
    return company_places(request, shut, target, why=why)


def _refuse(request: HttpRequest, refusal: PasskeyRefused) -> HttpResponse:
    """Say no, and record it: where the person belongs, if it is known whose the passkey is."""
    metadata = {"reason": refusal.reason, "kind": Passkey.KIND}
    if refusal.user is not None:
        metadata["email"] = refusal.user.email
    fail_for_person("session.sign_in", refusal.user, metadata)
    if count_up(_refused(request), SECONDS) == MOST_REFUSED:
        fail_for_person("session.lock_out", None, {"kind": Passkey.KIND})
    return sign_in_page(request, SignInForm(request), refused=refusal.sentence, status=422)


def _wait(request: HttpRequest) -> HttpResponse:
    response = render(request, "accounts/passkeys/wait.html", status=429)
    response["Retry-After"] = str(SECONDS)
    return response


def _refused(request: HttpRequest) -> str:
    return f"passkey/refused/{client_ip(request)}"
