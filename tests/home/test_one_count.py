"""One number: the page, the header and the mail count the same, over every area that has something to say."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Member
from accounts.roles import ROLES
from changes.drafting.templates import create_template, submit_template
from changes.lifecycle import actions
from controls.catalogue.actions import create_control
from controls.findings.actions import raise_finding
from controls.models import AuditRequest, ControlTest, Finding, RoadmapTask
from evidence.models import Evidence
from home.work import waiting_for
from inventory.models import Removal
from monitoring.models import Check
from policies.acknowledging.asking import start_campaign
from policies.publishing.actions import publish_version
from policies.register.actions import create_policy
from policies.training.courses import create_course
from policies.writing.actions import submit_version
from policies.writing.approving import approve_version
from reports.models import MonthlyReport
from tenancy.models import Organization
from tenancy.scope import Scope, now, tenant
from tests.cast import Cast
from tests.changes.making import a_system, approved, submitted
from tests.policies.making import asked
from tests.reviews.world import changed, draft, grant, person, person_of, snapshot, started, system
from tests.tenancy.everything import make_everything
from workflow import inbox
from workflow.absences.actions import set_absence
from workflow.digests import key_of, send_digest
from workflow.inbox import InboxEntry, inbox_of, total
from workflow.models import OutboxMessage

DAY = dt.timedelta(days=1)
AT = dt.datetime(2019, 11, 20, 12, tzinfo=dt.UTC)  # after day 15 of a quarter without a review


@pytest.fixture
def member(db: None, acme: Organization, monkeypatch: pytest.MonkeyPatch) -> Member:
    """Somebody with every role, for whom something waits in each area, and who stands in for somebody."""
    make_everything(acme)
    Organization.objects.filter(pk=acme.pk).update(created_at=AT.replace(year=2018))
    monkeypatch.setattr("reviews.reminders.alarm.now", lambda: AT)
    Member.objects.filter(pk=Cast().manager.pk).update(roles=list(ROLES))
    with tenant(acme):
        member = Cast().manager
        _programme(member, acme.today())
        _access(member)
        _changes(member)
        _policies(member)
        changed(Check.objects.order_by("pk")[0], made_at=now() - DAY, health="unknown")
    return Cast().manager


def _programme(member: Member, today: dt.date) -> None:
    own, cast = person_of(member), Cast()
    for model in (Finding, AuditRequest, RoadmapTask):
        row = model.objects.order_by("pk")[0]
        changed(row, **{"assignee" if model is AuditRequest else "owner": own, "due_on": today - DAY})
    changed(ControlTest.objects.all()[0], next_due_on=today - DAY)
    for code, owner in (("ZZ-1", own), ("ZZ-2", None)):
        since = today.replace(year=today.year - 1, day=1)
        facts: dict[str, Any] = {"title": "Reviewed", "cadence": "quarterly", "in_scope_since": since}
        create_control(actor=member, code=code, owner=owner, **facts)
    changed(Evidence.objects.order_by("pk")[0], owner=member, expires_on=today - DAY)
    changed(MonthlyReport.objects.all()[0], status="failed")
    raise_finding(actor=member, title="For a deputy", severity="low", owner=person_of(cast.employee))
    set_absence(actor=member, member=cast.employee, deputy=member, starts_on=today, ends_on=today)


def _access(member: Member) -> None:
    Member.objects.filter(pk=Cast().viewer.pk).update(roles=["administrator", "reviewer"])  # a conflict of duty
    changed(Removal.objects.order_by("pk")[0], assignee=person_of(member))
    mine = system("Mine", owner=person_of(member), reviewer_order=["system_owner"])
    snapshot(mine, [grant(person("Ada Long")), grant(person("Ben Short"))])
    started(mine, actor=member)
    changed(draft(mine, actor=member), period_from=dt.date(2019, 10, 1), period_to=dt.date(2019, 12, 31))


def _changes(member: Member) -> None:
    cast = Cast()
    systems = [a_system(member)]
    submitted(cast.employee, systems)
    approved(cast.employee, cast.approver, systems, implementer=person_of(member))
    rejected = submitted(member, systems)
    actions.reject(rejected, actor=cast.approver, content_hash=rejected.content_hash, reason="Too late.")
    said = {"title": "Renew", "kind": "config", "description": "Upload it.", "rollback_plan": "The old one."}
    until = member.organization.today() + 90 * DAY
    template = create_template(actor=cast.administrator, systems=systems, expires_on=until, **said)
    submit_template(template, actor=cast.administrator)


def _policies(member: Member) -> None:
    """One waits for approval, one to be read and an exception from it for a decision; a course nobody took in time."""
    cast = Cast()
    create_course(actor=cast.administrator, name="Phishing", required_from=member.organization.today() - 60 * DAY)
    for title in ("To approve", "To read"):
        policy = create_policy(actor=cast.administrator, title=title, text=title, owner=person_of(member))
        version = submit_version(policy.versions.get(), actor=cast.administrator)
    approve_version(version, actor=cast.approver, content_hash=version.content_hash)
    publish_version(version, actor=cast.administrator)
    start_campaign(version, actor=cast.administrator, due_on=member.organization.today())
    asked(version.policy, cast.employee)


def raw(member: Member) -> list[InboxEntry]:
    """What each area says for itself, put together by nobody."""
    return [entry for provider in inbox._providers for entry in provider(member)]


def test_every_area_has_something_to_say(acme: Organization, member: Member) -> None:
    with tenant(acme):
        silent = [provider.__module__ for provider in inbox._providers if not list(provider(member))]
    assert silent == []


def test_page_header_and_mail_show_one_number(acme: Organization, member: Member, client_of: Callable[[Member], Client]) -> None:
    with tenant(acme):
        today, expected = acme.today(), total(inbox_of(member))
        send_digest(member, "What waits", today)
        mail = OutboxMessage.objects.get(key=key_of(member.pk, today)).text
    assert expected > 15
    client = client_of(member)
    page = client.get("/o/acme/").content.decode()
    header = client.get("/o/acme/count/").content.decode()
    assert f"{expected} things wait for you" in mail
    assert f"{expected} things wait for you" in page
    assert f'<span class="count">{expected}<span' in page
    assert f'<span class="count">{expected}<span' in header
    rows = re.findall(r'data-label="Count" class="num">([\d,]+)<', page)
    assert sum(int(row) for row in rows) == expected
    assert mail.count("\n- ") == len(rows)


def test_each_thing_counts_once(acme: Organization, member: Member) -> None:
    with tenant(acme):
        entries, alone = waiting_for(member), raw(member)
    urls = [entry.url for entry in entries]
    assert len(urls) == len(set(urls))
    twice = [entry.title for entry in alone if entry not in entries]
    deputy = [entry for entry in entries if entry.away]
    assert len(twice) == 1
    assert "waits to be started" in twice[0], "a draft is the same as the alarm that its quarter has no review"
    assert [entry.title.partition(": ")[2] for entry in deputy] == ["For a deputy"]
    assert total(entries) == total(alone) - len(twice) + len(deputy)


def test_what_is_overdue_comes_first_and_each_line_says_which_and_why(acme: Organization, member: Member) -> None:
    with tenant(acme):
        entries = inbox_of(member)
    late = [entry.overdue for entry in entries]
    assert late == sorted(late, reverse=True)
    assert all(entry.why and entry.url for entry in entries)
    named = re.compile(r"[A-Z]{2,4}-\d|Q\d \d{4}|“")
    others = [entry for entry in entries if not named.search(f"{entry.title}, {entry.why}")]
    # These have no number: their title is their name.
    by_title = (
        "/controls/roadmap/tasks/",
        "/reports/",
        "/incidents/channels/",
        "/incidents/on-call/",
        "/monitoring/",
        "/policies/",
        "/members/",
        "/work/factor-resets/",
    )
    assert [entry for entry in others if not any(part in entry.url for part in by_title)] == []


UNCOUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SELECT SET_CONFIG", "SET CONSTRAINTS")


def test_areas_with_nothing_to_say_are_asked_about_in_one_query(
    acme: Organization, in_acme: Scope, manager: Member, employee: Member, client_of: Callable[[Member], Client]
) -> None:
    submitted(employee, [a_system(manager)])
    client = client_of(manager)
    client.get("/o/acme/")
    with CaptureQueriesContext(connection) as found:
        page = client.get("/o/acme/").content.decode()
    assert "1 thing waits for you" in page
    counted = [query["sql"] for query in found.captured_queries if not query["sql"].lstrip().upper().startswith(UNCOUNTED)]
    assert len(counted) <= 12, "\n".join(counted)
