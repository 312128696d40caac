"""Who wrote a request, known before its approval or only afterwards."""

import datetime as dt

import pytest

from changes.approving.giving import Shown
from changes.deployments.gate import answer
from changes.lifecycle import actions
from changes.models import Approval
from inventory.models import Person, PersonAlias
from tenancy.scope import now, tenant
from tests.changes.sources import payloads
from tests.changes.sources.payloads import APPROVER
from ui.refusals import ActionRefused


@pytest.fixture(autouse=True)
def _yesterday(monkeypatch):
    began = now() - dt.timedelta(days=1)
    moment = lambda minute: (began + dt.timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")  # noqa: E731
    monkeypatch.setattr(payloads, "at", moment)


def test_nobody_approves_what_somebody_unknown_wrote_until_they_are_matched(github, the_change, acme, cast):
    github.github("push", payloads.push(("one", "private-handle"), by="private-handle"))
    github.github("pull_request", payloads.pull_request("opened", payloads.pull(0, author="private-handle")))
    shown = Shown("authenticator", now())
    with tenant(acme):
        change = the_change()
        with pytest.raises(ActionRefused, match="known as private-handle, who wrote"):
            actions.approve(change, actor=cast.approver, content_hash=change.content_hash, factor=shown)
        someone = Person.objects.get(member=cast.employee)
        PersonAlias.objects.create(person=someone, key="private-handle", confirmed_by=cast.manager)
        actions.approve(change, actor=cast.approver, content_hash=change.content_hash, factor=shown)
        assert answer(change, change.head_sha, "production", now()).allowed
        PersonAlias.objects.filter(key="private-handle").update(person=Person.objects.get(member=cast.approver))
        assert [one.code for one in answer(change, change.head_sha, "production", now()).reasons] == ["by_author"]
        assert actions.judge_authors(change, actor=cast.manager)
        assert (change.status, Approval.objects.get().status) == ("submitted", "void")


def test_an_approval_ends_when_a_later_push_shows_its_giver_as_the_only_author(github, the_change, acme):
    github.github("pull_request", payloads.pull_request("opened", payloads.pull(0)))
    github.github("pull_request_review", payloads.review(5, by=APPROVER))
    github.github("push", payloads.push(("one", APPROVER)))
    with tenant(acme):
        change = the_change()
        assert change.status == "submitted"
        assert not answer(change, change.head_sha, "production", now()).allowed
