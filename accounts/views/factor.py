"""The second factor: showing it, and enrolling one."""

import segno
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_otp import login as note_device

from accounts.access import Audience, is_verified, open_to
from accounts.actions import confirm_authenticator, note_sign_in
from accounts.company.keeping import of_this_session, own_account
from accounts.company.reach import company_of, serves
from accounts.company.signing import go_there
from accounts.factors import Verdict, has_recent_factor, try_code
from accounts.forms import CodeForm, EnrolForm
from accounts.links import next_path, with_next
from accounts.models import Passkey, RecoveryDevice, TotpDevice, User
from accounts.models.passkey import has_factor
from accounts.passkeys.party import is_here, why_not_here
from accounts.people import signed_in
from accounts.sessions import note_factor
from accounts.trail import fail_for_person

_ENROLLING = "enrolling"
# By whether the person has an authenticator, and a passkey.
_HINTS = {
    (True, False): "No authenticator at hand? Type one of your recovery codes instead. Each works once.",
    (True, True): "The code is the six digits of your authenticator, or one of your recovery codes. Each of those works once.",
    (False, True): "No passkey at hand? Type one of your recovery codes. Each works once.",
    (False, False): "",
}


@open_to(Audience.SIGNED_IN)
@never_cache
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The second step of signing in."""
    user, target = signed_in(request), next_path(request)
    if is_verified(request):
        return redirect(target)
    if not has_factor(user):
        return redirect(with_next("accounts:enrol", target))
    form = CodeForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        note_sign_in(user, factor=request.user.otp_device.KIND, within=of_this_session(request))  # type: ignore[union-attr]
        return redirect(target)
    return _factor_page(request, "accounts/verify.html", form)


@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Show the factor again before a sensitive act, and go back to it."""
    if serves(request) and (company := company_of(request)) is not None and not has_factor(signed_in(request)):
        return go_there(request, company.organization, company.identity.provider, target=next_path(request), confirms=True)
    form = CodeForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect(next_path(request))
    return _factor_page(request, "accounts/confirm.html", form)


def _factor_page(request: HttpRequest, template: str, form: CodeForm) -> HttpResponse:
    """Where a passkey or a code is shown, whichever the person has."""
    user = signed_in(request)
    by_code, by_passkey = has_authenticator(user), Passkey.objects.filter(user=user, confirmed=True).exists()
    why_not = why_not_here(request) if by_passkey else ""
    if not by_code and by_passkey:
        form.fields["code"].label = "Recovery code"
    context = {
        "form": form,
        "has_passkey": by_passkey,
        "why_not": why_not,
        "code_is_first": not by_passkey or bool(why_not),
        "hint": _HINTS[by_code, by_passkey],
    }
    return render(request, template, context, status=422 if form.errors else 200)


@open_to(Audience.SIGNED_IN)
@never_cache
@require_http_methods(["GET", "POST"])
@own_account
def enrol(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator: the first one, or (with a factor just shown) another in its place."""
    user = signed_in(request)
    if (step := step_before(request, user)) is not None:
        return step
    device = _device_in_hand(request, user)
    form = EnrolForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        verdict = _try_new(device, form.cleaned_data["code"])
        if verdict == Verdict.RIGHT:
            return _enrolled(request, user, device)
        fail_for_person("factor.refuse", user, {"reason": "enrolment", "kind": device.KIND})
        form.add_error("code", verdict)
    context = {
        "form": form,
        "device": device,
        "qr": _qr(device),
        "is_replacement": has_authenticator(user),
        "is_first": not has_factor(user),
        "passkeys_work": is_here(request),
        "passkey_url": with_next("accounts:passkey_add", next_path(request)),
    }
    return render(request, "accounts/enrol.html", context, status=422 if form.errors else 200)


def step_before(request: HttpRequest, user: User) -> HttpResponse | None:
    """What whoever has a factor does before setting up another: shows it, unless that was just now."""
    if not has_factor(user):
        return None
    if not is_verified(request):
        return redirect(with_next("accounts:verify", next_path(request)))
    if not has_recent_factor(request):
        return redirect(with_next("accounts:confirm", request.get_full_path()))
    return None


def _enrolled(request: HttpRequest, user: User, device: TotpDevice) -> HttpResponse:
    was_verified = is_verified(request)
    codes = confirm_authenticator(user, device)
    request.session.pop(_ENROLLING, None)
    note_device(request, device)
    note_factor(request)
    if not was_verified:
        note_sign_in(user, factor=device.KIND, within=of_this_session(request))
    return show_codes(request, codes, next_path(request))


def show_codes(request: HttpRequest, codes: list[str], target: str) -> HttpResponse:
    """The recovery codes, in the only answer that ever carries them."""
    return render(request, "accounts/recovery_codes.html", {"codes": codes, "text": "\n".join(codes), "target": target})


def _device_in_hand(request: HttpRequest, user: User) -> TotpDevice:
    """The device being enrolled in this session. One begun elsewhere is never shown: somebody else may know its secret."""
    key = request.session.get(_ENROLLING)
    device = TotpDevice.objects.filter(pk=key, user=user, confirmed=False).first() if key else None
    if device is None:
        device = TotpDevice.begin(user)
        request.session[_ENROLLING] = str(device.pk)
    return device


def _try_new(device: TotpDevice, code: str) -> Verdict:
    with transaction.atomic():
        locked = TotpDevice.objects.select_for_update().filter(pk=device.pk).first()
        verdict = try_code(locked, code)
    device.refresh_from_db()
    return verdict


def has_authenticator(user: User) -> bool:
    """Whether the person has an authenticator that is set up."""
    return bool(TotpDevice.objects.filter(user=user, confirmed=True).exists())


def remaining_codes(user: User) -> int:
    """How many unused recovery codes a person has."""
    device = RecoveryDevice.objects.filter(user=user).first()
    return device.remaining if device else 0


def _qr(device: TotpDevice) -> str:
    """The QR code as a data: address of an SVG, dark on light in every theme, or a camera would not read it."""
    return segno.make(device.provisioning_uri, error="m").svg_data_uri(scale=5, border=3, dark="#111", light="#fff")
