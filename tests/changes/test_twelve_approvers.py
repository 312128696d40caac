"""Twelve approve at once where one approval is asked for: exactly one counts, and the others are told so."""

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from accounts.models import Member, User
from audit.models import AuditEvent
from changes.approving.ruling import create_rule
from changes.lifecycle import actions
from changes.models import Approval, Change
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.cast import Cast
from tests.changes.making import a_system, submitted
from ui.refusals import ActionRefused
from workflow.delivery import deliver

PEOPLE = 12
ROUNDS = 1000 if os.environ.get("PLUMBLINE_TEST_ROUNDS") == "long" else 50


def approvers(organization: Organization) -> list[Member]:
    """So many who may approve, none of whom asks."""
    made = []
    for number in range(PEOPLE):
        user = User.objects.create_user(email=f"approver-{number}@acme.example", name=f"Approver {number}", password="x" * 20)
        made.append(Member.objects.create(organization=organization, user=user, roles=["approver"]))
    return made


class Twelve:
    """Threads that keep their connections from round to round."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self.people = approvers(organization)
        self.pool = ThreadPoolExecutor(PEOPLE)

    def __enter__(self) -> "Twelve":
        return self

    def __exit__(self, *_: object) -> None:
        barrier = Barrier(PEOPLE)

        def leave(_: int) -> None:
            barrier.wait(20)  # each thread once
            connections.close_all()

        list(self.pool.map(leave, range(PEOPLE)))
        self.pool.shutdown()

    def approve(self, change: Change) -> list[str]:
        """All at the same moment; what each was told, empty for whose approval counted."""
        barrier = Barrier(PEOPLE)

        def act(member: Member) -> str:
            barrier.wait(20)
            try:
                with tenant(self.organization):
                    one = Change.objects.get(pk=change.pk)
                    actions.approve(one, actor=member, content_hash=change.content_hash)
            except ActionRefused as refusal:
                return refusal.sentence
            return ""

        return list(self.pool.map(act, self.people))


@pytest.mark.slow
def test_of_twelve_approvals_at_once_exactly_one_counts(committed_db, monkeypatch):
    monkeypatch.setattr(deliver, "delay_on_commit", lambda *_: None)  # sending mail is not what is tried
    organization, cast = Organization.objects.get(slug="acme"), Cast()
    with tenant(organization):
        billing = a_system(cast.manager)
        create_rule(actor=cast.manager, name="One of them", count=1)
    employee = cast.employee
    with Twelve(organization) as twelve:
        for _ in range(ROUNDS):
            with tenant(organization):
                change = submitted(employee, [billing])
            told = sorted(twelve.approve(change))
            assert told[0] == ""
            assert all("before you" in sentence and "not counted" in sentence for sentence in told[1:]), told
    with tenant(organization):
        assert set(Change.objects.values_list("status", flat=True)) == {"approved"}
        assert Change.objects.filter(approvals__status="given").count() == Approval.objects.count() == ROUNDS
        assert Change.objects.filter(approvals__status="given").distinct().count() == ROUNDS
        assert AuditEvent.objects.filter(verb="change.approve").count() == ROUNDS
