"""Forms of signing in, one's own account, and members. They validate; actions act."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.emails import login_email
from accounts.factors import FactorField, FactorFormMixin, Verdict, confirm_factor, spend_code
from accounts.guessing import authenticated
from accounts.models import User
from accounts.models.passkey import NAME_LENGTH
from accounts.models.session import IDLE_LEAST, IDLE_MOST
from accounts.passkeys.checking import MOST_CHARACTERS
from accounts.passwords import RULE
from tenancy.models import Organization

NO_ANSWER = "Your browser made no passkey. Making one needs JavaScript and a browser that knows passkeys."


class SignInForm(forms.Form):
    """E-mail and password. One sentence for whatever is wrong, so that nobody learns who has an account."""

    email = forms.EmailField(
        label="E-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label="Password", strip=False, max_length=256, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        """Check the password, in the same time whether or not the account exists."""
        cleaned = self.cleaned_data
        if "email" in cleaned and "password" in cleaned:
            email = login_email(cleaned["email"])
            user = authenticated(self.request, email, cleaned["password"])
            if user is None:
                raise ValidationError("This e-mail and password do not match.", code="mismatch")
            self.user = user
        return cleaned


class CodeForm(forms.Form):
    """A code from the authenticator, a recovery code, or what a passkey answered."""

    code = FactorField(label="Code")

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["code"].widget.attrs["autofocus"] = True

    def clean_code(self) -> str:
        """Spend it; the error says whether to wait."""
        verdict = confirm_factor(self.request, self.cleaned_data["code"])
        if verdict != Verdict.RIGHT:
            raise ValidationError(verdict)
        return ""


class EnrolForm(forms.Form):
    """The first code of a new authenticator; the view checks it against the new device."""

    code = FactorField(label="Six-digit code")


class PasskeyNameForm(forms.Form):
    """What a passkey is called."""

    name = forms.CharField(
        label="Name",
        max_length=NAME_LENGTH,
        help_text="So that you know it again, such as “Work laptop” or “Blue security key”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class NewPasskeyForm(PasskeyNameForm):
    """A name, and what the device made; the page's script puts that in."""

    answer = forms.CharField(max_length=MOST_CHARACTERS, error_messages={"required": NO_ANSWER}, widget=forms.HiddenInput())


class NewPasswordForm(forms.Form):
    """A new password, twice."""

    password = forms.CharField(
        label="New password",
        strip=False,
        max_length=256,
        help_text=RULE,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    repeated = forms.CharField(
        label="New password again",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def owner(self) -> User:
        """Whose password it becomes; the password may not resemble them."""
        raise NotImplementedError

    def clean_password(self) -> str:
        """Apply the password policy."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.owner())
        return password

    def clean(self) -> dict[str, Any]:
        """Both must agree."""
        cleaned = self.cleaned_data
        if "password" in cleaned and "repeated" in cleaned and cleaned["password"] != cleaned["repeated"]:
            self.add_error("repeated", "The two passwords differ.")
        return cleaned


class JoinForm(NewPasswordForm):
    """What somebody invited who has no account yet tells about themselves."""

    name = forms.CharField(label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ("name", "password", "repeated")

    def __init__(self, email: str, organization: Organization, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.organization = organization

    def owner(self) -> User:
        """The user that will be made."""
        user = User(email=self.email, name=self.cleaned_data.get("name", ""))
        user.joining = self.organization
        return user


class ChangePasswordForm(NewPasswordForm):
    """The present password and the new one."""

    current = forms.CharField(
        label="Present password",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("current", "password", "repeated")

    def __init__(self, request: HttpRequest, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user = user

    def owner(self) -> User:
        """The person at the keyboard."""
        return self.user

    def clean_current(self) -> str:
        """The present password, under the same throttle as signing in."""
        password: str = self.cleaned_data["current"]
        if authenticated(self.request, self.user.email, password) is None:
            raise ValidationError("This is not your present password.", code="mismatch")
        return password


class EmailForm(forms.Form):
    """Whose password is forgotten."""

    email = forms.EmailField(
        label="E-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )


class ForgottenPasswordForm(NewPasswordForm):
    """A new password for somebody who has a link, and a code of their second factor, which is spent last."""

    code = FactorField(label="Code from your authenticator, or a recovery code")
    field_order = ("password", "repeated", "code")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def owner(self) -> User:
        """Whose link it is."""
        return self.user

    def clean(self) -> dict[str, Any]:
        """Spend the code once all else is in order; it is nobody's business afterwards."""
        cleaned = super().clean()
        code = cleaned.pop("code", "")
        if not self.errors and (verdict := spend_code(self.user, code.strip())[1]) != Verdict.RIGHT:
            self.add_error("code", verdict)
        return cleaned


class ProfileForm(forms.Form):
    """What a person is called."""

    name = forms.CharField(label="Name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))


class ConfirmForm(FactorFormMixin):
    """Nothing but the second factor, for an act without other input."""


class IdleForm(FactorFormMixin):
    """How long a session may lie idle."""

    minutes = forms.IntegerField(
        label="Minutes without use",
        min_value=IDLE_LEAST,
        max_value=IDLE_MOST,
        help_text=f"From {IDLE_LEAST} to {IDLE_MOST}. Pages that refresh themselves do not count as use.",
    )


class ReasonForm(FactorFormMixin):
    """Why, for acts an auditor will ask about."""

    reason = forms.CharField(label="Reason", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
