"""Larkfield Software as it is set up: the numbers that people are told."""

from collections import Counter

import pytest
from django.contrib.auth.hashers import check_password
from django.db import transaction

from accounts.models import Member
from audit.models import AuditEvent
from example import brightmoor, larkfield
from example.cast import LARKFIELD, PASSWORD
from inventory.models import Account, Person, Removal, Snapshot
from reviews.campaigns.preview import preview_campaign
from reviews.models import Campaign
from reviews.outputs.data import Kind, ReportData
from reviews.outputs.facts import by_reviewer, outcomes, tally
from reviews.outputs.gather import gather
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.cast import signed_in
from tests.examples import cloned, files_in
from workflow.models import Job

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def _database(example_database, django_db_blocker, tmp_path_factory):
    """One transaction for all tests of this file, taken back at the end."""
    folder = tmp_path_factory.mktemp("files")
    with cloned(example_database, django_db_blocker, folder), files_in(folder), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def made(_database):
    return Organization.objects.get(slug=larkfield.SLUG)


@pytest.fixture(scope="module")
def clinics(_database):
    return Organization.objects.get(slug=brightmoor.SLUG)


@pytest.fixture
def here(made):
    with tenant(made):
        yield made


@pytest.fixture
def third(here):
    return Campaign.objects.order_by("period_from").first()


@pytest.fixture
def fourth(here):
    return Campaign.objects.order_by("period_from").last()


def test_the_third_quarters_review_is_closed_with_600_items(third):
    assert (third.status, third.item_count) == ("closed", 600)
    assert Counter(third.items.values_list("decision", flat=True)) == {"retain": 551, "revoke": 37, "modify": 12}


@pytest.fixture
def report(third: Campaign) -> ReportData:
    """The data of its completed report."""
    return gather(third, Kind.COMPLETED)


def test_its_completed_report_says_46_verified_2_accepted_and_1_reopened(report):
    ends, whole = outcomes(report), tally("all", report.items)
    assert (whole.total, whole.keep, whole.remove, whole.change, whole.not_decided) == (600, 551, 37, 12, 0)
    assert (ends.total, ends.accepted, ends.reopened) == (49, 2, 1)
    assert ends.verified - ends.reopened == 46
    assert (ends.still_active, ends.waiting, ends.late) == (0, 0, [])
    assert report.decisions_agree


def test_one_reviewer_kept_everything_in_one_bulk_act_and_nobody_decided_late(report):
    reviewers = by_reviewer(report)
    assert [one.name for one in reviewers if one.kept_all_at_once] == ["Ravi Menon"]
    assert sum(one.after_due for one in reviewers) == 0


def test_accepted_removals_have_a_name_and_an_end(third):
    accepted = Removal.objects.filter(status="accepted")
    assert list(accepted.values_list("accepted_by__user__email", flat=True)) == ["samuel.price@larkfield.example"] * 2
    assert all(one.accepted_until > third.tenant.today() for one in accepted)


def test_two_were_verified_by_a_state_that_counts_as_no_access(here):
    found = Removal.objects.filter(finding__contains="“deprovisioned”, which counts as no access")
    assert {one.person.name for one in found} == {"Gordon Hayes", "Mei Lin"}


def test_the_fourth_quarters_review_is_68_percent_decided_and_one_reviewer_is_overdue(fourth):
    done = fourth.items.exclude(decision="").count()
    assert (fourth.status, round(100 * done / fourth.item_count)) == ("active", 68)
    late = fourth.items.filter(decision="").values_list("reviewer__name", flat=True)
    assert set(late) == {"Anita Desai"}
    assert fourth.due_on < fourth.tenant.today()


def test_what_is_left_out_is_what_has_no_access(fourth):
    assert sum(one.item_count for one in fourth.scope.all()) == fourth.item_count
    assert {one.system.name: one.left_out_count for one in fourth.scope.all() if one.left_out_count} == {"Okta": 2}


