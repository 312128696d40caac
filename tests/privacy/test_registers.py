"""Registers go out and come in again without loss; customers who left and notices keep their rules."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from inventory.people.actions import create_person
from privacy.customers.actions import close_case, do_step
from privacy.models import DataClass, InUse, NoticeVersion
from privacy.notices.actions import edit_version, publish_version, withdraw_consent, write_version
from privacy.registers.tables import REGISTERS
from privacy.registers.transfer import read_register, write_register
from privacy.retention.holding import place_hold
from privacy.writing import edit, move
from tenancy.scope import tenant
from tests.cast import Cast
from tests.privacy.making import a_case, a_class, a_consent, a_dataset, a_schedule, a_version
from ui.refusals import ActionRefused

NASTY = "=1+1\n\"quoted\", ünïcode 'x' and | more"


TABLE = b"Class,Order,Label,What belongs to it,How it is handled\nPublic,4,PUBLIC,All,Freely\n"


def written(register, kind):
    with write_register(register, kind, []).file as file:
        return file.read()


def fill(manager):
    of = a_class(manager, meaning=NASTY)
    move(a_class(manager, "Old", rank=9, personal=False), DataClass.RETIRE, actor=manager)
    owner = create_person(actor=manager, name="One Owner")
    schedule = a_schedule(manager, "", 365, name="Logs of the application", report_days=30, owner=owner)
    a_schedule(manager)
    a_dataset(manager, of, schedule=schedule, purpose=NASTY, recipients=["Hosting, Inc.", "@mail"], owner=None)
    a_dataset(manager, of, "Second", subjects=[], basis="")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_register_comes_back_as_it_went(in_acme, acme, globex, manager, kind):
    fill(manager)
    taken = [REGISTERS[key] for key in ("class", "schedule", "dataset")]
    out = {one.key: (written(one, kind), one.written()) for one in taken}
    with tenant(globex):
        theirs = Cast().of("globex", "manager")
        create_person(actor=theirs, name="One Owner")
        for key, (content, rows) in out.items():
            added, changed, same = read_register(REGISTERS[key], io.BytesIO(content), actor=theirs)
            assert (added, changed, same) == (len(rows), 0, 0)
            assert REGISTERS[key].written() == rows
            with pytest.raises(ActionRefused, match="here already"):
                read_register(REGISTERS[key], io.BytesIO(content), actor=theirs)


def test_consents_come_back_as_they_went_and_the_trail_names_nobody(in_acme, manager, globex):
    version = a_version(manager)
    a_consent(manager, version)
    withdraw_consent(a_consent(manager, version, "bob@example.com"), actor=manager, reason="Asked")
    rows, content = REGISTERS["consent"].written(), written(REGISTERS["consent"], "csv")
    with tenant(globex):
        theirs = Cast().of("globex", "manager")
        a_version(theirs)
        assert read_register(REGISTERS["consent"], io.BytesIO(content), actor=theirs)[0] == 2
        assert REGISTERS["consent"].written() == rows


def test_what_is_wrong_is_named_by_its_row_and_nothing_is_taken(in_acme, manager):
    file = b"Class,Order,Label,State\nFine,1,FINE,In use\nBad,x,BAD,In use\nWorse,2,W,Perhaps\n"
    with pytest.raises(ActionRefused, match=r"Row 3: .*whole number.*Row 4: .*none of"):
        read_register(REGISTERS["class"], io.BytesIO(file), actor=manager)
    assert not DataClass.objects.exists()


def test_a_column_that_is_not_there_is_left_as_it_is(in_acme, manager):
    one = a_class(manager)
    assert read_register(REGISTERS["class"], io.BytesIO(b"Class,Label\nConfidential,NEW\n"), actor=manager) == (0, 1, 0)
    assert (one.refreshed().label, one.refreshed().handling) == ("NEW", "Encrypted.")


def test_the_page_takes_a_table_in(acme, manager, client_of):
    sent = SimpleUploadedFile("classes.csv", TABLE)
    client = client_of(manager)
    assert client.post("/o/acme/privacy/classes/import/", {"file": sent}).status_code == 303
    assert b"Public" in client.get("/o/acme/privacy/classes/").content
    out = client.get("/o/acme/privacy/registers/class.csv")
    assert (out.status_code, out["X-Table-Rows"], out.getvalue().startswith(b"Class,")) == (200, "1", True)
    assert client.get("/o/acme/privacy/registers/consent.csv").getvalue().startswith(b"Version of the notice,")
    assert client_of(Cast().auditor).get("/o/acme/privacy/registers/consent.csv").status_code == 403


def test_a_list_costs_the_same_however_long(in_acme, acme, manager, client_of, django_assert_max_num_queries):
    of = a_class(manager)
    for number in range(3):
        a_dataset(manager, of, f"Set {number}")
    client = client_of(manager)
    client.get("/o/acme/privacy/inventory/")
    with django_assert_max_num_queries(14):
        client.get("/o/acme/privacy/inventory/")


def test_personal_data_has_a_basis(acme, manager, client_of):
    with tenant(acme):
        of = a_class(manager)
    given = {"name": "X", "data_class": of.pk, "content": "c", "location": "l", "subjects": "staff", "purpose": "p"}
    answer = client_of(manager).post("/o/acme/privacy/inventory/new/", given)
    assert answer.status_code == 422
    assert b"legal basis" in answer.content


def test_a_case_is_closed_once_all_is_done_with_a_certificate(in_acme, acme, manager):
    case = a_case(manager, places=2)
    first, second = case.steps.order_by("place")
    with pytest.raises(ActionRefused, match="Still to be done: Database 0, Database 1"):
        close_case(case, actor=manager)
    given = {"actor": manager, "done_on": acme.today(), "method": "Schema dropped", "verified": "Counted"}
    do_step(first, records=500, **given)
    do_step(second, records=None, **given)
    made = close_case(case, actor=manager)
    assert (made.count, made.customer, case.refreshed().status) == (500, case, "closed")
    with pytest.raises(ActionRefused, match="is closed"):
        do_step(first, **given)


def test_nothing_of_a_customer_is_destroyed_under_a_hold(in_acme, acme, manager):
    case = a_case(manager)
    place_hold(actor=manager, matter="Globex", reason="Suit", kinds=["customers"], about="globex")
    with pytest.raises(ActionRefused, match="legal hold"):
        do_step(case.steps.get(), actor=manager, done_on=acme.today(), method="x")
    assert case.steps.get().status == "open"


def test_a_published_notice_stays_and_consents_are_to_it(in_acme, acme, manager):
    version = a_version(manager)
    with pytest.raises(ActionRefused, match="write the next version"):
        edit_version(version, actor=manager, text="Other")
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        NoticeVersion.objects.filter(pk=version.pk).update(text="Other")
    draft = write_version(version.notice, actor=manager, text="Second", changed="More")
    with pytest.raises(ActionRefused, match="draft"):
        a_consent(manager, draft)
    with pytest.raises(ActionRefused, match="later day"):
        publish_version(draft, actor=manager, in_force_from=acme.today().replace(year=2020))
    consent = a_consent(manager, version)
    with pytest.raises(ActionRefused, match="recorded already"):
        a_consent(manager, version, given_at=consent.given_at)
    gone = withdraw_consent(consent, actor=manager, reason="Asked")
    assert gone.status == "withdrawn"


def test_who_may_only_read_writes_nothing(in_acme, manager, executive):
    one = a_class(manager)
    with pytest.raises(ActionRefused, match="role"):
        edit(one, "data_class.edit", actor=executive, permission="privacy.write", fields={"label": "X"})
    with pytest.raises(ActionRefused, match="role"):
        place_hold(actor=executive, matter="x", reason="x", kinds=[])
    assert one.refreshed().status == InUse.ACTIVE
