"""A table of changes becomes drafts, once; a row that is wrong says why."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from changes.drafting.importing import import_changes, receive
from changes.drafting.importing_views import SAMPLE
from changes.models import Change
from evidence.models import StoredFile
from tests.changes.making import a_system
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("in_acme")
HEAD = "Title,Type,Systems,Planned from,Planned until,Implementer,Links,Cost\n"


def received(manager, rows: str) -> StoredFile:
    return receive(actor=manager, upload=SimpleUploadedFile("changes.csv", rows.encode()))


def test_the_sample_makes_drafts_of_the_importer(manager):
    made = import_changes(received(manager, SAMPLE), actor=manager)
    assert [(one.title, one.status, one.kind, one.source, one.raised_by) for one in made] == [
        ("Rotate the database password", "draft", "config", "file", manager),
        ("Open port 8443 to the new partner", "draft", "infrastructure", "file", manager),
    ]
    assert made[0].window_from == dt.datetime(2026, 11, 17, 23, tzinfo=dt.UTC)
    assert [link.label for link in made[0].links.all()] == ["Ticket"]


def test_names_of_systems_and_people_are_understood(manager):
    a_system(manager, "Okta")
    rows = (
        f'{HEAD}Move,normal,okta,2026-11-03 18:00,2026-11-03 19:00,employee@acme.example,"https://github.com/a/b/pull/7 Fix",12\n'
    )
    (made,) = import_changes(received(manager, rows), actor=manager)
    assert ([row.system.name for row in made.systems.all()], made.implementer.name) == (["Okta"], "Employee Acme")
    assert [(link.kind, link.url, link.label) for link in made.links.all()] == [
        ("pull_request", "https://github.com/a/b/pull/7", "Fix")
    ]


def test_what_is_wrong_is_said_and_left_out_only_on_request(manager):
    rows = (
        f"{HEAD},normal,,,,,,\n"
        "A,standard,,,,,,\n"
        "B,sometimes,Nowhere,2026-03-08 02:30,,nobody,not-an-address,\n"
        "C,,,2026-11-03 18:00,2026-11-03 17:00,,,\n"
        "Good,,,,,,,\n"
    )
    file = received(manager, rows)
    with pytest.raises(ActionRefused, match="wrong"):
        import_changes(file, actor=manager)
    made = import_changes(file, actor=manager, leave_out_wrong=True)
    assert [one.title for one in made] == ["Good"]


def test_each_file_is_imported_once(manager):
    file = received(manager, f"{HEAD}Move,,,,,,,\n")
    import_changes(file, actor=manager)
    with pytest.raises(ActionRefused, match="imported already"):
        import_changes(file, actor=manager)
    with pytest.raises(ActionRefused, match="imported already"):
        received(manager, f"{HEAD}Move,,,,,,,\n")
    assert Change.objects.filter(title="Move").count() == 1


def test_a_file_without_a_title_is_none(manager):
    with pytest.raises(ActionRefused, match="no column Title"):
        received(manager, "Number,Cost\n1,2\n")


def test_only_who_runs_changes_imports(employee):
    with pytest.raises(ActionRefused, match="role"):
        received(employee, f"{HEAD}Move,,,,,,,\n")
