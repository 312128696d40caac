"""Evidence that hangs only on an incident that became confidential is seen by those who see the incident."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.hiding import hidden_from
from evidence.links import link_record
from evidence.models import Evidence
from incidents.lifecycle import editing
from incidents.timeline.actions import write_with_files
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token
from tests.changes.making import a_system
from tests.incidents.making import an_incident

HERE = "/o/acme/evidence/"


@pytest.fixture
def item(acme, cast) -> Evidence:
    """What was in the vault before its incident became confidential."""
    with tenant(acme):
        incident = an_incident(cast.administrator, title="Quagga in HR")
        files = [SimpleUploadedFile("Quagga-said.txt", b"Quagga said X")]
        write_with_files(incident, kind="evidence", text="See the file.", actor=cast.administrator, files=files)
        editing.confide(incident, actor=cast.administrator, reason="A person.")
        return Evidence.objects.select_related("file").get()


def _shown(client, item):
    answers = [client.get(path) for path in (HERE, f"{HERE}?q=Quagga", f"{HERE}?export=csv", f"{HERE}{item.pk}/")]
    bodies = [b"".join(one.streaming_content) if one.streaming else one.content for one in answers]
    told = [b"Quagga-said" in body for body in bodies]
    file = client.get(f"{HERE}files/{item.file_id}/")
    told.append(file.streaming and b"Quagga" in b"".join(file.streaming_content))
    for shut in file._resource_closers:  # its own close() would close the database too
        shut()
    return told


@pytest.mark.parametrize("role", ["manager", "auditor", "viewer"])
def test_others_see_nothing_of_it(client_of, acme, cast, item, role):
    member = getattr(cast, role)
    assert _shown(client_of(member), item) == [False] * 5
    program = Program(make_token(member)[1])
    assert b"Quagga" not in program.get("evidence").content
    assert program.get(f"evidence/{item.pk}").status_code == 404
    with tenant(acme):
        assert item.pk in hidden_from(member)


def test_those_who_see_the_incident_see_it(client_of, cast, item):
    assert _shown(client_of(cast.administrator), item) == [True] * 5


def test_what_somebody_linked_to_another_record_is_seen(client_of, acme, cast, manager, item):
    with tenant(acme):
        link_record(item, a_system(manager), actor=cast.administrator)
    assert _shown(client_of(manager), item) == [True] * 5
