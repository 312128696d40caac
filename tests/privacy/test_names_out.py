"""Whoever is erased is named in no text of the product any more, but where it is said that it stays."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection

from accounts.actions.members import remove_member
from accounts.models import Member
from audit.models import AuditEvent
from controls.models import Finding
from incidents.models import SecurityEvent
from incidents.reporting.actions import report_event
from inventory.models import Person, Removal
from inventory.people.actions import create_person, mark_left
from policies.background.actions import put_rule
from policies.background.gaps import raise_findings
from privacy.models import LegalHold, SubjectRequest
from privacy.retention.holding import lift_hold, place_hold
from privacy.subjects.erasing import erase
from privacy.subjects.naming import catch_up
from tenancy.models import Organization
from tenancy.scope import now, tenant
from tests.cast import Cast
from tests.privacy.making import a_verified
from tests.reviews.world import days_ago, grant, snapshot, system
from tests.tenancy.everything import TENANT_MODELS, make_everything
from vendors.register.actions import request_vendor
from workflow.models import OutboxMessage
from workflow.outbox import queue_mail

NAME, EMAIL = "Quentin Quarrel", "quentin@acme.example"
# As docs/privacy.md says what erasure leaves: by app, or by table and column.
STAYS = {
    "audit": "the trail, which is never written again",
    "inventory.account": "accounts, as systems showed them",
    "inventory.entitlement": "access, as systems showed it",
    "inventory.snapshot": "frozen populations",
    "inventory.rejectedrow": "frozen populations",
    "inventory.rosterimport": "the name of a file",
    "reviews.item": "access reviews stand on them",
    "evidence": "evidence, frozen populations and stored files",
    "incidents.incidententry": "written once",
    "incidents.incidentimpact": "written once",
    "incidents.incidenttime": "written once",
    "incidents.incidentmoment": "written once",
    "incidents.incidentreview": "frozen when it is approved",
    "incidents.escalationnotice": "written once",
    "changes.approvalfor": "written once",
    "changes.changeversion": "written once",
    "changes.changecommit": "as the source of changes says",
    "changes.sourcepush": "as the source of changes says",
    "changes.deployment": "as the pipeline said",
    "controls.controlevent": "as another system said",
    "controls.gaprun": "frozen",
    "policies.policyapproval": "who approved, as the minutes and the hash have it",
    "policies.violation": "frozen when it is found",
    "privacy.deletioncertificate": "written once",
    "privacy.subjectrequest": "the request itself, until it is answered",
    "risks.riskassessmentversion": "frozen",
}


def named_where(organization: Organization, *texts: str) -> set[str]:
    """The tables and columns of an organization that hold one of these texts, in any column."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant_id', %s, true)", [str(organization.pk)])
        for model in TENANT_MODELS:
            for field in model._meta.concrete_fields:
                sql = f'SELECT EXISTS (SELECT 1 FROM "{model._meta.db_table}" WHERE "{field.column}"::text ILIKE ANY(%s))'
                cursor.execute(sql, [[f"%{text}%" for text in texts]])
                if cursor.fetchone()[0]:
                    found.add(f"{model._meta.label_lower}.{field.name}")
    return found


def but_for_what_stays(found: set[str]) -> set[str]:
    return {one for one in found if not any(one == stays or one.startswith(f"{stays}.") for stays in STAYS)}


@pytest.fixture
def quentin(in_acme, acme, manager) -> Person:
    """Somebody of whom the product has written a good deal, and who has left since."""
    person = create_person(actor=manager, name=NAME, email=EMAIL)
    put_rule(actor=manager, since=acme.today() - dt.timedelta(days=90), contractors=False)
    snapshot(system(), [grant(person)], as_of=days_ago(20))
    raise_findings(acme, now())
    mark_left(person, actor=manager, left_on=acme.today() - dt.timedelta(days=1))
    report_event(
        actor=manager, title=f"{NAME} was refused 12 times", source=SecurityEvent.Source.PRODUCT, reported_as="Access log",
        kind="security", severity="medium", description=f"By {EMAIL}, not by x.{EMAIL}.",
    )  # fmt: skip
    queue_mail(to=manager.email, subject=f"{NAME}'s policies are late", text=f"Ask {NAME} ({EMAIL.upper()}).", key="late")
    return person


