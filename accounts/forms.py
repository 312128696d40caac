"""Forms of signing in, one's own account, and members. They validate; actions act."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html

from accounts.emails import login_email
from accounts.factors import FactorField, FactorFormMixin, Verdict, confirm_factor
from accounts.models import User
from accounts.models.session import IDLE_LEAST, IDLE_MOST
from accounts.passwords import RULE
from accounts.roles import FOR_PROGRAMS, ROLE_CHOICES, ROLES
from tenancy.models import Organization
from ui.forms import DateInput


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
            user = authenticate(self.request, username=email, password=cleaned["password"])
            if not isinstance(user, User):
                raise ValidationError("This e-mail and password do not match.", code="mismatch")
            self.user = user
        return cleaned


class CodeForm(forms.Form):
    """A code from the authenticator, or a recovery code."""

    code = FactorField(label="Code")

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["code"].widget.attrs["autofocus"] = True

    def clean_code(self) -> str:
        """Spend the code; the error says whether to wait."""
        verdict = confirm_factor(self.request, self.cleaned_data["code"])
        if verdict != Verdict.RIGHT:
            raise ValidationError(verdict)
        return ""


class EnrolForm(forms.Form):
    """The first code of a new authenticator; the view checks it against the new device."""

    code = FactorField(label="Six-digit code")


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
        if authenticate(self.request, username=self.user.email, password=password) is None:
            raise ValidationError("This is not your present password.", code="mismatch")
        return password


class ProfileForm(forms.Form):
    """What a person is called."""

    name = forms.CharField(label="Name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))


class ConfirmForm(FactorFormMixin):
    """Nothing but the second factor, for an act without other input."""


class RolesField(forms.MultipleChoiceField):
    """The roles as check boxes, each with what it may do; those of programs only where a program may have them."""

    def __init__(self, *, of_programs: bool = True, **kwargs: Any) -> None:
        template = '<span><strong>{}</strong> <span class="muted">{}</span></span>'
        offered = [(key, name) for key, name in ROLE_CHOICES if of_programs or key not in FOR_PROGRAMS]
        described = [(key, format_html(template, name, ROLES[key].description)) for key, name in offered]
        super().__init__(choices=described, widget=forms.CheckboxSelectMultiple, **kwargs)


class AccessEndField(forms.DateField):
    """The last day on which somebody may enter; empty for those who stay."""

    def __init__(self) -> None:
        super().__init__(
            label="Access ends on",
            required=False,
            widget=DateInput(),
            help_text="The last day, for somebody who comes for a while, such as an external auditor. Empty: no end.",
        )


class InviteForm(FactorFormMixin):
    """Whom to invite, as what."""

    email = forms.EmailField(label="E-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(label="Name", max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    roles = RolesField(label="Roles", of_programs=False)
    access_ends_on = AccessEndField()


class AccessForm(FactorFormMixin):
    """Which roles a member has, and until when."""

    roles = RolesField(label="Roles")
    access_ends_on = AccessEndField()


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
