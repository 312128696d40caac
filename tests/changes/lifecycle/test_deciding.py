"""Approving and rejecting in the browser's way."""

import pytest

from changes.drafting.actions import edit_change
from changes.lifecycle.actions import implement_first
from changes.models import Approval, Change
from tenancy.scope import tenant
from tests.accounts.signing_in import fresh_code
from tests.changes.making import GRAVE, a_rule, a_system, submitted


@pytest.fixture
def change(acme, manager, employee) -> Change:
    """One that waits for approval."""
    with tenant(acme):
        return submitted(employee, [a_system(manager)])


@pytest.fixture
def status(acme):
    """`status(change)`: its state as it is kept."""

    def read(change: Change) -> str:
        with tenant(acme):
            return Change.objects.get(pk=change.pk).status

    return read


def test_the_page_of_the_approval_says_what_is_approved(client_of, approver, change):
    shown = client_of(approver).get(f"/o/acme/changes/{change.pk}/approve/").content.decode()
    for words in ("Two cores more.", "Back to the old size.", "Billing", "Low risk", change.content_hash):
        assert words in shown


def test_the_dialog_asks_for_the_same_version_as_the_page_has_shown(client_of, acme, approver, change):
    url = f"/o/acme/changes/{change.pk}/approve/?seen={change.content_hash}"
    dialog = {"HX-Request": "true", "HX-Target": "dialog-body"}
    assert f'value="{change.content_hash}"' in client_of(approver).get(url, headers=dialog).content.decode()
    with tenant(acme):
        edit_change(change, actor=change.raised_by, description="Four cores more.")
    shown = client_of(approver).get(url, headers=dialog).content.decode()
    assert "It was edited since this page was shown" in shown
    assert '<span class="visually-hidden">New: </span>Four' in shown
    assert '<button type="submit"' not in shown


def test_what_was_edited_since_is_not_approved_but_shown(client_of, acme, approver, change, status):
    seen = change.content_hash
    with tenant(acme):
        edit_change(change, actor=change.raised_by, description="Four cores more.")
    answer = client_of(approver).post(f"/o/acme/changes/{change.pk}/approve/", {"content_hash": seen})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "has changed since this page was shown" in shown
    assert shown.count('role="alert"') == 1
    assert 'tabindex="-1" autofocus data-focus' in shown  # also without JavaScript the focus is on it
    assert '<span class="visually-hidden">New: </span>Four' in answer.content.decode()
    assert status(change) == "submitted"


def test_an_approval_keeps_the_factor_of_the_session(client_of, acme, approver, change, status):
    answer = client_of(approver).post(
        f"/o/acme/changes/{change.pk}/approve/", {"content_hash": change.content_hash, "note": "Fine."}
    )
    assert answer.status_code == 303
    assert status(change) == "approved"
    with tenant(acme):
        given = Approval.objects.get()
        assert (given.factor, given.note, given.roles) == ("authenticator", "Fine.", ["approver"])
        assert given.factor_at is not None


def test_a_rejection_needs_its_reason(client_of, approver, change, status):
    client, url = client_of(approver), f"/o/acme/changes/{change.pk}/reject/"
    assert client.post(url, {"content_hash": change.content_hash, "reason": " "}).status_code == 422
    assert status(change) == "submitted"
    assert client.post(url, {"content_hash": change.content_hash, "reason": "Not in December."}).status_code == 303
    assert status(change) == "rejected"


def test_high_risk_asks_for_the_factor_again(client_of, acme, cast, status):
    approver = cast.approver
    with tenant(acme):
        change = submitted(cast.employee, [a_system(cast.manager)], answers=GRAVE)
    client, url = client_of(approver), f"/o/acme/changes/{change.pk}/approve/"
    session = client.session
    session["factor_at"] -= 3600
    session.save()
    assert 'name="factor_code"' in client.get(url).content.decode()
    assert client.post(url, {"content_hash": change.content_hash}).status_code == 422
    assert status(change) == "submitted"
    sent = {"content_hash": change.content_hash, "factor_code": fresh_code(approver.user)}
    assert client.post(url, sent).status_code == 303
    assert status(change) == "approved"


@pytest.mark.parametrize(("role", "answer"), [("employee", 409), ("auditor", 409), ("viewer", 409), ("administrator", 409)])
def test_whoever_may_not_gets_the_reason_instead_of_a_form(client_of, cast, change, role, answer):
    shown = client_of(getattr(cast, role)).get(f"/o/acme/changes/{change.pk}/approve/")
    assert shown.status_code == answer


def test_a_page_of_a_change_takes_as_many_queries_with_many_approvals(
    client_of, acme, cast, change, django_assert_max_num_queries
):
    with tenant(acme):
        for number in range(4):
            edit_change(change, actor=cast.employee, description=f"{number} cores more.")
    client = client_of(cast.approver)
    client.get(f"/o/acme/changes/{change.pk}/")
    with django_assert_max_num_queries(30):
        assert client.get(f"/o/acme/changes/{change.pk}/").status_code == 200


def said_after(client, change: Change) -> str:
    """What the page says after this member approved it."""
    url = f"/o/acme/changes/{change.pk}/approve/"
    answer = client.post(url, {"content_hash": change.content_hash})
    shown = client.get(answer.headers["Location"])
    return " ".join(str(one) for one in shown.context["messages"])


def test_the_first_of_two_approvals_says_who_is_still_to_approve(client_of, acme, cast):
    with tenant(acme):
        a_rule(cast.manager, count=2)
        change = submitted(cast.employee, [a_system(cast.manager)])
    first = said_after(client_of(cast.approver), change)
    assert first.startswith("Your approval is recorded. It waits for an approval by ")
    assert cast.executive.name in first
    assert cast.approver.name not in first
    assert said_after(client_of(cast.executive), change) == f"{change.reference} is approved."


def test_in_writing_too_the_first_of_two_approvals_does_not_say_that_it_is_approved(client_of, acme, cast, agreed):
    with tenant(acme):
        a_rule(cast.manager, count=2)
        implement_first(agreed, actor=cast.employee)
    first = said_after(client_of(cast.approver), agreed)
    assert first.startswith("Your approval is recorded. It waits for an approval by ")
    assert cast.executive.name in first
    assert said_after(client_of(cast.executive), agreed) == f"{agreed.reference} is approved in writing."