def test_items_of_a_manager_on_leave_were_handed_over_with_a_reason(fourth):
    assert Person.objects.get(name="Chloé Martin").status == "on_leave"
    moved = fourth.items.filter(routed_by="reassigned")
    assert {item.reviewer.name for item in moved} == {"Daniel Osei"}
    event = AuditEvent.objects.filter(verb="item.reassign").latest("at")
    assert "leave" in event.data["metadata"]["note"]


def test_a_leaver_is_still_active_and_a_contractors_key_was_reported_removed(here):
    leaver = Removal.objects.get(origin="leaver", person__name="Nadia Brooks")
    assert (leaver.system.name, leaver.status) == ("Okta", "requested")
    assert (here.today() - leaver.person.left_on).days == 11
    assert leaver.due_on < here.today()
    key = Removal.objects.get(origin="leaver", person__name="Marcus Reed")
    assert (key.system.name, key.status, key.times_reopened) == ("AWS production", "still_active", 1)


def test_access_came_back_after_its_removal_was_verified(third, fourth):
    back = Removal.objects.exclude(regranted_at=None).get()
    assert (back.account.name, back.role) == ("carlos.vega", "Impersonate customer")
    assert fourth.items.filter(flags__contains=["regranted"]).count() == 1


def test_the_cut_off_export_is_kept_as_not_complete(here):
    (cut,) = Snapshot.objects.filter(complete=False)
    assert (cut.system.name, cut.stated_count, cut.rows_accepted) == ("GitHub", 142, 139)
    assert cut.incomplete_reasons == ["The source shows 142, the file has 139 entitlements."]


def test_the_latest_populations_have_291_accounts_and_600_entitlements(here):
    latest = Snapshot.objects.filter(complete=True).order_by("system_id", "-as_of").distinct("system_id")
    assert (len(latest), sum(one.account_count for one in latest), sum(one.rows_accepted for one in latest)) == (8, 291, 600)


def test_accounts_are_named_for_what_they_are(here):
    kinds = dict(Account.objects.exclude(kind="person").values_list("name", "kind"))
    assert (kinds["jm-codes"], kinds["readonly"], kinds["billing@larkfield.example"]) == ("unmatched", "shared", "shared")
    assert (kinds["deploy-bot"], kinds["<root_account>"]) == ("service", "service")
    assert Account.objects.get(name="migrator").owner is None
    assert Account.objects.get(system__name="Customer console", name="emily.carter").person.name == "Emily Carter"


def test_the_roster_has_64_people_of_whom_5_have_left(here):
    people = Counter(Person.objects.values_list("kind", "status"))
    assert people["employee", "left"] == 5
    assert sum(people.values()) == 64


def test_everything_has_its_event_and_no_job_is_left(here, third):
    assert AuditEvent.objects.filter(verb="item.decide").count() == 600 + 407
    assert AuditEvent.objects.filter(verb="campaign.sign_off", object_id=third.pk).exists()
    assert set(Job.objects.values_list("status", flat=True)) == {"done"}


def test_the_founder_of_the_clinics_cannot_review_their_own_access(clinics):
    with tenant(clinics):
        draft = Campaign.objects.get()
        preview = preview_campaign(draft, clinics)
        assert (draft.status, preview.stuck_items) == ("draft", 4)
        assert {one.person.name for one in preview.shares} == {"Katrin Adler"}
        assert all("would decide on their own access" in one.reason for one in preview.stuck)
        assert Person.objects.count() == 13


@pytest.mark.parametrize("seat", LARKFIELD, ids=lambda seat: seat.email.partition("@")[0])
def test_everybody_of_the_cast_finds_their_work(made, seat):
    member = Member.objects.select_related("user", "organization").get(user__email=seat.email)
    assert set(seat.roles) <= set(member.roles)
    assert check_password(PASSWORD, member.user.password)
    page = signed_in(member).get(made.get_absolute_url())
    assert page.status_code == 200
    assert "This is an example" in page.content.decode()
