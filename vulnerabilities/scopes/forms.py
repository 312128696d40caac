"""Forms about scopes of scans."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q

from inventory.models import Person, System
from vulnerabilities.models import ScanScope, Tool
from workflow.once import OnceForm

_FILES = [(value, label) for value, label in Tool.choices if value != Tool.TLS]


class _CommonFields(OnceForm):
    """Whose it is, and how often it is scanned."""

    name = forms.CharField(max_length=120)
    every_days = forms.IntegerField(
        label="Days between scans", min_value=1, max_value=366, initial=7, help_text="Weekly is what auditors expect."
    )
    system = forms.ModelChoiceField(System.objects.none(), required=False, empty_label="None named")
    owner = forms.ModelChoiceField(
        Person.objects.none(),
        required=False,
        empty_label="Nobody yet",
        help_text="New vulnerabilities are with them, and they are reminded of scans.",
    )

    def __init__(self, *args: Any, scope: ScanScope | None = None, **kwargs: Any) -> None:
        """Offer systems in use and people at work, and those it has."""
        super().__init__(*args, **kwargs)
        systems, people = self.fields["system"], self.fields["owner"]
        kept = Q(pk=scope.system_id) if scope else Q(pk=None)
        systems.queryset = System.objects.filter(Q(status=System.Status.ACTIVE) | kept)  # type: ignore[attr-defined]
        whose = Q(pk=scope.owner_id) if scope else Q(pk=None)
        people.queryset = Person.objects.filter(~Q(status=Person.Status.LEFT) | whose)  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


class ScopeForm(_CommonFields):
    """Something whose scans are imported."""

    tool = forms.ChoiceField(choices=_FILES, help_text="One tool for a scope: its scans are compared with each other.")
    target = forms.CharField(
        label="What is scanned",
        max_length=300,
        required=False,
        help_text="Such as larkfield/billing, or an image without its tag; of storage settings the number of the cloud account.",
    )
    field_order = ("name", "tool", "target", "every_days", "system", "owner")
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("What is scanned", ("name", "tool", "target", "every_days")),
        ("Whose it is", ("system", "owner")),
    )


class ScopeEditForm(ScopeForm):
    """The same, but the tool stays."""

    tool = None  # type: ignore[assignment] # as Django leaves a field out
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("What is scanned", ("name", "target", "every_days")),
        ("Whose it is", ("system", "owner")),
    )


class EndpointForm(_CommonFields):
    """An endpoint whose TLS Plumbline checks."""

    host = forms.CharField(max_length=253, help_text="A name such as app.larkfield.example, without https.")
    port = forms.IntegerField(min_value=1, max_value=65535, initial=443)
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("The endpoint", ("name", "host", "port", "every_days")),
        ("Whose it is", ("system", "owner")),
    )

    def clean_host(self) -> str:
        """A host alone, in lower case."""
        host: str = self.cleaned_data["host"].strip().lower().rstrip(".")
        if "/" in host or ":" in host or "@" in host or any(c.isspace() for c in host):
            raise forms.ValidationError("Only the host's name: no address with https, path or port.")
        return host

    def facts(self) -> dict[str, Any]:
        """With its tool."""
        return {**super().facts(), "tool": Tool.TLS}


class EndpointEditForm(_CommonFields):
    """The same, but the endpoint stays."""

    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (("", ("name", "every_days", "system", "owner")),)
