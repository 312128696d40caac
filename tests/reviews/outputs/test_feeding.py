"""Access reviews are evidence of the controls that are access reviews, without anybody linking anything."""

import datetime as dt
from typing import Any

import pytest

from accounts.models import Member
from controls.evidence import unlink_evidence
from controls.library import LIBRARY
from controls.models import Control, ControlEvidence, Occurrence
from controls.models.control import Cadence
from controls.occurrences.feeds import controls_fed, covered_by
from reviews.deciding.actions import decide
from reviews.deciding.rules import Choice
from reviews.models import Campaign, Item
from reviews.outputs import tasks
from reviews.outputs.feeding import feed_missing
from reviews.signoff.actions import close_campaign, sign_off
from tenancy.models import Organization
from tenancy.scope import Scope, now
from tenancy.tasks import HEADER
from tests.cast import signed_in
from tests.controls.occurrences.made import make_control
from tests.reviews.world import grant, person, person_of, snapshot, started, system

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The PDF is what takes seconds; its own tests print it."""
    monkeypatch.setattr("reviews.outputs.report.report_pdf", lambda data, html="": b"%PDF-1.7 " + data.digest.encode())


@pytest.fixture
def review(in_acme: Scope, manager: Member, reviewer: Member) -> Campaign:
    """One entitlement, kept."""
    okta = system("Okta", owner=person_of(reviewer), reviewer_order=["system_owner"])
    snapshot(okta, [grant(person("Ada Long"))])
    campaign = started(okta, actor=manager)
    for item in Item.objects.filter(campaign=campaign):
        decide(item, Choice("retain", reason="Needed for the daily work"), actor=reviewer)
    return campaign


def control_of(manager: Member, review: Campaign, **fields: Any) -> Control:
    """The starter control of access reviews, in scope since the first day of the review's quarter."""
    given = {"code": "AC-005", "cadence": Cadence.QUARTERLY, "library_key": "AC-005", "in_scope_since": review.period_from}
    return make_control(manager, **{**given, **fields})


def over(review: Campaign, manager: Member, task: Any = tasks.make_decision_report) -> None:
    task.apply(args=[str(review.pk), ""], headers={HEADER: str(review.tenant_id)})


def test_the_starter_control_is_the_quarterly_access_review() -> None:
    assert (LIBRARY["AC-005"].title, LIBRARY["AC-005"].cadence) == ("Access is reviewed every quarter", "quarterly")


def test_the_sign_off_performs_the_occurrence_of_its_quarter(review: Campaign, manager: Member) -> None:
    control = control_of(manager, review)
    sign_off(review, actor=manager)
    over(review, manager)
    row = Occurrence.objects.get(control=control, ends_on=review.period_to)
    assert (row.status, row.performed_on, row.performed_by) == (
        "performed",
        Organization.objects.get(slug="acme").today(),
        manager,
    )
    assert row.statement == f"{review.reference}, 1 item, signed off by Manager Acme."
    proof = ControlEvidence.objects.get()
    assert (proof.occurrence, proof.leg, proof.linked_by) == (row, "operation", None)
    assert proof.evidence.title == f"{review.reference}-D decision report (PDF)"


def test_the_completed_report_joins_it(review: Campaign, manager: Member) -> None:
    control = control_of(manager, review)
    sign_off(review, actor=manager)
    over(review, manager)
    close_campaign(review.refreshed(), actor=manager)
    over(review, manager, tasks.make_completed_report)
    row = Occurrence.objects.get(control=control, status="performed")
    assert sorted(row.proofs.values_list("evidence__title", flat=True)) == [
        f"{review.reference}-C completed report (PDF)",
        f"{review.reference}-D decision report (PDF)",
    ]


def test_a_control_that_comes_later_gets_what_is_there_once(review: Campaign, manager: Member, acme: Organization) -> None:
    sign_off(review, actor=manager)
    over(review, manager)
    feed_missing(acme, now())
    assert not ControlEvidence.objects.exists()
    control_of(manager, review)
    feed_missing(acme, now())
    feed_missing(acme, now())
    assert Occurrence.objects.filter(status="performed").count() == 1
    assert ControlEvidence.objects.count() == 1


def test_what_somebody_unlinked_stays_unlinked(review: Campaign, manager: Member, acme: Organization) -> None:
    control_of(manager, review)
    sign_off(review, actor=manager)
    over(review, manager)
    unlink_evidence(ControlEvidence.objects.get(), actor=manager, reason="Not all systems were in it.")
    feed_missing(acme, now())
    assert not Occurrence.objects.filter(status="performed").exists()


def test_a_control_outside_its_time_gets_the_evidence_alone(review: Campaign, manager: Member) -> None:
    control_of(manager, review, in_scope_since=review.period_to + dt.timedelta(days=1))
    sign_off(review, actor=manager)
    over(review, manager)
    assert ControlEvidence.objects.get().occurrence is None


def test_a_control_that_runs_on_each_review_has_one_occurrence_for_it(review: Campaign, manager: Member) -> None:
    control = control_of(manager, review, cadence=Cadence.PER_EVENT, population="access_reviews", library_key="")
    assert list(controls_fed("access_reviews")) == [control]
    sign_off(review, actor=manager)
    over(review, manager)
    row = Occurrence.objects.get(kind="event")
    assert (row.status, row.subject_id, row.proofs.count()) == ("performed", review.pk, 1)


def test_a_side_review_of_one_system_leaves_the_quarter_open(review: Campaign, manager: Member, reviewer: Member) -> None:
    github = system("GitHub", owner=person_of(reviewer), reviewer_order=["system_owner"])
    later = system("Later")
    snapshot(github, [grant(person("Bo Short"))])
    snapshot(later, [grant(person("Cy Late"))], as_of=now() + dt.timedelta(days=100))
    control = control_of(manager, review)
    sign_off(review, actor=manager)
    over(review, manager)
    row = Occurrence.objects.get(control=control, ends_on=review.period_to)
    found = covered_by(row)
    assert found is not None
    assert (row.status, row.proofs.count()) == ("open", 1)
    assert (list(found.covered), list(found.missing)) == (["Okta"], ["GitHub"])

    second = started(github, actor=manager)
    for item in Item.objects.filter(campaign=second):
        decide(item, Choice("retain", reason="Needed for the daily work"), actor=reviewer)
    sign_off(second, actor=manager)
    over(second, manager)
    row.refresh_from_db()
    assert (row.status, row.proofs.count()) == ("performed", 2)


def test_the_occurrence_names_the_systems_without_a_review(review: Campaign, manager: Member) -> None:
    control = control_of(manager, review)
    row = Occurrence.objects.get(control=control, ends_on=review.period_to)
    page = signed_in(manager).get(row.get_absolute_url()).content.decode()
    assert "Not covered yet:</span> Okta" in page
