"""A template is approved by another until a day; changed, it has to be approved anew. Changes by it have its words."""

import datetime as dt
from typing import Any

import pytest

from audit.models import AuditEvent
from changes.drafting import templates
from changes.drafting.actions import create_change, edit_change
from changes.drafting.cloning import clone_change
from changes.drafting.reminding import remind
from changes.lifecycle.actions import submit
from changes.models import ChangeTemplate
from tests.changes.making import a_system
from ui.refusals import ActionRefused
from workflow.inbox import inbox_of
from workflow.models import OutboxMessage

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def today(acme) -> dt.date:
    """The organization's day."""
    day: dt.date = acme.today()
    return day


@pytest.fixture
def template(in_acme, administrator, today) -> ChangeTemplate:
    """One that the administrator wrote."""
    system = a_system(administrator)
    said: dict[str, Any] = {
        "title": "Renew a certificate",
        "kind": "config",
        "description": "Upload it.",
        "rollback_plan": "The old one.",
    }
    return templates.create_template(actor=administrator, systems=[system], expires_on=today + dt.timedelta(days=90), **said)


def approve(template: ChangeTemplate, writer: Any, approver: Any) -> ChangeTemplate:
    templates.submit_template(template, actor=writer)
    templates.approve_template(template, actor=approver, content_hash=template.content_hash)
    template.refresh_from_db()
    return template


def test_another_approves_what_was_submitted(template, administrator, approver):
    found = approve(template, administrator, approver)
    assert (found.status, found.approved_by, found.approved_hash) == ("approved", approver, found.content_hash)
    assert list(templates.usable()) == [found]
    assert OutboxMessage.objects.filter(to="administrator@acme.example", subject__startswith="Approved").exists()


def test_its_writer_does_not_approve_it(template, manager, administrator, acme):
    own = templates.create_template(
        actor=manager,
        systems=[a_system(manager)],
        title="Own",
        description="x",
        rollback_plan="y",
        expires_on=template.expires_on,
    )
    templates.submit_template(own, actor=manager)
    with pytest.raises(ActionRefused, match="You wrote it"):
        templates.approve_template(own, actor=manager, content_hash=own.content_hash)
    assert [one.title for one in inbox_of(manager) if "Own" in one.title] == []


def test_it_waits_for_those_who_approve(template, administrator, approver):
    templates.submit_template(template, actor=administrator)
    assert "Template “Renew a certificate” waits for approval" in [one.title for one in inbox_of(approver)]


def test_what_has_changed_since_it_was_shown_is_not_approved(template, administrator, approver):
    templates.submit_template(template, actor=administrator)
    shown = template.content_hash
    templates.edit_template(template, actor=administrator, description="Upload it twice.")
    templates.submit_template(template, actor=administrator)
    with pytest.raises(ActionRefused, match="has changed since"):
        templates.approve_template(template, actor=approver, content_hash=shown)


def test_an_edit_takes_its_approval_away(template, administrator, approver):
    found = templates.edit_template(approve(template, administrator, approver), actor=administrator, description="Otherwise.")
    assert (found.status, found.approved_by, found.approved_hash) == ("draft", None, "")
    assert list(templates.usable()) == []
    verbs = AuditEvent.objects.filter(object_id=found.pk).order_by("-at").values_list("verb", flat=True)[:2]
    assert list(verbs) == ["change_template.edit", "change_template.return"]


def test_an_edit_without_a_difference_leaves_it_approved(template, administrator, approver):
    found = templates.edit_template(approve(template, administrator, approver), actor=administrator, title="Renew a certificate")
    assert found.status == "approved"


def test_other_systems_are_a_difference(template, administrator, approver):
    other = a_system(administrator, "Other")
    found = templates.edit_template(approve(template, administrator, approver), actor=administrator, systems=[other])
    assert (found.status, [row.system for row in found.systems.all()]) == ("draft", [other])


@pytest.mark.parametrize("days", [-1, 400])
def test_it_lasts_a_year_at_most_and_not_until_yesterday(template, administrator, today, days):
    with pytest.raises(ActionRefused):
        templates.edit_template(template, actor=administrator, expires_on=today + dt.timedelta(days=days))


def test_a_change_by_it_is_approved_when_submitted_and_its_copy_too(template, administrator, approver, employee):
    found = approve(template, administrator, approver)
    change = create_change(actor=employee, title="The one of June", template=found)
    assert (change.type, change.kind, change.description) == ("standard", "config", "Upload it.")
    assert submit(change, actor=employee).status == "approved"
    copied = clone_change(change, actor=employee, title="The one of July")
    assert (copied.status, copied.template, copied.systems.count()) == ("draft", found, 1)


def test_a_copy_after_the_template_is_retired_is_a_normal_change(template, administrator, approver, employee):
    change = create_change(actor=employee, title="The one of June", template=approve(template, administrator, approver))
    templates.retire_template(template, actor=administrator, reason="Done by the provider now.")
    copied = clone_change(change, actor=employee)
    assert (copied.type, copied.template, copied.description) == ("normal", None, "Upload it.")
    with pytest.raises(ActionRefused, match="retired"):
        templates.edit_template(template, actor=administrator, title="Again")


def test_other_words_make_it_no_standard_change(template, administrator, approver, employee):
    change = create_change(actor=employee, title="The one of June", template=approve(template, administrator, approver))
    edit_change(change, actor=employee, description="Something else.")
    with pytest.raises(ActionRefused, match="template"):
        submit(change, actor=employee)


def test_its_writer_is_reminded_once_for_each_milestone(template, administrator, approver, acme, today):
    approve(template, administrator, approver)
    noon = dt.datetime.combine(template.expires_on - dt.timedelta(days=20), dt.time(12), acme.tzinfo)
    for hours in (0, 24):
        remind(acme, noon + dt.timedelta(hours=hours))
    ends = OutboxMessage.objects.filter(subject__startswith="Approval ends")
    assert list(ends.values_list("to", flat=True)) == ["administrator@acme.example"]
    remind(acme, noon + dt.timedelta(days=14))
    assert ends.count() == 2
