"""Larkfield's policies: in force, in review, waiting for their day, returned, and one past its review."""

from collections import Counter

import pytest

from policies.models import Policy, PolicyApproval, PolicyVersion
from policies.register.listing import standing, with_versions
from tests.example.test_larkfield import _database, clinics, here, made  # noqa: F401 - fixtures

pytestmark = pytest.mark.slow


def test_13_are_in_every_state(here, made):  # noqa: F811
    states = Counter(PolicyVersion.objects.values_list("status", flat=True))
    assert states == {"published": 10, "in_review": 1, "approved": 1, "draft": 1}
    stand = Counter(standing(one, made.today()).label for one in with_versions(Policy.objects.all()))
    assert stand == {"In force": 9, "Review overdue": 1, "Nothing in force": 3}


def test_the_old_one_came_in_with_its_minutes(here):  # noqa: F811
    version = PolicyVersion.objects.select_related("policy", "file").get(is_imported=True)
    assert (version.policy.title, version.file.name) == ("Information security policy", "Information security policy.docx")
    approval = PolicyApproval.objects.get(version=version)
    assert (approval.approver_name, approval.source, approval.minutes.name) == (
        "Helen Marsh",
        "minutes",
        "Minutes of the management.txt",
    )


def test_nobody_approved_what_they_wrote(here):  # noqa: F811
    assert not any(one.approver_id == one.author_id for one in PolicyApproval.objects.filter(source="here"))
    assert "Larkfield Software" in PolicyVersion.objects.filter(policy__library_key="access-control").get().text
