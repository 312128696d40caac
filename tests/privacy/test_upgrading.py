"""Upgrading seals what an earlier version kept in the clear, and going back puts it in the clear again."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from audit.models import AuditEvent
from privacy.models import Consent, SubjectRequest
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.cast import Cast
from tests.privacy.making import a_consent, a_request, a_version
from vendors.models import Vendor
from vendors.register.actions import request_vendor

CONTACTS = ["Ada Adams: ada@example.com", "+1 555 0100"]


def told(model: Any, column: str) -> list[Any]:
    """A column as the database has it."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM "{model._meta.db_table}"')
        return [value for (value,) in cursor.fetchall()]


@pytest.mark.slow
def test_both_ways(committed_db: None):
    acme, manager = Organization.objects.get(slug="acme"), Cast().manager
    with tenant(acme):
        request = a_request(manager, details="Everything since 2019")
        a_consent(manager, a_version(manager), note="By telephone")
        facts: dict[str, Any] = {"service": "S", "data_shared": 0, "criticality": 0, "access": 0}
        vendor = request_vendor(actor=manager, name="Northwind", contacts=CONTACTS, **facts)
        index = request.refreshed().email_index
    call_command("migrate", "privacy", "0005_names_out", verbosity=0)
    call_command("migrate", "vendors", "0002_documents", verbosity=0)
    with tenant(acme):
        assert told(SubjectRequest, "details") == ["Everything since 2019"]
        assert told(SubjectRequest, "email") == ["ada@example.com"]
        assert told(Consent, "note") == ["By telephone"]
        assert told(Vendor, "contacts") == [CONTACTS]
    call_command("migrate", "privacy", verbosity=0)
    call_command("migrate", "vendors", verbosity=0)
    with tenant(acme):
        assert told(SubjectRequest, "details")[0].startswith("v1|")
        again = request.refreshed()
        assert (again.details, again.email, again.email_index) == ("Everything since 2019", "ada@example.com", index)
        assert Consent.objects.get().note == "By telephone"
        assert vendor.refreshed().contacts == CONTACTS
        kinds = {"privacy.subjectrequest", "privacy.consent", "vendors.vendor"}
        for verb in ("sealed_value.open", "sealed_value.seal"):
            assert set(AuditEvent.objects.filter(verb=verb).values_list("object_kind", flat=True)) >= kinds
