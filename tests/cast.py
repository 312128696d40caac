"""The fixed cast: one member for each role in acme, the same in globex, and a stranger to both."""

import time

from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY

from accounts.models import Member, TotpDevice, User
from audit.actions import action
from audit.actors import System
from audit.record import record
from inventory.models import Person
from keys.models import Purpose
from keys.store import NIL_TENANT, sealing_key
from tenancy.models import Organization
from tenancy.scope import tenant

PASSWORD = "Correct-Horse-9-Battery"
ROLES = {
    "administrator": "administrator",
    "manager": "compliance_manager",
    "reviewer": "reviewer",
    "approver": "approver",
    "executive": "executive",
    "auditor": "auditor",
    "viewer": "viewer",
    "employee": "employee",
}


@action
def _person_of(member: Member) -> Person:
    person = Person.objects.create(name=member.name, email=member.email, member=member)
    record("person.create", person, actor=System("test"))
    return person


def build_cast() -> None:
    """Commit both organizations with their members, each linked to a person of the roster."""
    User.objects.create_user(email="stranger@nowhere.example", name="Sam Stranger", password=PASSWORD)
    for slug, zone in (("acme", "America/New_York"), ("globex", "Europe/Berlin")):
        organization = Organization.objects.create(slug=slug, name=slug.title(), zone=zone)
        for name, role in ROLES.items():
            user = User.objects.create_user(
                email=f"{name}@{slug}.example", name=f"{name.title()} {slug.title()}", password=PASSWORD
            )
            member = Member.objects.create(organization=organization, user=user, roles=[role])
            with tenant(organization):
                _person_of(member)
        with tenant(organization):
            sealing_key(organization.pk, Purpose.GENERAL)
    sealing_key(NIL_TENANT, Purpose.GENERAL)


class Cast:
    """Members of acme by role: `cast.manager`; of globex: `cast.of("globex", "manager")`."""

    def __getattr__(self, name: str) -> Member:
        return self.of("acme", name)

    def of(self, slug: str, name: str) -> Member:
        """The member called `name` of an organization."""
        return Member.objects.select_related("user", "organization").get(user__email=f"{name}@{slug}.example")


def signed_in(member: Member) -> Client:
    """A test client whose session has shown password and second factor just now."""
    client = Client(raise_request_exception=True)
    user = member.user
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    device = TotpDevice.objects.filter(user=user, confirmed=True).first()
    if device is None:
        device = TotpDevice.begin(user)
        device.confirmed = True
        device.save(update_fields=["confirmed"])
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session["signed_in_at"] = session["factor_at"] = time.time()
    session.save()
    return client
