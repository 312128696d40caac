"""Showing a second factor, by a code or a passkey: at sign-in, and again for sensitive acts.

It is checked outside any organization's scope, so that throttling and the refusal of replays are kept even when
the form that carried it is refused and rolled back. For forms inside an organization the middleware does it, before
the scope opens.
"""

from collections.abc import Callable, Mapping
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
from accounts.models import Passkey, RecoveryDevice, TotpDevice, User
from accounts.models.factor import FactorDevice, looks_like_recovery
from accounts.passkeys import refusing
from accounts.passkeys.checking import MOST_CHARACTERS, looks_like_answer
from accounts.passkeys.party import is_here
from accounts.passkeys.showing import show_passkey
from accounts.people import signed_in
from accounts.sealing import SealingError
from accounts.sessions import factor_age, note_factor
from accounts.trail import fail_for_person
from tenancy.scope import active_tenant_id
from ui.links import site_path
from ui.refusals import ActionRefused

FIELD_NAME = "factor_code"
RECENT_MINUTES = 5
SENTENCE = "Confirm with your second factor first."
_CODE_LENGTH = 40


class Verdict(StrEnum):
    """What became of what was shown."""

    RIGHT = ""
    WRONG = "This code is not right, or it was used before. Wait for the next one."
    TOO_SOON = refusing.TOO_SOON
    NOT_ACCEPTED = refusing.NOT_ACCEPTED
    STALE = refusing.STALE


def answer_name(name: str) -> str:
    """The name of the hidden field beside the one for codes, in which a page's script puts what a passkey answered."""
    return f"{name}_passkey"


def given_in(data: Mapping[str, Any], name: str = FIELD_NAME) -> str:
    """What was shown in a form: a passkey's answer, or a code."""
    return data.get(answer_name(name)) or data.get(name) or ""


def confirm_factor(request: HttpRequest, given: str) -> Verdict:
    """Check a code or passkey of the signed-in user, once for each request; if it is right, the session notes it.

    Raises RuntimeError inside an organization's scope: what a wrong one costs could be rolled back there.
    """
    verdict: Verdict | None = getattr(request, "factor_verdict", None)
    if verdict is None:
        if active_tenant_id() is not None:
            raise RuntimeError(f"A factor is checked before the scope opens; name the field {FIELD_NAME}.")
        verdict = _check(request, given.strip())
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


class FactorInput(forms.TextInput):
    """Where a code is typed. Left empty, a passkey is asked for as the form is sent: see ui/static/ui/passkeys.js."""

    template_name = "accounts/widgets/factor.html"
    asks = ""  # where the script gets what to ask; empty where no passkey can be shown

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """With the field for what a passkey answers."""
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"asks": self.asks, "answer_name": answer_name(name)}
        return context

    def use_required_attribute(self, initial: Any) -> bool:
        """Not where a passkey may be shown instead: the browser would not send the form."""
        return not self.asks and super().use_required_attribute(initial)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str:
        """Whichever was shown."""
        return given_in(data, name)

    def format_value(self, value: Any) -> str | None:
        """A code that was refused stays, what a passkey answered does not: it serves once."""
        return None if looks_like_answer(str(value)) else super().format_value(value)


class FactorField(forms.CharField):
    """A code of six digits or a recovery code; of whoever has a passkey, that instead."""

    widget: Any

    def __init__(self, *, label: str = "Code from your authenticator", **kwargs: Any) -> None:
        widget = FactorInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code", "spellcheck": "false"}
        )
        super().__init__(label=label, max_length=MOST_CHARACTERS, widget=widget, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """What is typed is a code."""
        return super().widget_attrs(widget) | {"maxlength": _CODE_LENGTH}

    def offer_passkey(self) -> None:
        """Let the person leave it empty and show a passkey."""
        self.label = "Passkey or code"
        self.help_text = format_html("{} Leave this empty to use your passkey.", self.help_text)
        self.widget.asks = site_path("accounts:passkey_ask")


def may_show_passkey(request: HttpRequest) -> bool:
    """Whether the person has a passkey, and it works at this address."""
    return is_here(request) and Passkey.objects.filter(user=signed_in(request), confirmed=True).exists()


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
            field = self.fields[FIELD_NAME] = FactorField(help_text=_how(request))
            if may_show_passkey(request):
                field.offer_passkey()

    def clean_factor_code(self) -> str:
        """Refuse the form, at the field, unless what was shown is right."""
        verdict = confirm_factor(self.factor_request, self.cleaned_data[FIELD_NAME])
        if verdict != Verdict.RIGHT:
            raise ValidationError(verdict)
        return ""

    def clean(self) -> dict[str, Any] | None:
        """What was shown is nobody's business afterwards."""
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


def _check(request: HttpRequest, given: str) -> Verdict:
    user = signed_in(request)
    if looks_like_answer(given):
        device, verdict = _settled(user, Passkey, lambda: _by_passkey(request, user, given))
    else:
        device, verdict = spend_code(user, given)
    if verdict == Verdict.RIGHT:
        note_device(request, device)
        note_factor(request)
    return verdict


def spend_code(user: User, code: str) -> tuple[FactorDevice | None, Verdict]:
    """Check a code of somebody, which is spent by that; a wrong one is recorded. Raises SealingError."""
    kind = RecoveryDevice if looks_like_recovery(code) else TotpDevice
    return _settled(user, kind, lambda: _by_code(user, kind, code))


Checked = tuple[FactorDevice | None, Verdict, str]  # what was shown, what came of it, and why it was refused


def _settled(user: User, kind: type[FactorDevice], check: Callable[[], Checked]) -> tuple[FactorDevice | None, Verdict]:
    """What was shown and what came of it; a refusal is recorded."""
    try:
        device, verdict, reason = check()
    except SealingError:
        fail_for_person("factor.refuse", user, {"reason": "the stored secret cannot be opened", "kind": kind.KIND})
        raise
    if verdict != Verdict.RIGHT:
        fail_for_person("factor.refuse", user, {"reason": reason, "kind": kind.KIND})
    return device, verdict


def _by_code(user: User, kind: type[FactorDevice], code: str) -> Checked:
    with transaction.atomic():
        device: FactorDevice | None = kind.objects.select_for_update().filter(user=user, confirmed=True).first()
        verdict = try_code(device, code)
    return device, verdict, "too soon" if verdict == Verdict.TOO_SOON else "wrong code"


def _by_passkey(request: HttpRequest, user: User, answer: str) -> Checked:
    try:
        return show_passkey(request, user, answer), Verdict.RIGHT, ""
    except refusing.PasskeyRefused as refusal:
        return None, Verdict(refusal.sentence), refusal.reason


def try_code(device: FactorDevice | None, code: str) -> Verdict:
    """Spend a code on a locked device."""
    if device is None:
        return Verdict.WRONG
    if not device.verify_is_allowed()[0]:
        return Verdict.TOO_SOON
    return Verdict.RIGHT if device.verify_token(code.replace(" ", "")) else Verdict.WRONG
