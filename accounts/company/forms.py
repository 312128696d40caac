"""Forms of the settings of company sign-in. They validate; actions act."""

from typing import Any

from django import forms

from accounts.company.asking import AskingFailed
from accounts.company.discovery import check_address
from accounts.factors import FactorFormMixin
from ui.forms import TextArea

_SECRET = forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=False)


class _ProviderForm(FactorFormMixin):
    """What may be corrected later as well."""

    name = forms.CharField(label="Name", max_length=60, help_text="As on the button: Sign in with …")
    secret = forms.CharField(label="Client secret", max_length=500, strip=True, widget=_SECRET)
    domain = forms.CharField(
        label="Domain",
        max_length=253,
        required=False,
        help_text="For Google: your Workspace domain. Every account must carry it as hd. Leave it empty for other providers.",
    )
    vouches = forms.BooleanField(
        label="Its addresses count as verified although it does not say so",
        required=False,
        help_text="For Entra, which does not say email_verified. Only where nobody but your administrators can set an address.",
    )


class AddProviderForm(_ProviderForm):
    """A provider. Its issuer and client do not change afterwards."""

    issuer = forms.CharField(
        label="Issuer",
        max_length=300,
        help_text="Exactly as the provider writes it, such as https://accounts.google.com or https://company.okta.com",
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    client_id = forms.CharField(label="Client ID", max_length=255, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    field_order = ("name", "issuer", "client_id", "secret", "domain", "vouches")
    fieldsets = (
        ("The provider", ("name", "issuer", "client_id", "secret")),
        ("Whom it speaks for", ("domain", "vouches")),
    )

    def clean_issuer(self) -> str:
        """An address that may be asked; a slash at its end counts."""
        issuer: str = self.cleaned_data["issuer"]
        try:
            check_address(issuer, "issuer")
        except AskingFailed:
            raise forms.ValidationError("An issuer begins with https:// and names a host.") from None
        if "?" in issuer or issuer.endswith("/openid-configuration"):
            raise forms.ValidationError("Give the issuer itself, without /.well-known/ and what follows.")
        return issuer


class ChangeProviderForm(_ProviderForm):
    """What may be corrected."""

    fieldsets = (("The provider", ("name", "secret")), ("Whom it speaks for", ("domain", "vouches")))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["secret"].required = False
        self.fields["secret"].help_text = "Left empty: the present one stays."


class FactorNoteForm(FactorFormMixin):
    """How the provider enforces a second factor."""

    note = forms.CharField(
        label="How it is enforced",
        max_length=500,
        widget=TextArea(rows=3),
        help_text="Such as: rule “MFA for all users”, no exceptions, looked at today. Your name and the day are kept with it.",
    )
