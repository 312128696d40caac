"""Screens of people, accounts and roster imports."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from inventory.models import Account, Person, PersonAlias, RosterImport
from inventory.people.actions import add_alias, create_person, edit_person
from inventory.people.matching import match_accounts
from inventory.people.roster_actions import recover_rosters
from inventory.people.views.rosters import SAMPLE
from tenancy.scope import tenant
from tests.inventory.snapshots.helpers import ADA, BEN, make_system, person_of, population
from workflow.models import Job

PEOPLE = "/o/acme/access/people/"


@pytest.fixture
def ada(in_acme, manager):
    """On the roster, with an account."""
    person = create_person(actor=manager, name="Ada Adams", email="ada@acme.example", department="Finance")
    population(make_system(manager), manager, ADA, BEN)
    add_alias(person, actor=manager, key="ada.miller@acme.example")
    return person


@pytest.mark.parametrize("query", ["", "status=active", "flag=ended", "flag=no_manager", "department=Finance", "q=ada"])
def test_the_roster_can_be_searched(client_of, viewer, ada, query):
    assert client_of(viewer).get(f"{PEOPLE}?{query}").status_code == 200


def test_the_roster_can_be_exported(client_of, viewer, ada):
    answer = client_of(viewer).get(f"{PEOPLE}?export=csv")
    assert b"Ada Adams" in b"".join(answer.streaming_content)
    answer.close()


def test_the_roster_asks_the_database_little(client_of, viewer, ada, django_assert_max_num_queries):
    client = client_of(viewer)
    client.get(PEOPLE)
    with django_assert_max_num_queries(15):
        client.get(PEOPLE)


def test_an_account_that_a_later_full_export_leaves_out_is_no_longer_listed(client_of, viewer, ada, manager):
    population(Account.objects.get(person=ada).system, manager, BEN, as_of=timezone.now())
    assert "No longer listed" in client_of(viewer).get(f"{PEOPLE}{ada.pk}/").content.decode()


def test_the_page_shows_accounts_and_what_they_may_do(client_of, viewer, ada):
    page = client_of(viewer).get(f"{PEOPLE}{ada.pk}/").content.decode()
    assert "Admin" in page
    assert "ada.miller@acme.example" in page
    assert "Privileged" in page
    assert "Add an address" not in page
    assert "Mark as left" not in page


def test_people_are_added_and_changed(client_of, administrator, in_acme):
    client = client_of(administrator)
    assert client.post(f"{PEOPLE}new/", {"name": "Ben Bones", "email": "ben@acme.example", "kind": "employee"}).status_code == 303
    ben = Person.objects.get(name="Ben Bones")
    given = {"name": "Ben Bones", "email": "ben@acme.example", "kind": "contractor", "contract_ends_on": "2030-01-31"}
    assert client.post(f"{PEOPLE}{ben.pk}/edit/", given).status_code == 303
    assert Person.objects.get(pk=ben.pk).kind == "contractor"
    answer = client.post(f"{PEOPLE}new/", {"name": "Twin", "email": "BEN@acme.example", "kind": "employee"})
    assert answer.status_code == 422
    assert "on the roster already" in answer.content.decode()


def changed(client, ada, **given):
    facts = {"name": "Ada Adams", "email": "ada.brown@acme.example", "kind": "employee", "department": "Finance"}
    return client.post(f"{PEOPLE}{ada.pk}/edit/", facts | given)


def test_a_changed_address_keeps_its_accounts_by_default(client_of, administrator, ada):
    client = client_of(administrator)
    asked = client.get(f"{PEOPLE}{ada.pk}/edit/")
    assert asked.context["form"]["keep_address"].initial is True
    assert changed(client, ada, keep_address="on").status_code == 303
    account = Account.objects.get(account_id="U1")
    assert (account.person, account.matched_by) == (ada, "alias")
    assert PersonAlias.objects.filter(person=ada, key="ada@acme.example").exists()
    assert "keep_address" not in client.get(f"{PEOPLE}{ada.pk}/edit/").context["form"].fields, "nothing hangs on the new one"


def test_a_changed_address_lets_its_accounts_go_when_asked_to(client_of, administrator, ada):
    assert changed(client_of(administrator), ada).status_code == 303
    assert Account.objects.get(account_id="U1").person is None


def test_nobody_lets_go_of_their_own_accounts_by_a_new_address(client_of, administrator, ada, manager):
    own = person_of(administrator)
    system = Account.objects.get(account_id="U1").system
    match_accounts(population(system, manager, f"U9,root,{own.email},Admin,,active,,yes"), manager)
    answer = changed(client_of(administrator), own)
    assert answer.status_code == 422
    assert "Nobody says of their own account that it is not theirs" in answer.content.decode()
    assert Account.objects.get(account_id="U9").person == own


def test_leaving_leave_and_rehiring(acme, client_of, manager, ada):
    client = client_of(manager)
    for act, given, state in (
        ("pause", {}, "on_leave"),
        ("return", {}, "active"),
        ("leave", {"left_on": str(acme.today())}, "left"),
        ("rehire", {"started_on": str(acme.today())}, "active"),
    ):
        assert client.get(f"{PEOPLE}{ada.pk}/{act}/").status_code == 200
        assert client.post(f"{PEOPLE}{ada.pk}/{act}/", given).status_code == 303
        ada.refresh_from_db()
        assert ada.status == state


@pytest.mark.parametrize("form", ["return/", "rehire/"])
def test_an_employment_form_that_cannot_be_sent_is_not_shown(client_of, manager, ada, form):
    answer = client_of(manager).get(f"{PEOPLE}{ada.pk}/{form}")
    assert answer.status_code == 409
    assert "Ada Adams is active: it cannot be marked as" in answer.content.decode()


def test_a_manager_confirms_addresses_and_links_and_a_reviewer_may_not(client_of, manager, reviewer, ada):
    client = client_of(manager)
    assert client.post(f"{PEOPLE}{ada.pk}/alias/", {"key": "ada.m"}).status_code == 303
    alias = PersonAlias.objects.get(key="ada.m")
    assert client.post(f"{PEOPLE}aliases/{alias.pk}/remove/").status_code == 302
    assert client.post(f"{PEOPLE}{ada.pk}/member/", {"member": str(reviewer.pk)}).status_code == 422, "is somebody already"
    for path in (f"{ada.pk}/alias/", f"{ada.pk}/member/", f"{ada.pk}/edit/"):
        assert client_of(reviewer).get(PEOPLE + path).status_code == 403


def test_accounts_suggest_people_and_are_confirmed_in_bulk(client_of, manager, viewer, ada):
    client, path = client_of(manager), f"{PEOPLE}accounts/"
    Account.objects.filter(account_id="U2").update(email="", email_key="", display_name="Benedict Brown")
    create = {"name": "Benedict Brown", "email": "brown@acme.example", "kind": "employee"}
    client.post(f"{PEOPLE}new/", create)
    page = client.get(f"{path}?kind=unmatched").content.decode()
    assert "Benedict Brown?" in page
    keys = [str(key) for key in Account.objects.values_list("pk", flat=True)]
    answer = client.post(path, {"action": "suggested", "selected": keys}).content.decode()
    assert "1 done, 1 refused" in answer
    assert Account.objects.get(account_id="U2").matched_by == "confirmed"
    assert "1 done, 1 refused" in client.post(path, {"action": "forget", "selected": keys}).content.decode()
    owner = str(Person.objects.get(name="Benedict Brown").pk)
    client.post(path, {"action": "shared", "selected": keys[:1], "shared-owner": owner})
    client.post(path, {"action": "service", "selected": keys[1:], "service-owner": owner})
    assert set(Account.objects.values_list("kind", flat=True)) == {"shared", "service"}
    client.post(path, {"action": "assign", "selected": keys, "assign-person": owner})
    assert set(Account.objects.values_list("kind", flat=True)) == {"person"}
    assert client_of(viewer).post(path, {"action": "assign", "selected": keys, "assign-person": owner}).status_code == 403


def upload(client, text: str, name: str = "people.csv"):
    file = SimpleUploadedFile(name, text.encode())
    return client.post(f"{PEOPLE}rosters/new/", {"file": file, "full_roster": "on"})


def test_a_roster_goes_from_upload_to_preview_to_applied(client_of, manager, viewer, in_acme, django_capture_on_commit_callbacks):
    client = client_of(manager)
    answer = upload(client, SAMPLE)
    page = answer["Location"]
    columns = client.get(page)
    assert "Which column means what" in columns.content.decode()
    form = {name: field.initial for name, field in columns.context["form"].fields.items()}
    assert client.post(page, form).status_code == 303
    preview = client.get(page).content.decode()
    assert "Ben Okafor" in preview
    assert "Joiners" in preview
    assert client.get(f"{page}?columns=1").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(page, {}).status_code == 303
        assert "Being applied" in client.get(page).content.decode()
        assert client.post(page, {}).status_code == 409
        assert "You may leave this page" in client.get(f"{page}progress/").content.decode()
    assert client.get(f"{page}progress/").headers["HX-Refresh"] == "true"
    assert Person.objects.get(name="Dev Patel").manager.name == "Ben Okafor"
    assert Person.objects.get(name="Eva Lindqvist").status == "left"
    assert "Applied" in client_of(viewer).get(page).content.decode()
    again = client.post(page, {})
    assert (again.status_code, "is applied: it cannot be applied now" in again.content.decode()) == (409, True)
    assert client.get(f"{PEOPLE}rosters/").status_code == 200
    original = client.get(f"{page}file/")
    assert b"".join(original.streaming_content) == SAMPLE.encode()
    original.close()


def test_a_roster_that_changes_while_it_waits_is_not_applied(client_of, manager, ada, django_capture_on_commit_callbacks):
    client = client_of(manager)
    page = upload(client, f"Name,E-mail,Department\nAda Adams,{ada.email},Sales\n")["Location"]
    client.post(page, {name: field.initial for name, field in client.get(page).context["form"].fields.items()})
    with django_capture_on_commit_callbacks() as callbacks:
        client.post(page, {})
    edit_person(ada, actor=manager, department="Legal")
    for callback in callbacks:
        callback()
    assert RosterImport.objects.get().status == "ready"
    assert "The roster has changed since this preview was made." in client.get(page).content.decode()
    assert Person.objects.get(pk=ada.pk).department == "Legal"


def test_a_roster_that_nobody_applies_any_more_is_ready_again(acme, client_of, manager):
    client = client_of(manager)
    page = upload(client, SAMPLE)["Location"]
    client.post(page, {name: field.initial for name, field in client.get(page).context["form"].fields.items()})
    client.post(page, {})
    with tenant(acme):
        recover_rosters(acme, timezone.now())
        assert RosterImport.objects.get().status == "applying", "its job is still waiting"
        Job.objects.update(status="failed")
        recover_rosters(acme, timezone.now())
        assert RosterImport.objects.get().status == "ready"


def test_a_mapping_without_a_name_is_refused_at_the_field(client_of, manager, in_acme):
    client = client_of(manager)
    page = upload(client, "A,B\n1,2\n")["Location"]
    answer = client.post(page, {})
    assert answer.status_code == 422
    assert "Choose the column of the name." in answer.content.decode()


def test_rejected_rows_can_be_downloaded(client_of, manager, in_acme):
    client = client_of(manager)
    page = upload(client, "Name,E-mail,First day\nAna,ana@acme.example,soon\n=Ben,nope,\n")["Location"]
    form = {name: field.initial for name, field in client.get(page).context["form"].fields.items()}
    client.post(page, form)
    text = client.get(f"{page}rejected.csv").content.decode("utf-8-sig")
    assert "is not an e-mail address" in text
    assert text.splitlines()[0] == "File,Row,Reasons,Name,E-mail,First day"
    assert "'=Ben,nope," in text
    assert text.count("\n") == 3


def test_an_import_is_discarded(client_of, manager, viewer, in_acme):
    client = client_of(manager)
    page = upload(client, SAMPLE)["Location"]
    assert client_of(viewer).get(page).status_code == 200
    assert client_of(viewer).post(page, {}).status_code == 403
    assert client.post(f"{page}discard/").status_code == 302
    assert RosterImport.objects.get().status == "discarded"
    assert "Discarded" in client.get(page).content.decode()


@pytest.mark.parametrize("text", ["", "\x00\x01\x02", 'Name\n"unclosed', "Name,Name,E-mail\nA,B,c@d.example\n"])
def test_hostile_files_are_refused_with_a_sentence_or_read(client_of, manager, in_acme, text):
    assert upload(client_of(manager), text).status_code in {303, 422}


def test_the_sample_is_a_roster(client_of, manager, in_acme):
    assert client_of(manager).get(f"{PEOPLE}rosters/sample.csv").content.decode() == SAMPLE
