"""Vendors by the API: the same life, the same refusals, and where a key is kept is told one by one."""

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import AuditEvent
from inventory.models import Person
from tests.api.conftest import Program, make_token
from tests.vendors.conftest import paper
from tests.vendors.test_questionnaires import kept
from vendors.keys.actions import note_key
from vendors.models import DocumentDuty, QuestionnaireAnswer


def program_for(member):
    return Program(make_token(member)[1])


def test_a_vendor_goes_its_way_by_the_api(cast, today):
    asks, runs, decides = (program_for(getattr(cast, name)) for name in ("employee", "manager", "approver"))
    given = {"name": "Northwind", "service": "Mail", "data_shared": 1, "criticality": 1, "access": 0, "owner": None}
    made = asks.post("vendors", given)
    assert made.status_code == 201, made.json()
    key, match = made.json()["id"], {"If_Match": "*"}
    assert (made.json()["tier"], made.json()["status"]) == (3, "requested")
    assert asks.post(f"vendors/{key}/begin", **match).status_code == 403
    assert runs.post(f"vendors/{key}/begin", **match).json()["status"] == "due_diligence"
    said = {"reviewed_on": f"{today}", "summary": "Read.", "conclusion": "acceptable", "residual": "low"}
    assert runs.post(f"vendors/{key}/review", said, **match).json()["residual"] == "low"
    assert decides.post(f"vendors/{key}/approve", {"reason": "Fine."}, **match).json()["status"] == "approved"
    changed = runs.patch(f"vendors/{key}", {"contacts": ["Ann"], "locations": ["Ireland"]}, **match)
    assert (changed.status_code, changed.json()["contacts"]) == (200, ["Ann"]), changed.json()
    refused = runs.post(f"vendors/{key}/use", {"since": f"{today}"}, **match)
    assert refused.status_code in {409, 422}
    used = runs.post(f"vendors/{key}/use", {"since": f"{today}", "reason": "Its owner comes later."}, **match)
    assert (used.json()["status"], bool(used.json()["finding"])) == ("in_use", True)


def test_documents_and_answers_come_in_and_are_worked_on(used, cast, manager, today):
    vendor, runs, match = used(), program_for(manager), {"If_Match": "*"}
    sent = {"kind": "soc2", "file": paper(), "issued_on": f"{today}", "report_type": "type_2", "opinion": "qualified"}
    sent |= {"period_from": "2026-01-01", "period_to": "2026-06-30", "title": "By program"}
    made = runs.upload(f"vendors/{vendor.pk}/add-document", sent, **match)
    assert made.status_code == 200, made.json()
    document = vendor.documents.get(title="By program")
    shown = runs.post(f"vendor-documents/{document.pk}/add-duties", {"texts": "Remove leavers"}, **match).json()
    assert [one["text"] for one in shown["duties"]] == ["Remove leavers"]
    duty = DocumentDuty.objects.get()
    spared = runs.post(f"vendor-duties/{duty.pk}/spare", {"reason": "Nobody has an account."}, **match)
    assert spared.json()["status"] == "not_needed", spared.json()
    answers = SimpleUploadedFile("answers.csv", b"Question,Answer\nIs it safe?,No\n")
    came = runs.upload(f"vendors/{vendor.pk}/add-answers", {"file": answers, "answered_on": f"{today}"}, **match)
    assert came.status_code == 200, came.json()
    assert vendor.questionnaires.get().score == 0


def test_what_is_sent_without_a_change_is_refused_in_words(used, manager, today):
    vendor, runs = used(), program_for(manager)
    key = note_key(vendor, actor=manager, name="Mail", kept_in="Vault", rotated_on=today)
    document = vendor.documents.get(kind="soc2")
    for address in (f"vendors/{vendor.pk}", f"vendor-keys/{key.pk}", f"vendor-documents/{document.pk}"):
        answer = runs.patch(address, {}, If_Match="*")
        assert (answer.status_code, "Nothing was changed" in answer.content.decode()) == (409, True), address


def test_an_answer_is_followed(asked, manager, today):
    kept(asked(), manager, today)
    answer = QuestionnaireAnswer.objects.get(place=2)
    followed = program_for(manager).post(f"vendor-answers/{answer.pk}/follow", If_Match="*")
    assert followed.json()["finding"], followed.json()


def test_where_a_key_is_kept_is_told_one_by_one_and_noted(used, manager, cast, today):
    key = note_key(used(), actor=manager, name="Mail", kept_in="Vault seven", rotated_on=today)
    reads = program_for(cast.auditor)
    assert "Vault seven" not in reads.get("vendor-keys").content.decode()
    assert reads.get(f"vendor-keys/{key.pk}").json()["kept_in"] == "Vault seven"
    assert AuditEvent.objects.filter(verb="vendor_key.look", actor_id=cast.auditor.pk).exists()
    changed = program_for(manager).patch(f"vendor-keys/{key.pk}", {"used_for": "Invoices"}, If_Match="*")
    assert changed.json()["kept_in"] == "Vault seven"
    assert AuditEvent.objects.filter(verb="vendor_key.look", actor_id=manager.pk).exists()


def test_a_token_that_looks_at_what_waits_for_oneself_rotates_no_key(used, manager, cast, today):
    owner, made = Person.objects.get(member=cast.employee), today - dt.timedelta(days=9)
    key = note_key(used(), actor=manager, name="Mail", kept_in="Vault", owner=owner, rotated_on=made)
    given, match = {"rotated_on": f"{today}"}, {"If_Match": "*"}
    looks, works = (
        Program(make_token(cast.employee, *rights)[1]) for rights in (["home.read"], ["home.read", "vendors.request"])
    )
    assert looks.post(f"vendor-keys/{key.pk}/rotate", given, **match).status_code == 403
    assert key.refreshed().rotated_on == made
    assert works.post(f"vendor-keys/{key.pk}/rotate", given, **match).json()["rotated_on"] == f"{today}"
