"""Files of a change are evidence; they stay when they are taken away from it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from changes.drafting import files
from changes.drafting.actions import create_change
from changes.lifecycle.actions import withdraw
from changes.models import Change
from evidence.links import proofs_of
from evidence.models import Evidence
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def change(in_acme, employee) -> Change:
    """One that the employee raised."""
    return create_change(actor=employee, title="Move the queue")


def upload(name: str = "result.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, f"{name}: all passed".encode())


def test_a_file_becomes_evidence_that_names_the_change(change, employee):
    (proof,) = files.attach(change, actor=employee, use="testing", files=[upload()])
    item = proof.evidence
    assert (item.category, item.title) == ("change_management", f"{change.reference} result.txt")
    assert [(one.kind, one.detail) for one in proofs_of(item.pk)] == [("Change", "Testing")]


def test_without_a_file_there_is_nothing_to_add(change, employee):
    with pytest.raises(ActionRefused, match="at least one file"):
        files.attach(change, actor=employee)


def test_an_item_is_linked_once_and_only_while_it_is_current(change, employee):
    (proof,) = files.attach(change, actor=employee, files=[upload()])
    with pytest.raises(ActionRefused, match="linked already"):
        files.attach(change, actor=employee, evidence=[proof.evidence])
    files.detach(proof, actor=employee, reason="The wrong run.")
    Evidence.objects.filter(pk=proof.evidence_id).update(status=Evidence.Status.WITHDRAWN)
    with pytest.raises(ActionRefused, match="proves nothing"):
        files.attach(change, actor=employee, evidence=[proof.evidence])
    Evidence.objects.filter(pk=proof.evidence_id).update(status=Evidence.Status.CURRENT)


def test_others_add_nothing_and_nobody_does_once_it_is_over(change, employee, reviewer):
    with pytest.raises(ActionRefused, match="have a part"):
        files.attach(change, actor=reviewer, files=[upload()])
    withdraw(change, actor=employee, reason="Not needed.")
    with pytest.raises(ActionRefused, match="withdrawn"):
        files.attach(change, actor=employee, files=[upload()])
