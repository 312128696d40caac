"""Deployments that are reported: kept once, classed at once, their changes carried out."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from audit.actions import action
from audit.actors import WORKER
from audit.models import AuditEvent
from audit.record import record
from bench.harness import counted
from changes.deployments.actions import link, unlink
from changes.deployments.reconcile import for_all
from changes.lifecycle import actions
from changes.models import ChangeSource, Classification, Deployment, DeploymentBatch, DeploymentLink, Reconciliation
from changes.models.source import SourcePush
from tenancy.scope import now
from tests.cast import Cast
from tests.changes.deployments.world import MINUTE, approved, deployed, raised, reported, sha
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("in_acme")


def test_an_approved_change_is_implemented_by_its_deployment():
    change = approved("a")
    one = deployed("a")
    change.refresh_from_db()
    assert (one.classification, one.reason, one.change_id, one.matched_by) == ("approved_before", "approved", change.pk, "head")
    assert (change.status, change.implemented_at) == ("implemented", one.deployed_at)
    assert one.class_badge.label == "Approved before"


def test_one_event_of_the_trail_covers_a_report():
    approved("a")
    items = [
        {"id": word, "environment": "production", "commit": sha(word), "deployed_at": now().isoformat()} for word in ("a", "b")
    ]
    found = reported([*items, items[0], {"id": "x"}])
    assert [one.status for one in found] == ["accepted", "accepted", "duplicate", "refused"]
    batch = DeploymentBatch.objects.get()
    event = AuditEvent.objects.get(verb="deployment_batch.report")
    assert (batch.accepted, batch.duplicates, batch.refused) == (2, 1, 1)
    assert event.data["after"]["digest"] == batch.digest
    assert not Reconciliation.objects.exists()


def test_the_same_again_is_a_duplicate_and_another_under_its_id_is_refused():
    one = deployed("a")
    same = {"id": "run-a", "environment": "Production", "commit": sha("a").upper(), "repository": "acme/app"}
    (again,), (other,) = reported([same]), reported([{**same, "commit": sha("b")}])
    assert (again.status, again.id) == ("duplicate", one.pk)
    assert (other.status, other.errors) == ("refused", [("id", "Another deployment has this id.")])
    assert DeploymentBatch.objects.count() == 1


def test_a_change_that_is_approved_later_was_approved_later():
    change = raised("a")
    actions.submit(change, actor=Cast().manager)
    one = deployed("a")
    assert (one.classification, one.reason) == ("unapproved", "not_approved")
    change.refresh_from_db()
    assert change.status == "submitted"
    actions.approve(change, actor=Cast().approver, content_hash=change.content_hash)
    one.refresh_from_db()
    assert (one.classification, one.reason) == ("approved_after", "approved_later")
    kept = Reconciliation.objects.get()
    assert kept.moves == [{"from": "unapproved", "to": "approved_after", "count": 1}]
    assert AuditEvent.objects.filter(verb="deployments.reconcile", object_id=kept.pk).exists()


def test_what_a_pipeline_names_is_its_change_unless_the_commit_is_another():
    change = approved("a")
    named = deployed("a", id="1", change=change.reference.lower())
    other = deployed("b", id="2", change=change.reference)
    bare = deployed("c", id="3", change=change.reference, commit="")
    assert (named.matched_by, bare.matched_by) == ("name", "name")
    assert (other.classification, other.reason, other.change) == ("unmatched", "named_other", None)


def test_a_merge_commit_is_found_before_the_last_and_the_others():
    older = raised("old", head_sha=sha("x"))
    merged = raised("new", merge_sha=sha("x"), merged_at=now(), merged_by="ada")
    assert older.head_sha == merged.merge_sha
    assert deployed("x").change == merged


def test_another_repository_is_another_change():
    raised("a", repository="acme/other")
    assert deployed("a").classification == "unmatched"


def test_a_redeploy_and_a_step_back_are_named():
    first = now() - 50 * MINUTE
    runs = [("a", 0), ("a", 1), ("b", 2), ("a", 3)]
    found = [deployed(word, id=f"r{minute}", at=first + minute * MINUTE).notes for word, minute in runs]
    assert found == [[], ["redeploy"], [], ["revert"]]
    for_all(actor=WORKER)
    assert list(Deployment.objects.order_by("deployed_at").values_list("notes", flat=True)) == found


def test_bots_are_named_by_their_names_or_by_what_was_said():
    assert deployed("a", deployed_by="deploy-bot").notes == ["bot"]
    assert deployed("b", deployed_by="github-actions[bot]").notes == ["bot"]
    assert deployed("c", deployed_by="ada@acme.example").notes == []
    assert deployed("d", deployed_by="deploy-bot", bot=False).notes == []


def test_people_are_known_by_their_address(manager):
    assert deployed("a", deployed_by=manager.email.upper()).person.member == manager


def test_a_link_by_hand_outweighs_the_rest_and_can_be_taken_away(manager):
    change, one = approved("other"), deployed("a")
    link(one, actor=manager, change=change, reason="The tag was moved.")
    assert (one.classification, one.matched_by, one.change) == ("approved_before", "hand", change)
    with pytest.raises(ActionRefused, match="already"):
        link(one, actor=manager, change=change, reason="Again")
    unlink(one, actor=manager, reason="A mistake")
    assert (one.classification, one.matched_by, one.change) == ("unmatched", "", None)
    assert DeploymentLink.objects.get().status == "removed"
    assert [event.verb for event in AuditEvent.objects.filter(object_id=DeploymentLink.objects.get().pk).order_by("at")] == [
        "deployment_link.make",
        "deployment_link.remove",
    ]


def test_who_may_not_report_or_link_is_refused(employee, approver, manager):
    with pytest.raises(ActionRefused, match="role"):
        reported([{"id": "1"}], actor=employee)
    one = deployed("a")
    with pytest.raises(ActionRefused, match="role"):
        link(one, actor=approver, change=raised("b"), reason="Because")
    with pytest.raises(ActionRefused, match="reason"):
        link(one, actor=manager, change=raised("c"), reason=" ")


def test_a_deployment_to_an_environment_that_the_change_is_not_for_does_not_carry_it_out():
    change = approved("a", environments=["production"])
    deployed("a", environment="staging")
    change.refresh_from_db()
    assert change.status == "approved"


def test_a_failed_deployment_leaves_the_change_where_it_is():
    change = approved("a")
    one = deployed("a", outcome="failed")
    change.refresh_from_db()
    assert (one.classification, change.status) == ("approved_before", "approved")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": ""}, "id"),
        ({"id": "with space"}, "id"),
        ({"id": 7}, "id"),
        ({"environment": ""}, "environment"),
        ({"environment": "x" * 41}, "environment"),
        ({"commit": "not-hex"}, "commit"),
        ({"commit": ""}, "commit"),
        ({"deployed_at": "yesterday"}, "deployed_at"),
        ({"deployed_at": "2026-10-14T09:30:00"}, "deployed_at"),
        ({"deployed_at": "2999-01-01T00:00:00Z"}, "deployed_at"),
        ({"deployed_at": "1999-01-01T00:00:00Z"}, "deployed_at"),
        ({"deployed_at": 5}, "deployed_at"),
        ({"outcome": "fine"}, "outcome"),
        ({"bot": "yes"}, "bot"),
        ({"bot": 1}, "bot"),
        ({"change": "Issue 4"}, "change"),
        ({"system": "Nowhere"}, "system"),
        ({"url": "ftp://x"}, "url"),
        ({"url": "http://[x"}, "url"),
        ({"service": "two\nlines"}, "service"),
        ({"service": ["x"]}, "service"),
        ({"party": 1}, "party"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(change, field):
    sent = {"id": "1", "environment": "production", "commit": sha("a"), "deployed_at": now().isoformat(), **change}
    (found,) = reported([sent])
    assert (found.status, [name for name, _ in found.errors]) == ("refused", [field])


def test_what_is_no_object_is_refused():
    (found,) = reported(["deployment"])
    assert found.errors == [("", "A deployment is a JSON object.")]


def test_the_database_keeps_what_was_reported():
    one = deployed("a")
    for statement in (
        "UPDATE changes_deployment SET commit = 'b'",
        "UPDATE changes_deployment SET deployed_at = now()",
        "DELETE FROM changes_deployment",
    ):
        with pytest.raises(IntegrityError, match="immutable"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(IntegrityError, match="deployment_matched"), transaction.atomic():
        Deployment.objects.filter(pk=one.pk).update(classification=Classification.APPROVED_BEFORE)


def test_each_falls_into_one_class_and_the_classes_add_up():
    approved("a")
    raised("b")
    found = [deployed(word) for word in "abc"]
    assert [one.classification for one in found] == ["approved_before", "unapproved", "unmatched"]
    total = sum(Deployment.objects.filter(classification=one).count() for one in Classification)
    assert total == len(found)


def test_a_report_asks_as_much_for_many_as_for_one():
    def items(prefix: str, count: int) -> list[dict[str, object]]:
        at = now() - dt.timedelta(hours=1)
        return [
            {"id": f"{prefix}{n}", "environment": "test", "commit": sha(f"{n}"), "deployed_at": at.isoformat()}
            for n in range(count)
        ]

    reported(items("warm", 1))
    with counted() as one:
        reported(items("one", 1))
    with counted() as many:
        reported(items("many", 200))
    assert many.count <= one.count <= 12


def test_a_direct_push_is_unapproved_and_named():
    source = _source()
    push = {"provider": "github", "repository": "acme/app", "branch": "main", "to_default": True, "after": sha("p")}
    SourcePush.objects.create(source=source, received_at=now(), **push)
    one = deployed("p", deployed_by="deploy-bot")
    assert (one.classification, one.reason, one.change, one.notes) == ("unapproved", "pushed", None, ["direct_push", "bot"])
    raised("p")
    for_all(actor=WORKER)
    one.refresh_from_db()
    assert (one.reason, one.notes) == ("not_approved", ["bot"])


@action
def _source() -> ChangeSource:
    made = ChangeSource.objects.create(name="App", repositories=["acme/app"], made_at=now(), secret_at=now())
    record("change_source.create", made, actor=WORKER)
    return made
