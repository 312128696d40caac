"""What is confirmed is certified and stays; who has not is reminded, and their manager told."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent
from policies.acknowledging.asking import close_campaign, start_campaign
from policies.acknowledging.confirming import confirm
from policies.acknowledging.reminding import escalate, remind
from policies.models import Acknowledgement, AcknowledgementCampaign, PolicyVersion
from tenancy.scope import now
from tests.cast import signed_in
from tests.policies.making import in_force
from tests.reviews.world import changed, person, person_of
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage

pytestmark = pytest.mark.usefixtures("in_acme")
PAGES = "/o/acme/policies/acknowledgements/"


@pytest.fixture
def campaign(manager, approver) -> AcknowledgementCampaign:
    """Everybody is asked, until in two weeks."""
    version = PolicyVersion.objects.get(policy=in_force(manager, approver))
    return start_campaign(version, actor=manager, due_on=manager.organization.today() + dt.timedelta(days=14))


def of(campaign: AcknowledgementCampaign, member) -> Acknowledgement:
    return campaign.acknowledgements.get(person__member=member)


def test_an_employee_reads_and_confirms_on_one_page(campaign, employee):
    reads, one = signed_in(employee), of(campaign, employee)
    page = reads.get(f"{PAGES}{one.pk}/").content.decode()
    assert "Nobody shares a password" in page
    assert campaign.content_hash in page
    url = f"{PAGES}{one.pk}/confirm/"
    unread = reads.post(url, {"content_hash": campaign.content_hash})
    assert unread.status_code == 422
    assert "Nobody shares a password" in unread.content.decode()
    assert reads.post(url, {"content_hash": "0" * 64, "read": "on"}).status_code == 422
    said = {"content_hash": campaign.content_hash, "read": "on"}
    assert reads.post(url, said, REMOTE_ADDR="203.0.113.9", HTTP_USER_AGENT="A phone").status_code == 303
    kept = one.refreshed()
    assert (kept.status, kept.ip, kept.user_agent, kept.confirmed_by_id) == ("confirmed", "203.0.113.9", "A phone", employee.pk)
    assert kept.content_hash == campaign.content_hash
    assert Acknowledgement.objects.select_related("campaign__version").get(pk=one.pk).is_intact
    page = reads.get(f"{PAGES}{one.pk}/").content.decode()
    for fact in ("203.0.113.9", "As it was confirmed", kept.certificate):
        assert fact in page
    assert AuditEvent.objects.filter(verb="acknowledgement.confirm", object_id=one.pk).count() == 1
    assert reads.post(url, said).status_code == 422


def test_what_was_confirmed_is_never_changed(campaign, employee):
    one = confirm(of(campaign, employee), actor=employee, content_hash=campaign.content_hash)
    for change in ({"ip": "198.51.100.1"}, {"content_hash": "0" * 64}, {"status": "open"}):
        with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
            Acknowledgement.objects.filter(pk=one.pk).update(**change)
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        Acknowledgement.objects.filter(pk=one.pk).delete()
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        AcknowledgementCampaign.objects.filter(pk=campaign.pk).update(content_hash="0" * 64)
    kept = Acknowledgement.objects.select_related("campaign__version").get(pk=one.pk)
    kept.ip = "198.51.100.1"
    assert not kept.is_intact


def test_nobody_confirms_for_somebody_else(campaign, employee, manager, viewer):
    one = of(campaign, employee)
    with pytest.raises(ActionRefused, match="Only whoever was asked"):
        confirm(one, actor=manager, content_hash=campaign.content_hash)
    assert signed_in(manager).get(f"{PAGES}{one.pk}/").status_code == 200
    assert signed_in(manager).get(f"{PAGES}{one.pk}/confirm/").status_code == 403
    mine = of(campaign, manager)
    assert signed_in(employee).get(f"{PAGES}{mine.pk}/").status_code == 404
    listed = signed_in(employee).get(PAGES).content.decode()
    assert employee.name in listed
    assert manager.name not in listed.split("<table")[1]


def test_of_a_closed_campaign_nothing_is_confirmed(campaign, employee, manager):
    close_campaign(campaign, actor=manager, reason="A mistake.")
    with pytest.raises(ActionRefused, match="any more"):
        confirm(of(campaign, employee), actor=employee, content_hash=campaign.content_hash)
    assert "A mistake." in signed_in(employee).get(f"{PAGES}{of(campaign, employee).pk}/").content.decode()


def test_the_campaign_names_its_gaps(campaign, employee, manager):
    confirm(of(campaign, employee), actor=employee, content_hash=campaign.content_hash)
    page = signed_in(manager).get(f"{PAGES}campaigns/{campaign.pk}/").content.decode()
    gaps = page.split("Who has not confirmed")[1].split("By department")[0]
    assert manager.name in gaps
    assert employee.name not in gaps
    export = signed_in(manager).get(f"{PAGES}?export=csv&state=confirmed")
    text = b"".join(export.streaming_content).decode()  # type: ignore[attr-defined]
    assert campaign.content_hash in text
    assert employee.name in text
    rows = signed_in(manager).get(f"{PAGES}?campaign={campaign.pk}&state=open").content.decode()
    assert manager.name in rows
    assert signed_in(manager).get(f"{PAGES}?campaign={'x' * 36}").status_code == 200


def test_a_manager_is_told_once_of_who_is_a_week_late(campaign, employee, reviewer, manager, acme):
    changed(person_of(employee), manager=person_of(reviewer))
    left = person_of(manager)
    noon = dt.datetime.combine(acme.today(), dt.time(12), acme.tzinfo)
    escalate(acme, noon + dt.timedelta(days=20))
    assert not OutboxMessage.objects.filter(key__startswith="acknowledgements").exists()
    for _ in range(2):
        escalate(acme, noon + dt.timedelta(days=22))
    told = OutboxMessage.objects.get(key__startswith="acknowledgements", to=reviewer.email)
    assert employee.name in told.text
    assert of(campaign, employee).escalated_on is not None
    assert AuditEvent.objects.filter(verb="acknowledgement.escalate", object_id=of(campaign, employee).pk).count() == 1
    to_owner = OutboxMessage.objects.get(key__startswith="acknowledgements", to=manager.email)
    assert employee.name not in to_owner.text
    assert left.name not in to_owner.text


def test_whoever_was_asked_is_reminded(campaign, employee, acme):
    remind(acme, now().replace(hour=17))
    assert not OutboxMessage.objects.filter(to=employee.email, subject__startswith="Policies to confirm").exists()
    remind(acme, now().replace(hour=17) + dt.timedelta(days=13))
    assert OutboxMessage.objects.filter(to=employee.email, subject="Policies to confirm: 1 is due soon").exists()


def test_pages_to_ask_and_to_rule(manager, approver, acme, employee):
    policy = in_force(manager, approver)
    writes, version = signed_in(manager), PolicyVersion.objects.get(policy=policy)
    said = {"version": version.pk, "audience": "everyone", "due_on": acme.today()}
    assert signed_in(employee).post(f"{PAGES}ask/", said).status_code == 403
    assert writes.get(f"{PAGES}ask/?version={version.pk}").status_code == 200
    assert writes.post(f"{PAGES}ask/", {**said, "audience": "people"}).status_code == 422
    assert writes.post(f"{PAGES}ask/", said).status_code == 303
    assert "Access control" in writes.get(f"{PAGES}campaigns/").content.decode()
    url = f"/o/acme/policies/{policy.pk}/acknowledgement/"
    assert writes.post(url, {"audience": "everyone", "days": 10, "yearly": "on"}).status_code == 303
    assert 'value="10"' in writes.get(url).content.decode()
    pk = AcknowledgementCampaign.objects.values_list("pk", flat=True).get()
    assert writes.post(f"{PAGES}campaigns/{pk}/close/", {"reason": "Done."}).status_code == 303


def test_the_list_asks_as_much_for_one_as_for_many(campaign, manager, django_assert_num_queries):
    for number in range(12):
        person(f"Many {number}")
    start_campaign(campaign.version, actor=manager, due_on=manager.organization.today())
    reads = signed_in(manager)
    reads.get(PAGES)
    with CaptureQueriesContext(connection) as asked:
        assert reads.get(f"{PAGES}?q=Employee").status_code == 200
    with django_assert_num_queries(len(asked)):
        assert reads.get(PAGES).status_code == 200
    assert len(asked) <= 12
