"""Larkfield's request list: as many in each state as people are told."""

from collections import Counter

import pytest

from controls.models import AuditPeriod, AuditRequest, RequestProof
from controls.requests.listing import progress_of
from evidence.models import Sample
from tests.example.test_larkfield import _database, clinics, here, made  # noqa: F401 - fixtures

pytestmark = pytest.mark.slow


def test_25_are_asked_for_in_every_state(here):  # noqa: F811
    states = Counter(AuditRequest.objects.values_list("status", flat=True))
    assert states == {"accepted": 10, "submitted": 4, "returned": 2, "in_progress": 4, "requested": 4, "withdrawn": 1}
    assert set(AuditRequest.objects.values_list("period", flat=True)) == {AuditPeriod.objects.get().pk}


def test_3_are_overdue_and_2_are_with_nobody(here, made):  # noqa: F811
    progress = progress_of(AuditRequest.objects.all(), made.today())
    assert (progress.total, progress.overdue, progress.nobodys) == (24, 3, 2)


def test_what_waits_for_the_auditor_or_was_accepted_has_something_given(here):  # noqa: F811
    given = RequestProof.objects.filter(status="linked")
    judged = AuditRequest.objects.filter(status__in=["submitted", "accepted", "returned"])
    assert not judged.exclude(pk__in=given.values("request")).exists()
    assert Sample.objects.get().seed_from == "Ruth Adler"


def test_a_contact_that_is_nobody_here_is_kept_with_the_request(here):  # noqa: F811
    (one,) = AuditRequest.objects.filter(also__contains="With: the release team")
    assert (one.reference, one.assignee) == ("PBC-19", None)
