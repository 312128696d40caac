"""Showing a second factor: at sign-in, and again for sensitive acts.

A code is checked outside any organization's scope, so that throttling and the refusal of replays are kept even when
the form that carried it is refused and rolled back. For forms inside an organization the middleware does it, before
the scope opens.
"""

from enum import StrEnum
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.html import format_html
from django_otp import login as note_device

from accounts.company.reach import serves
from accounts.links import with_next
from accounts.models import RecoveryDevice, TotpDevice
from accounts.models.factor import FactorDevice, looks_like_recovery
from accounts.people import signed_in
from accounts.sealing import SealingError
from accounts.sessions import factor_age, note_factor
from accounts.trail import fail_for_person
from tenancy.scope import active_tenant_id
from ui.refusals import ActionRefused

FIELD_NAME = "factor_code"
RECENT_MINUTES = 5
SENTENCE = "Confirm with a code from your authenticator first."


class Verdict(StrEnum):
    """What became of a code."""

    RIGHT = ""
    WRONG = "This code is not right, or it was used before. Wait for the next one."
    TOO_SOON = "Too many wrong codes. Wait a little, then try again."


def confirm_factor(request: HttpRequest, code: str) -> Verdict:
    """Check a code of the signed-in user, once for each request; if it is right, the session notes it.

    Raises RuntimeError inside an organization's scope: what a wrong code costs could be rolled back there.
    """
    verdict: Verdict | None = getattr(request, "factor_verdict", None)
    if verdict is None:
        if active_tenant_id() is not None:
            raise RuntimeError(f"A code is checked before the scope opens; name the field {FIELD_NAME}.")
        verdict = _check(request, code.strip())
        request.factor_verdict = verdict  # type: ignore[attr-defined]
    return verdict


def has_recent_factor(request: HttpRequest, minutes: int = RECENT_MINUTES) -> bool:
    """Whether the second factor was shown in this session within the last minutes."""
    age = factor_age(request)
    return age is not None and 0 <= age < minutes * 60


def require_recent_factor(request: HttpRequest, minutes: int = RECENT_MINUTES) -> None:
    """Raise ActionRefused unless the second factor was shown within the last minutes."""
    if not has_recent_factor(request, minutes):
        raise ActionRefused(SENTENCE, field=FIELD_NAME)


class FactorField(forms.CharField):
    """Where a code is typed: six digits, or a recovery code."""

    def __init__(self, *, label: str = "Code from your authenticator", **kwargs: Any) -> None:
        widget = forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code", "spellcheck": "false"}
        )
        super().__init__(label=label, max_length=40, widget=widget, **kwargs)


def _how(request: HttpRequest) -> str:
    """How the act is confirmed. Whom a provider's second factor serves goes there again, as they have no code."""
    why = "This act is recorded as yours, so confirm that it is you."
    if not serves(request):
        return why
    way = with_next("accounts:confirm", request.get_full_path())
    return format_html(
        '{} Without an authenticator here: <a href="{}">sign in with your company account again</a>, then fill in this form.',
        why,
        way,
    )


class FactorFormMixin(forms.Form):
    """A form for a sensitive act: it asks for a code unless one was shown a short while ago.

    Takes the keyword `request`; screens add it with `FactorScreenMixin`.
    """

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.factor_request = request
        if not has_recent_factor(request):
            self.fields[FIELD_NAME] = FactorField(help_text=_how(request))

    def clean_factor_code(self) -> str:
        """Refuse the form, at the field, unless the code is right."""
        verdict = confirm_factor(self.factor_request, self.cleaned_data[FIELD_NAME])
        if verdict != Verdict.RIGHT:
            raise ValidationError(verdict)
        return ""

    def clean(self) -> dict[str, Any] | None:
        """The code is nobody's business afterwards."""
        cleaned = super().clean()
        self.cleaned_data.pop(FIELD_NAME, None)
        return cleaned


class FactorScreenMixin:
    """For a FormScreen whose form is a FactorFormMixin."""

    request: Any

    def get_form_kwargs(self) -> dict[str, Any]:
        """Hand the request to the form."""
        kwargs: dict[str, Any] = super().get_form_kwargs()  # type: ignore[misc]
        return {**kwargs, "request": self.request}


def _check(request: HttpRequest, code: str) -> Verdict:
    user = signed_in(request)
    kind = RecoveryDevice if looks_like_recovery(code) else TotpDevice
    try:
        with transaction.atomic():
            device: FactorDevice | None = kind.objects.select_for_update().filter(user=user, confirmed=True).first()
            verdict = try_code(device, code)
    except SealingError:
        fail_for_person("factor.refuse", user, {"reason": "the stored secret cannot be opened", "kind": kind.KIND})
        raise
    if verdict == Verdict.RIGHT:
        note_device(request, device)
        note_factor(request)
    else:
        reason = "too soon" if verdict == Verdict.TOO_SOON else "wrong code"
        fail_for_person("factor.refuse", user, {"reason": reason, "kind": kind.KIND})
    return verdict


def try_code(device: FactorDevice | None, code: str) -> Verdict:
    """Spend a code on a locked device."""
    if device is None:
        return Verdict.WRONG
    if not device.verify_is_allowed()[0]:
        return Verdict.TOO_SOON
    return Verdict.RIGHT if device.verify_token(code.replace(" ", "")) else Verdict.WRONG
