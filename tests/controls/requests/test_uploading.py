"""Files that are linked as they are added: to controls, for all or by their names, and given to a request of the auditor."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from controls.models import AuditRequest, ControlEvidence, RequestProof
from controls.requests.actions import raise_request
from evidence.models import Evidence
from tests.controls.occurrences.made import make_control
from ui.forms import FilesField

ADD = "/o/acme/evidence/add/"
FACTS = {"category": "access_control", "source": "Okta"}


@pytest.fixture
def controls(in_acme, manager):
    for code in ("AC-001", "AC-0011", "AC-002"):
        make_control(manager, code)


@pytest.fixture
def add(client_of, manager):
    def send(*names, **said):
        files = [SimpleUploadedFile(name, name.encode()) for name in names]
        return client_of(manager).post(ADD, {**FACTS, **said, "uploads": files})

    return send


def links():
    return set(ControlEvidence.objects.values_list("evidence__title", "control__code", "leg"))


def test_each_of_several_files_is_linked_to_all_that_is_named(controls, add):
    assert add("march.txt", "april.txt", controls="ac-001; AC-002:policy").status_code == 303
    assert links() == {(title, *rest) for title in ("march", "april") for rest in (("AC-001", "operation"), ("AC-002", "policy"))}


def test_each_file_is_linked_to_the_control_that_its_name_begins_with(controls, add):
    assert add("ac-0011 log.txt", "AC-001.txt", "AC-00 rest.txt", by_name="on", controls="AC-002").status_code == 303
    assert links() == {
        ("ac-0011 log", "AC-0011", "operation"),
        ("AC-001", "AC-001", "operation"),
        *((title, "AC-002", "operation") for title in ("ac-0011 log", "AC-001", "AC-00 rest")),
    }


def test_without_the_tick_a_name_links_nothing(controls, add):
    assert add("AC-001.txt").status_code == 303
    assert links() == set()


def test_what_does_not_exist_is_said_at_the_field_and_nothing_is_kept(controls, add):
    answer = add("march.txt", controls="AC-009, AC-001:wish", requests="PBC-9")
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert errors["controls"][0] == "There is no control AC-009."
    assert "is no leg of a control" in errors["controls"][1]
    assert errors["requests"] == ["No request PBC-9 waits for something."]
    assert not Evidence.objects.exists()


def test_a_request_is_given_each_file_and_is_begun(asked, add):
    assert add("leavers.txt", "list.txt", requests="pbc-2").status_code == 303
    assert set(RequestProof.objects.values_list("evidence__title", flat=True)) == {"leavers", "list"}
    assert AuditRequest.objects.get().status == "in_progress"


def test_a_number_of_two_audit_periods_is_given_on_the_page(asked, period, auditor, manager, add):
    from controls.periods.actions import create_period

    other = create_period(actor=manager, name="Another audit", kind="type2", starts_on=period.starts_on, ends_on=period.ends_on)
    raise_request(actor=auditor, title="The same", reference="PBC-2", period=other)
    answer = add("leavers.txt", requests="PBC-2")
    assert answer.context["form"].errors["requests"] == [
        "Requests of several audit periods are called PBC-2: give it on the request's page."
    ]


def test_the_page_of_the_form_asks_for_both(client_of, manager):
    form = client_of(manager).get(ADD).context["form"]
    assert isinstance(form.fields["uploads"], FilesField)
    assert [name for legend, names in form.fieldsets if legend == "What they show" for name in names] == [
        "controls",
        "by_name",
        "requests",
    ]
