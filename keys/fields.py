"""Every field that is sealed, in one place: only these labels can be sealed, and rotation goes through all of them.

A label is part of what a value is bound to, and never changes. `was` is the label under which a value may have been sealed
before data keys had names.
"""

from dataclasses import dataclass
from typing import Any

from django.apps import apps

from keys.errors import SealingError
from keys.models import Purpose


@dataclass(frozen=True, slots=True)
class SealedField:
    """A field whose values are sealed. `model` is its app and name; without a `field` it is the content of a stored file."""

    label: str
    model: str
    field: str
    purpose: Purpose
    what: str
    was: str = ""
    index: str = ""  # the field with its blind index, if it has one

    @property
    def rows(self) -> Any:
        """The model."""
        return apps.get_model(self.model)

    @property
    def is_global(self) -> bool:
        """Whether its rows belong to no organization."""
        return not any(field.name == "tenant" for field in self.rows._meta.fields)


_G, _P = Purpose.GENERAL, Purpose.PERSONAL
FIELDS = (
    SealedField("accounts.totp.secret", "accounts.TotpDevice", "sealed_secret", _G, "Secrets of second factors"),
    SealedField("accounts.passkey.key", "accounts.Passkey", "sealed_key", _G, "Public keys of passkeys"),
    SealedField(
        "accounts.identity_provider.secret", "accounts.IdentityProvider", "sealed_secret", _G, "Secrets of identity providers",
    ),
    SealedField("change_source.secret", "changes.ChangeSource", "secret", _G, "Secrets of change sources"),
    SealedField(
        "change_source.former_secret", "changes.ChangeSource", "former_secret", _G, "Former secrets of change sources",
        was="change_source.secret",
    ),
    SealedField("check.secret", "monitoring.Check", "secret", _G, "Secrets of checks"),
    SealedField("alert_channel.url", "incidents.AlertChannel", "url", _G, "Addresses of webhooks"),
    SealedField("alert_channel.secret", "incidents.AlertChannel", "secret", _G, "Secrets of webhooks"),
    SealedField("policies.background_check.outcome", "policies.BackgroundCheck", "sealed", _P, "Outcomes of background checks"),
    SealedField(
        "subject_request.name", "privacy.SubjectRequest", "name", _P, "Who asks about their own data", index="name_index",
    ),
    SealedField("subject_request.email", "privacy.SubjectRequest", "email", _P, "Addresses of who asks", index="email_index"),
    SealedField("subject_request.relation", "privacy.SubjectRequest", "relation", _P, "Who they are to us"),
    SealedField("subject_request.details", "privacy.SubjectRequest", "details", _P, "What they said"),
    SealedField("subject_request.extended_reason", "privacy.SubjectRequest", "extended_reason", _P, "Why an answer takes longer"),
    SealedField("subject_request.identity_how", "privacy.SubjectRequest", "identity_how", _P, "How identities were checked"),
    SealedField("subject_request.answer", "privacy.SubjectRequest", "answer", _P, "What they were answered"),
    SealedField("request_task.outcome", "privacy.RequestTask", "outcome", _P, "What came of tasks of such requests"),
    SealedField("consent.note", "privacy.Consent", "note", _P, "Notes of consents"),
    SealedField("vendor.contacts", "vendors.Vendor", "contacts", _P, "Contacts of vendors"),
    SealedField("policies.background_checks.file", "evidence.StoredFile", "", _P, "Imported lists of background checks"),
    SealedField("privacy.subject_requests.file", "evidence.StoredFile", "", _P, "Imported lists of requests of people"),
    SealedField("privacy.legal_holds.file", "evidence.StoredFile", "", _P, "Imported lists of legal holds"),
)  # fmt: skip
_BY_LABEL = {one.label: one for one in FIELDS}


def field_of(label: str) -> SealedField:
    """The field with this label. Raises SealingError for one that is not listed."""
    if label not in _BY_LABEL:
        raise SealingError(f"No sealed field is called {label}: keys/fields.py lists them.")
    return _BY_LABEL[label]


def columns_of(*, is_global: bool) -> list[SealedField]:
    """The fields that are columns of tables: of organizations, or of the installation."""
    return [one for one in FIELDS if one.field and one.is_global == is_global]
