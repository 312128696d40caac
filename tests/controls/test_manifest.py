"""Controls in a list of evidence, and on an item's page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from controls.models import ControlEvidence
from evidence.importing.actions import begin_import
from evidence.links import proofs_of
from evidence.tasks import start_import
from tenancy.scope import tenant
from tests.conftest import commits
from tests.controls.occurrences.made import make_control

LIST = "File,Controls\na.txt,ac-001; AC-002:policy\nb.txt,AC-009\nc.txt,AC-001:wish\nd.txt,\n"


@pytest.fixture
def made(acme, manager):
    with tenant(acme):
        make_control(manager, "AC-001")
        make_control(manager, "AC-002")
        files = [SimpleUploadedFile(f"{name}.txt", name.encode()) for name in "abcd"]
        manifest = SimpleUploadedFile("list.csv", LIST.encode())
        return begin_import(actor=manager, manifest=manifest, uploads=files, source="Archive")


def test_a_control_or_leg_that_does_not_exist_is_wrong(acme, made):
    with tenant(acme):
        found = {row.number: " ".join(row.reasons) for row in made.rows.all() if row.reasons}
    assert set(found) == {3, 4}
    assert "There is no control AC-009." in found[3]
    assert "“wish” is no leg of a control." in found[4]


def test_the_items_stand_for_their_controls(acme, manager, made, django_capture_on_commit_callbacks):
    with tenant(acme), commits(django_capture_on_commit_callbacks):
        start_import(made, actor=manager)
    with tenant(acme):
        linked = set(ControlEvidence.objects.values_list("control__code", "leg"))
        assert linked == {("AC-001", "operation"), ("AC-002", "policy")}
        item = made.rows.get(number=2).evidence
        assert [(proof.kind, proof.detail) for proof in proofs_of(item.pk)] == [
            ("Control", "Evidence of operation"),
            ("Control", "Documented policy"),
        ]
