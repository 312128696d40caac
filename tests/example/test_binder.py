"""Larkfield's binder: what people are told of it."""

import pytest

from controls.binder.documents import shelves_of
from controls.binder.reading import readiness_of
from controls.models import AuditPeriod, SystemDescription
from tests.example.test_larkfield import _database, clinics, here, made  # noqa: F401 - fixtures

pytestmark = pytest.mark.slow


@pytest.fixture
def period(here):  # noqa: F811
    return AuditPeriod.objects.get()


def test_its_description_is_frozen_with_one_point_open_and_not_signed(period):
    frozen = SystemDescription.objects.get()
    assert (frozen.open_points, frozen.assertions.count()) == (1, 0)


def test_16_of_26_items_are_in_place_and_each_other_says_why(period, made):  # noqa: F811
    found = readiness_of(period, made.today())
    assert found.items_tally.words == "16 of 26"
    short = {line.item.key: line.standing for line in found.items if line.standing != "in_place"}
    assert short == {
        "encryption-at-rest": "partly",
        "uptime-target": "partly",
        "health-checks": "partly",
        "daily-backups": "partly",
        "recovery-tested": "partly",
        "vulnerability-scans": "partly",
        "access-reviews": "not_evaluable",
        "pull-requests": "partly",
        "production-approval": "partly",
        "rollback-tested": "no_control",
    }
    # The fourth quarter's review is past its due day and not signed off, and the register of checks judges from today on.
    untold = [line.item.key for line in found.rules if line.standing == "not_evaluable"]
    assert untold == ["no-skipped-review", "no-access-before-check"]
    broken = {line.item.key for line in found.rules if line.standing == "broken"}
    assert {"no-shared-credentials", "no-unapproved-deployment", "no-production-data-in-development"} == broken


def test_its_risk_assessment_forgot_fraud_and_a_vendor_gave_no_report(period, made):  # noqa: F811
    found = {document.name: document.presence for shelf in shelves_of(period, made.today()) for document in shelf.documents}
    missing = {name for name, presence in found.items() if presence == "missing"}
    assert missing == {"Report of Northgate Pay", "Management's assertion"}
    assert found["At least one fraud risk"] == "stale"  # that of the assessment of the year before
