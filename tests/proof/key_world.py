"""An organization with a value in each of its sealed fields, all of which can be told, and the installation with a factor."""

import datetime as dt
import uuid
from typing import Any

from django.test import override_settings

from accounts.company.actions import add_provider
from accounts.models import Member, TotpDevice
from accounts.sealed import stored
from accounts.sealing import unseal
from changes.sources.actions import create_source, set_secret
from incidents.oncall.channels import create_channel
from inventory.models import Person
from keys.store import ITSELF
from monitoring.defining.actions import create_check
from policies.background.actions import record_check, withdraw_check
from privacy.subjects import actions as subjects
from proof.keys.places import fields_here, owner_id, values_of
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.accounts.passkeys.device import enrolled
from tests.cast import Cast
from tests.privacy.making import a_consent, a_request, a_version
from vendors.register.actions import edit_vendor, request_vendor
from workflow.outgoing.hosts import allow_host

CANARY = "canary-of-a-secret"
Values = dict[tuple[str, uuid.UUID], bytes]


def fill(organization: Organization, canary: str = CANARY) -> None:
    """Something sealed in each field; call outside of any scope."""
    cast = Cast()
    administrator, manager = (cast.of(organization.slug, name) for name in ("administrator", "manager"))
    with tenant(organization):
        name = f"Keys {uuid.uuid4().hex[:6]}"
        allow_host(actor=administrator, host="hooks.internal", reason="Ours")
        add_provider(
            actor=administrator, name=name, issuer=f"https://{name[-6:]}.example", client_id="c", secret=f"{canary}-provider"
        )
        source = create_source(actor=manager, name=name, repositories=["ours/*"], systems=[])
        set_secret(source, actor=manager, text=f"{canary}-former")
        set_secret(source.refreshed(), actor=manager, text=f"{canary}-source", overlap=dt.timedelta(days=1))
        create_check(
            actor=manager, name=name, kind="http", url="https://watched.example/", secret=f"{canary}-check", header="X-Key"
        )
        create_channel(actor=manager, name=name, kind="webhook", url=f"https://hooks.example/{canary}-hook")
        person = Person.objects.earliest("id")
        for provider in ("One", "Two"):
            made = record_check(
                actor=ITSELF, person=person, checked_on=organization.today(), provider=name + provider,
                outcome="accepted", note=f"{canary}-background",
            )  # fmt: skip
        withdraw_check(made, actor=ITSELF, reason="Wrong person")
        _ask(manager, canary)
    TotpDevice.begin(administrator.user)
    with override_settings(PLUMBLINE_BASE_URL="http://localhost:8000"):  # where passkeys can be made
        enrolled(administrator.user)


def _ask(manager: Member, canary: str) -> None:
    """Somebody asks about their data, had consented, and a vendor has contacts."""
    request = a_request(
        manager, name=f"{canary}-name", email=f"{canary}-{uuid.uuid4().hex[:6]}@people.example", relation=f"{canary}-relation",
        details=f"{canary}-details",
    )  # fmt: skip
    longer = {"due_on": request.due_on + dt.timedelta(days=9), "told_on": request.received_on}
    subjects.extend(request, actor=manager, reason=f"{canary}-late", **longer)
    verified = subjects.verify(request, actor=manager, how=f"{canary}-how")
    subjects.do_task(verified.tasks.get(), actor=manager, outcome=f"{canary}-outcome")
    subjects.answer(verified, actor=manager, words=f"{canary}-answer")
    a_consent(manager, a_version(manager, name=f"Site {uuid.uuid4().hex[:6]}"), note=f"{canary}-note")
    facts: dict[str, Any] = {"service": "S", "data_shared": 0, "criticality": 0, "access": 0}
    vendor = request_vendor(actor=manager, name=f"Vendor {uuid.uuid4().hex[:6]}", contacts=[f"{canary}-contact"], **facts)
    edit_vendor(vendor, actor=manager, contacts=[f"{canary}-contact", f"{canary}-other"])


def told(organization: Organization) -> Values:
    """Every value of an organization, opened."""
    with tenant(organization):
        return {
            (field.label, row.pk): unseal(stored(row, field.field), label=field.label, row_id=row.pk, tenant_id=owner_id())
            for field in fields_here()
            for row in values_of(field)
        }
