"""Forms about checks."""

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from inventory.models import System
from monitoring.defining.kinds import NEEDED, fields_of, start_of
from monitoring.models import Check, Kind
from monitoring.models.check import PASSIVE
from workflow.once import OnceForm

_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_RESERVED = {"host", "connection", "content-length", "transfer-encoding"}


class StatusesField(forms.CharField):
    """Statuses such as `200, 204`; cleans to a list of numbers."""

    def prepare_value(self, value: Any) -> Any:
        """As text."""
        return ", ".join(str(one) for one in value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        """The numbers, each once. Raises ValidationError."""
        words = re.split(r"[\s,]+", str(super().clean(self.prepare_value(value)) or "").strip())
        numbers = [int(word) for word in words if word.isascii() and word.isdigit() and 100 <= int(word) <= 599]
        if len(numbers) != len([word for word in words if word]) or len(numbers) > 20:
            raise ValidationError("Write statuses such as 200, 204.")
        return list(dict.fromkeys(numbers))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as text."""
        return super().has_changed(self.prepare_value(initial), data)


class CheckForm(OnceForm):
    """What is watched, how often, and when it is an outage. Which fields there are depends on the kind."""

    kind = forms.ChoiceField(choices=Kind.choices)
    name = forms.CharField(max_length=120, help_text="As an alarm names it, such as Billing API.")
    system = forms.ModelChoiceField(
        System.objects.none(),
        required=False,
        empty_label="None",
        help_text="Checks of one system share an incident when they fail together.",
    )
    critical = forms.BooleanField(
        label="An outage is a critical incident", required=False, help_text="Whoever is on call is woken. Otherwise: medium."
    )
    url = forms.CharField(
        label="Address",
        max_length=1_000,
        required=False,
        help_text="Such as https://app.example.com/health. A secret in its query, such as token=, is not shown again.",
    )
    expected_statuses = StatusesField(required=False, max_length=100, help_text="Such as 200, 204. Empty: 200 to 399.")
    expected_text = forms.CharField(label="Text that must be in the answer", max_length=200, required=False, strip=False)
    header = forms.CharField(
        label="Header that carries a secret", max_length=100, required=False, help_text="Such as Authorization."
    )
    host = forms.CharField(max_length=255, required=False, help_text="A name or an address, without a port.")
    port = forms.IntegerField(min_value=1, max_value=65_535, required=False)
    database = forms.CharField(max_length=63, required=False)
    username = forms.CharField(label="User", max_length=63, required=False)
    secret = forms.CharField(
        max_length=1_000,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Kept sealed and never shown again.",
    )
    use_tls = forms.BooleanField(label="With TLS", required=False)
    certificate_days = forms.IntegerField(
        label="Degraded when the certificate ends within so many days", min_value=0, max_value=365, required=False
    )
    tls_at_least = forms.ChoiceField(
        label="Down when TLS is older than",
        choices=[("", "Any"), ("TLSv1.2", "TLS 1.2"), ("TLSv1.3", "TLS 1.3")],
        required=False,
    )
    interval = forms.IntegerField(label="Every so many seconds", min_value=10, max_value=8 * 86_400, initial=60)
    timeout = forms.IntegerField(label="Timeout in seconds", min_value=1, max_value=86_400, initial=10)
    slow_after = forms.IntegerField(
        label="Degraded when slower than, in milliseconds", min_value=1, max_value=60_000, required=False
    )
    failures = forms.IntegerField(label="Down after so many failures in a row", min_value=1, max_value=20, initial=2)
    successes = forms.IntegerField(label="Up after so many successes in a row", min_value=1, max_value=20, initial=1)
    value_unit = forms.CharField(label="Unit", max_length=20, required=False, help_text="Such as jobs, or %.")
    warn_above = forms.FloatField(label="Degraded above", required=False)
    fail_above = forms.FloatField(label="Down above", required=False)
    warn_below = forms.FloatField(label="Degraded below", required=False)
    fail_below = forms.FloatField(label="Down below", required=False)
    target = forms.DecimalField(
        label="Target for its uptime, in percent", min_value=0, max_value=100, max_digits=6, decimal_places=3, initial="99.9"
    )
    GROUPS: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("What is watched", ("name", "system", "url", "host", "port", "database", "username", "header", "secret",
                             "forget_secret", "use_tls")),
        ("What is expected", ("expected_statuses", "expected_text", "certificate_days", "tls_at_least", "slow_after",
                              "value_unit", "warn_above", "fail_above", "warn_below", "fail_below")),
        ("When, and from when it is an outage", ("interval", "timeout", "failures", "successes", "critical", "target")),
    )  # fmt: skip

    def __init__(self, *args: Any, kind: str = "", start: str = "", system: Any = None, **kwargs: Any) -> None:
        """Show what the kind has, with the values it starts from; a system that it has is offered, too."""
        super().__init__(*args, **kwargs)
        offered = System.objects.filter(status=System.Status.ACTIVE)
        self.fields["system"].queryset = offered | System.objects.filter(pk=system)  # type: ignore[attr-defined]
        if kind:
            self._be(kind)
        begun = start_of(start or kind)
        for name, value in (begun.values if begun else {}).items():
            if name in self.fields:
                self.fields[name].initial = value
        self.fieldsets = tuple(
            (legend, present) for legend, names in self.GROUPS if (present := tuple(one for one in names if one in self.fields))
        )

    def _be(self, kind: str) -> None:
        kept = {"once", "kind", "forget_secret", *fields_of(kind)}
        for name in [name for name in self.fields if name not in kept]:
            del self.fields[name]
        for name in NEEDED & set(self.fields):
            self.fields[name].required = True
        if "kind" in self.fields:
            self.fields["kind"].initial = kind
            self.fields["kind"].widget = forms.HiddenInput()  # chosen on the page before
        if kind in PASSIVE:
            self.fields["interval"].label = "It calls at least every so many seconds"
            self.fields["timeout"].label = "It may be late by so many seconds"
        if kind in {Kind.POSTGRESQL, Kind.REDIS}:
            self.fields["secret"].label = "Password"

    def clean_header(self) -> str:
        """A name that a header may have."""
        name: str = self.cleaned_data["header"].strip()
        if name and (not _HEADER.fullmatch(name) or name.lower() in _RESERVED):
            raise ValidationError("Write the name of a header, such as Authorization.")
        return name

    def clean_secret(self) -> str:
        """One line."""
        secret: str = self.cleaned_data["secret"]
        if not secret.isprintable():
            raise ValidationError("A secret is one line without control characters.")
        return secret

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


class CheckEditForm(CheckForm):
    """The same of a check that is there: its kind stays, and so does a secret that nobody types."""

    kind = None  # type: ignore[assignment] # as Django leaves a field out
    forget_secret = forms.BooleanField(label="Forget the secret that it has", required=False)

    def __init__(self, *args: Any, check: Check | None = None, **kwargs: Any) -> None:
        kind = check.kind if check else ""
        super().__init__(*args, kind=kind, system=check.system_id if check else None, **kwargs)
        if check is not None and not check.secret:
            del self.fields["forget_secret"]
            there = self.fields
            self.fieldsets = tuple((legend, tuple(one for one in names if one in there)) for legend, names in self.fieldsets)
