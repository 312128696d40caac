"""Larkfield's own role and the conflict of duty that its security lead answers for."""

from accounts.actions import create_organization
from accounts.conflicts import standing
from accounts.models import CustomRole
from example.cast import LARKFIELD, SETUP, seat_all
from example.roles import make_roles
from tenancy.scope import tenant

DOMAIN = "larkfield.example"


def test_the_people_lead_keeps_the_roster_and_one_conflict_is_accepted(cast):
    organization = create_organization(name="Larkfield", slug="larkfield", zone="UTC", actor=SETUP, is_example=True)
    with tenant(organization):
        members = seat_all(LARKFIELD)
        lead, manager = members[f"judith.klein@{DOMAIN}"], members[f"samuel.price@{DOMAIN}"]
        make_roles(manager=manager, administrator=members[f"grace.bauer@{DOMAIN}"], people_lead=lead)
        assert set(lead.role_names) == {"Reviewer", "People team"}
        assert {"people.write", "training.write", "reviews.decide"} <= lead.rights
        assert CustomRole.objects.get().created_by == manager
        (one,) = standing(organization)
        assert (one.name, one.conflict.key, one.is_open) == ("Grace Bauer", "access", False)