def test_no_text_names_whoever_was_erased(quentin, acme, manager):
    assert Finding.objects.get().title.startswith(NAME)
    erase(a_verified(manager, "erasure", name=NAME, email=EMAIL), actor=manager)
    assert but_for_what_stays(named_where(acme, NAME, f" {EMAIL}")) == set()
    pseudonym = quentin.refreshed().name
    assert Finding.objects.get().title == f"{pseudonym}: access before a background check"
    assert OutboxMessage.objects.get(key="late").subject == f"{pseudonym}'s policies are late"
    event = SecurityEvent.objects.get()
    assert (event.title, event.description) == (f"{pseudonym} was refused 12 times", f"By {pseudonym}, not by x.{EMAIL}.")
    told = AuditEvent.objects.filter(verb="text.erase_name")
    assert set(told.values_list("object_kind", flat=True)) >= {
        "controls.finding", "incidents.securityevent", "workflow.outboxmessage",
    }  # fmt: skip
    assert not [one for one in told if NAME in one.body or EMAIL in one.body.replace(f"x.{EMAIL}", "")]


def test_why_access_of_a_leaver_goes_names_nobody(quentin):
    assert Removal.objects.get().reason.startswith("They have left: the last day was ")


def test_a_hold_on_them_that_was_lifted_does_not_say_whom_it_was_about(in_acme, manager, quentin):
    hold = place_hold(actor=manager, matter="M", reason="R", kinds=["jobs"], about=EMAIL)
    lift_hold(hold, actor=manager, reason="Settled")
    erase(a_verified(manager, "erasure", name=NAME, email=EMAIL), actor=manager)
    assert LegalHold.objects.get().about.endswith("@erased.invalid")


def test_they_are_no_contact_of_a_vendor_any_more(quentin, manager):
    contacts = [f"{NAME}: {EMAIL.upper()}", f"Another: x.{EMAIL}", "Support: +1 555 0100"]
    facts: dict[str, Any] = {"service": "S", "data_shared": 0, "criticality": 0, "access": 0}
    vendor = request_vendor(actor=manager, name="Northwind", contacts=contacts, **facts)
    erase(a_verified(manager, "erasure", name=NAME, email=EMAIL), actor=manager)
    assert vendor.refreshed().contacts == contacts[1:]


def test_an_email_that_a_legal_hold_covers_stays_as_it_is(quentin, manager):
    place_hold(actor=manager, matter="M", reason="R", kinds=["mail"], about=manager.email)
    erase(a_verified(manager, "erasure", name=NAME, email=EMAIL), actor=manager)
    assert OutboxMessage.objects.get(key="late").subject.startswith(NAME)
    assert not Finding.objects.get().title.startswith(NAME)


def test_a_text_that_may_be_of_somebody_else_of_this_name_stays(quentin, manager):
    create_person(actor=manager, name=NAME, email="another@acme.example")
    done = erase(a_verified(manager, "erasure", name=NAME, email=EMAIL), actor=manager)
    assert Finding.objects.get().title.startswith(NAME)
    assert "quentin@" not in OutboxMessage.objects.get(key="late").text.lower()
    assert any("same name" in sentence for sentence in done)


def test_who_was_erased_by_an_earlier_version_is_taken_out_of_texts_later(quentin, acme, manager):
    kept = dict(Finding.objects.values_list("pk", "title"))
    request = a_verified(manager, "erasure", name=NAME, email=EMAIL)
    erase(request, actor=manager)
    Finding.objects.filter(pk__in=kept).update(title=f"{NAME}: as it was before")
    SubjectRequest.objects.filter(pk=request.pk).update(names_out_at=None)
    catch_up(acme, now())
    assert Finding.objects.get().title == f"{quentin.refreshed().name}: as it was before"
    count = AuditEvent.objects.count()
    catch_up(acme, now())
    assert AuditEvent.objects.count() == count


@pytest.mark.slow
def test_nothing_names_somebody_who_did_everything_there_is_to_do(acme: Organization):
    """Where the product copies the name of whoever acts, it takes it out again, or it is said that it stays."""
    make_everything(acme)
    cast = Cast()
    manager, other = cast.manager, cast.approver
    Member.objects.filter(pk=other.pk).update(roles=["compliance_manager"])
    other = cast.approver
    with tenant(acme):
        assert named_where(acme, manager.name)
        mark_left(Person.objects.get(member=manager), actor=other, left_on=acme.today() - dt.timedelta(days=1))
        remove_member(manager, actor=cast.administrator, reason="Left")
        erase(a_verified(other, "erasure", name=manager.name, email=manager.email), actor=other)
        left = but_for_what_stays(named_where(acme, manager.name, manager.email))
    assert left == set()
