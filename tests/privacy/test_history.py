"""Notices, legal holds and customers who left go out and come in again without loss, as history of elsewhere."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Member
from audit.models import AuditEvent
from evidence.files import open_file
from privacy.customers.actions import add_step, cancel_case, close_case, do_step, edit_case
from privacy.customers.sheet import REGISTER as CUSTOMERS
from privacy.models import CustomerStep, DeletionCertificate, EndedCustomer, LegalHold, Notice, NoticeVersion
from privacy.notices.actions import publish_version, write_version
from privacy.notices.sheet import REGISTER as NOTICES
from privacy.retention.holding import lift_hold, place_hold, refuse_held
from privacy.retention.sheet import REGISTER as HOLDS
from privacy.subjects.naming import take_names_out
from privacy.writing import move
from tenancy.scope import tenant
from tests.cast import signed_in
from tests.privacy.making import a_case, a_class, a_dataset, a_version
from tests.reviews.world import person
from tests.sheets import FORMS, as_it_was, brought, taken_in, taken_out, written
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("db")
PAGES = "/o/acme/privacy/"
DAY = dt.timedelta(days=1)


@pytest.fixture
def theirs(globex) -> Member:
    return Member.objects.get(user__email="manager@globex.example")


@pytest.fixture
def holds(acme, manager) -> None:
    with tenant(acme):
        facts = {"since": dt.date(2025, 1, 1), "until": dt.date(2025, 6, 30)}
        place_hold(
            actor=manager, matter="=Dispute; one", reason='Two\n"lines"', kinds=["mail", "customers"], about="Orchard", **facts
        )
        over = place_hold(actor=manager, matter="Inquiry", reason="They asked.", kinds=[])
        lift_hold(over, actor=manager, reason="It is over.")


@pytest.mark.parametrize("kind", FORMS)
def test_holds_come_back_as_they_went_and_hold(holds, acme, manager, theirs, kind):
    data = taken_out(manager, f"{PAGES}holds/", kind)
    with tenant(acme):
        before = written(HOLDS)
        as_it_was(HOLDS, manager, data, f"list.{kind}")
    with tenant(theirs.organization):
        stored, plan = brought(HOLDS, theirs, data, f"list.{kind}")
        assert "nothing that it covers is deleted here" in HOLDS.told(plan.new[0])
        with open_file(stored) as file:
            assert b"Orchard" not in file.read()
        taken_in(HOLDS, theirs, data, f"list.{kind}")
        assert written(HOLDS) == before
        as_it_was(HOLDS, theirs, data, f"list.{kind}")
        with pytest.raises(ActionRefused, match="legal hold covers this"):
            refuse_held("customers", "orchard")
        one = LegalHold.objects.get(matter="Inquiry")
        assert (one.placed_by, one.lifted_by, one.brought_by_id) == (None, None, theirs.pk)
        assert "What it says was not done here" in signed_in(theirs).get(f"/o/globex/privacy/holds/{one.pk}/").content.decode()
        told = str([event.data for event in AuditEvent.objects.filter(verb="legal_hold.bring")])
        assert "Orchard" not in told
        new = place_hold(actor=theirs, matter="New", reason="R", kinds=[])
        assert new.reference not in {line[0] for line in before}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("M,R,,In force,2026-01-05,2026-01-06,Over", "one that is lifted says when"),
        ("M,R,,Lifted,2026-01-05,,", "one that is lifted says when"),
        ("M,R,,Lifted,2026-01-05,2026-01-04,Over", "then lifted"),
        ("M,R,Moon dust,In force,2026-01-05,,", "there is no “Moon dust”"),
        ("M,R,,In force,,,", "Placed: is missing"),
        ("M,,,In force,2026-01-05,,", "Why: is missing"),
    ],
)
def test_holds_that_are_wrong_say_why(acme, manager, row, why):
    with tenant(acme):
        head = "Matter,Why,Of which data,State,Placed,Lifted,Why it was lifted"
        _, plan = brought(HOLDS, manager, f"{head}\n{row}\n".encode())
        assert why in " ".join(plan.wrong[0].errors)


def test_a_file_lifts_no_hold(holds, acme, manager, cast):
    data = taken_out(manager, f"{PAGES}holds/", "csv").replace(b"In force", b"Lifted")
    with tenant(acme):
        _, plan = brought(HOLDS, manager, data)
        assert "is here and says otherwise: State" in plan.wrong[0].errors[0]
    for path in ("import/", "export/csv/"):
        assert signed_in(cast.auditor).get(f"{PAGES}holds/{path}").status_code == 403


@pytest.fixture
def notices(acme, manager) -> None:
    """Two versions that are published, one of them with the line ends of a browser, and a draft; and a notice that is retired."""
    with tenant(acme):
        first = a_version(manager, "=Website")
        notice = first.notice
        second = write_version(notice, actor=manager, text="One\r\ntwo", changed="More, of it")
        publish_version(second, actor=manager, in_force_from=acme.today() + DAY)
        write_version(notice, actor=manager, text='A "draft"')
        other = a_version(manager, "Applicants").notice
        move(other, Notice.RETIRE, actor=manager, note="Not used.")


def test_whoever_placed_one_elsewhere_is_erased_from_it(acme, manager):
    head = "Matter,Why,State,Placed by,Placed\nDispute,They claim.,In force,Ada Lovelace <ada@example.com>,2026-01-05\n"
    with tenant(acme):
        taken_in(HOLDS, manager, head.encode())
        row = "Orchard,2026-01-31,2026-02-28,Open,Ada Lovelace,Files,2026-02-01,Ada Lovelace,Deleted"
        about = 'Customer,Contract ended,Due,State,Opened by,"Which data, where",Done on,Done by,How'
        taken_in(CUSTOMERS, manager, f"{about}\n{row}\n".encode())
        take_names_out({"Ada Lovelace", "ada@example.com"}, [], "Person 1", actor=manager)
        told = [model.objects.get().told for model in (LegalHold, EndedCustomer, CustomerStep)]
        assert told == ["placed_by: Person 1 <Person 1>", "opened_by: Person 1", "done_by: Person 1"]


@pytest.mark.parametrize("kind", FORMS)
def test_notices_come_back_as_they_went_under_the_same_hashes(notices, acme, manager, theirs, kind):
    data = taken_out(manager, f"{PAGES}notices/", kind)
    facts = (
        "notice__name",
        "notice__status",
        "number",
        "text",
        "sha256",
        "status",
        "in_force_from",
        "written_at",
        "published_at",
    )
    with tenant(acme):
        before, exact = written(NOTICES), list(NoticeVersion.objects.order_by("notice__name", "number").values_list(*facts))
        as_it_was(NOTICES, manager, data, f"list.{kind}")
    with tenant(theirs.organization):
        taken_in(NOTICES, theirs, data, f"list.{kind}")
        assert written(NOTICES) == before
        assert list(NoticeVersion.objects.order_by("notice__name", "number").values_list(*facts)) == exact
        as_it_was(NOTICES, theirs, data, f"list.{kind}")


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (["Website,All,1,Text,Published,2026-01-05,00ff"], "the text is not the one that was published"),
        (["Website,All,1,Text,Published,,"], "In force from: is missing"),
        (["Website,All,1,Text,Draft,2026-01-05,"], "a draft is in force from no day"),
        (
            ["Website,All,1,Text,Published,2026-01-05,", "Website,Some,2,Text,Published,2026-02-05,"],
            "An earlier row says otherwise",
        ),
        (["Website,All,1,Text,Draft,,", "Website,All,2,Text,Published,2026-02-05,"], "Only the last version"),
        (["Website,All,1,Text,Published,2026-02-05,", "Website,All,2,Text,Published,2026-01-05,"], "no earlier day"),
        (["Website,All,2,Text,Published,2026-02-05,", "Website,All,1,Text,Published,2026-01-05,"], "comes after an earlier one"),
        (["Here,Others,2,Text,Published,2026-02-05,"], "is here and says otherwise. Change it on its page"),
    ],
)
def test_notices_that_are_wrong_say_why(acme, manager, rows, why):
    with tenant(acme):
        a_version(manager, "Here")
        head = "Notice,For whom,Version,The text,State,In force from,SHA-256 of the text"
        _, plan = brought(NOTICES, manager, "\n".join([head, *rows]).encode())
        assert why in " ".join(plan.wrong[-1].errors)


@pytest.fixture
def customers(acme, manager) -> None:
    """Closed with two places done, renamed and open with one done and one to do, cancelled, and without a place."""
    with tenant(acme):
        today = acme.today()
        closed = a_case(manager, "Closed; one", places=2)
        for step in closed.steps.all():
            do_step(step, actor=manager, done_on=today, method="dropped", records=7, verified="counted")
        close_case(closed, actor=manager)
        renamed = edit_case(a_case(manager, "Was"), actor=manager, name="=Is", agreed="Two\nlines", owner=person("Ada"))
        dataset = a_dataset(manager, a_class(manager))
        back = add_step(renamed, actor=manager, what="return", place="Files", dataset=dataset, owner=person("Ben"))
        do_step(back, actor=manager, done_on=today, method="sent")
        cancel_case(a_case(manager, "Stays", places=0), actor=manager, reason="They stay.")
        a_case(manager, "New", places=0)


@pytest.mark.parametrize("kind", FORMS)
def test_customers_come_back_as_they_went(customers, acme, manager, theirs, kind):
    data = taken_out(manager, f"{PAGES}customers/", kind)
    with tenant(acme):
        before = written(CUSTOMERS)
        assert len(before) == 6
        as_it_was(CUSTOMERS, manager, data, f"list.{kind}")
    with tenant(theirs.organization):
        person("Ada")
        person("Ben")
        a_dataset(theirs, a_class(theirs))
        taken_in(CUSTOMERS, theirs, data, f"list.{kind}")
        assert written(CUSTOMERS) == before
        as_it_was(CUSTOMERS, theirs, data, f"list.{kind}")
        assert not DeletionCertificate.objects.exists()
        one = EndedCustomer.objects.get(name="Closed; one")
        assert (one.opened_by, one.brought_by_id, one.status) == (None, theirs.pk, "closed")
        assert CustomerStep.objects.filter(done_by=None, status="done").count() == 3
        assert AuditEvent.objects.filter(verb="customer_step.bring").count() == 4
        page = signed_in(theirs).get(f"/o/globex/privacy/customers/{one.pk}/").content.decode()
        assert "What it says was not done here" in page
        left = EndedCustomer.objects.get(name="=Is")
        do_step(left.steps.get(status="open"), actor=theirs, done_on=theirs.organization.today(), method="dropped")
        assert close_case(left, actor=theirs).count == 0


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("Orchard,2026-01-31,2026-01-01,Open,,,,,", "before the contract ended"),
        ("Orchard,2026-01-31,2026-02-01,Closed,,,,,", "one that is closed says when"),
        ("Orchard,2026-01-31,2026-02-01,Closed,2026-02-02,Database,,,", "this place is not done"),
        ("Orchard,2026-01-31,2026-02-01,Open,,Database,2026-02-01,,", "with how"),
        ("Orchard,2026-01-31,2026-02-01,Open,,Database,,,Nothing", "Import the data inventory first"),
        ("Here,{ended},{due},Open,,Another place,,,", "is here without this place"),
    ],
)
def test_customers_that_are_wrong_say_why(acme, manager, row, why):
    head = 'Customer,Contract ended,Due,State,Closed,"Which data, where",Done on,How,Entry of the inventory'
    with tenant(acme):
        here = a_case(manager, "Here")
        said = row.format(ended=here.ended_on, due=here.due_on)
        _, plan = brought(CUSTOMERS, manager, f"{head}\n{said}\n".encode())
        assert why in " ".join(plan.wrong[0].errors)


def test_the_samples_can_be_imported_by_their_pages(acme, manager, cast):
    with tenant(acme):
        person("Ada Moreno")
    client = signed_in(manager)
    for area, model, count in (("holds", LegalHold, 2), ("notices", NoticeVersion, 2), ("customers", CustomerStep, 2)):
        pages = f"{PAGES}{area}/"
        assert f'href="{pages}import/"' in client.get(pages).content.decode()
        sample = client.get(f"{pages}import/sample/").content.replace(b"@company.example", b"@people.example")
        answer = client.post(f"{pages}import/", {"file": SimpleUploadedFile(f"{area}.csv", sample)})
        page = client.get(answer["Location"])
        assert client.post(answer["Location"], {"stamp": page.context["plan"].stamp()}).status_code == 303
        with tenant(acme):
            assert model.objects.count() == count
        assert signed_in(cast.auditor).get(f"{pages}import/").status_code == 403
