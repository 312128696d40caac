"""The list, the page of an item, and the forms."""

import datetime as dt
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audit.models import AuditEvent
from evidence.actions import change_evidence
from evidence.models import Evidence, FileCheck
from evidence.standing import supersede_evidence, withdraw_evidence
from inventory.models import System
from tenancy.scope import now, tenant
from tests.evidence.helpers import kept, stored
from tests.inventory.snapshots.helpers import make_system

LIST = "/o/acme/evidence/"


def page_of(client, address=LIST):
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def sent(client, address, given=None):
    """The page that a form leads to."""
    answer = client.post(address, given or {})
    assert answer.status_code in {302, 303}, answer.content.decode()
    return page_of(client, answer["Location"])


@pytest.fixture
def some(acme, manager):
    """One item of each freshness, by title."""
    with tenant(acme):
        today = acme.today()
        items = {
            "Current": kept(manager, "Current", expires_on=today + dt.timedelta(days=31)),
            "Expiring": kept(manager, "Expiring", expires_on=today),
            "Stale": kept(manager, "Stale", expires_on=today - dt.timedelta(days=1), owner=manager),
            "Superseded": kept(manager, "Superseded"),
            "Withdrawn": kept(manager, "Withdrawn", category="backup", method="automatic"),
        }
        supersede_evidence(items["Superseded"], by=items["Current"], actor=manager)
        withdraw_evidence(items["Withdrawn"], actor=manager, reason="Wrong file")
    return items


def titles(client, query):
    page = page_of(client, f"{LIST}?{query}")
    return [name for name in ("Current", "Expiring", "Stale", "Superseded", "Withdrawn") if f">{name}</a>" in page]


@pytest.mark.parametrize("name", ["current", "expiring", "stale", "superseded", "withdrawn"])
def test_the_list_filters_by_freshness(client_of, viewer, some, name):
    assert titles(client_of(viewer), f"freshness={name}") == [name.capitalize()]


def test_the_list_filters_by_what_is_known(client_of, viewer, manager, some, acme):
    client = client_of(viewer)
    assert titles(client, "category=backup") == ["Withdrawn"]
    assert titles(client, "method=automatic") == ["Withdrawn"]
    assert titles(client, f"owner={manager.pk}") == ["Stale"]
    assert len(titles(client, f"month={now():%Y-%m}")) == 5
    assert titles(client, "month=2020-01") == []
    with tenant(acme):
        change_evidence(some["Stale"], actor=manager, tags=["soc2"])
        FileCheck.objects.create(file=some["Expiring"].file, result="missing", checked_at=now(), since=now())
    assert titles(client, "tag=soc2") == ["Stale"]
    assert titles(client, "tag=soc") == []
    assert titles(client, "file=damaged") == ["Expiring"]


@pytest.mark.parametrize(
    ("text", "found"),
    [("stal", True), ("STALE", True), ("edge fire", True), ("tale", False), ("rules.t", True), ("stale wall", False)],
)
def test_the_search_finds_the_beginnings_of_words(client_of, viewer, some, text, found):
    assert ("Stale" in titles(client_of(viewer), f"q={text}")) is found


def test_the_search_finds_numbers_and_hashes(client_of, viewer, some):
    client, one = client_of(viewer), some["Stale"]
    assert titles(client, f"q={one.reference}") == ["Stale"]
    assert titles(client, f"q={one.reference.partition('-')[2]}") == ["Stale"]
    assert titles(client, f"q={one.file.sha256[:16]}") == ["Stale"]


def test_the_list_asks_the_database_little(client_of, viewer, some, django_assert_max_num_queries):
    client = client_of(viewer)
    page_of(client)
    with django_assert_max_num_queries(12):  # nine outside of a test, whose transaction adds savepoints
        page_of(client)


def test_the_counts_agree_with_the_lists(client_of, viewer, some):
    counts = client_of(viewer).get(f"{LIST}?fragment=counts").content.decode()
    assert counts.count('<span class="chip-count">1</span>') >= 5


def test_the_export_carries_the_hash(client_of, viewer, some):
    body = b"".join(client_of(viewer).get(f"{LIST}?export=csv").streaming_content).decode()
    assert some["Stale"].file.sha256 in body
    assert "Stale" in body


def test_the_page_shows_origin_state_and_links(client_of, manager, some, acme):
    page = page_of(client_of(manager), f"{LIST}{some['Withdrawn'].pk}/")
    assert "Withdrawn: it proves nothing" in page
    assert "Wrong file" in page
    page = page_of(client_of(manager), f"{LIST}{some['Superseded'].pk}/")
    assert "A newer item stands in its place" in page
    page = page_of(client_of(manager), f"{LIST}{some['Current'].pk}/")
    assert "Supersedes" in page
    assert "You collected it: somebody else validates it." in page


def test_a_page_asks_the_database_little(client_of, manager, some, django_assert_max_num_queries):
    client = client_of(manager)
    page_of(client, f"{LIST}{some['Current'].pk}/")
    with django_assert_max_num_queries(21):
        page_of(client, f"{LIST}{some['Current'].pk}/")


GIVEN = {"category": "backup", "source": "Backup server", "tags": "Daily; nightly"}


def files(*named):
    return [SimpleUploadedFile(name, content) for name, content in named]


def test_several_files_become_items(client_of, manager, acme):
    client = client_of(manager)
    given = {**GIVEN, "uploads": files(("monday.log", b"ok"), ("tuesday.log", b"ok too"), ("empty.log", b""))}
    page = sent(client, f"{LIST}add/", given)
    assert "“monday” is kept." in page
    assert "“empty.log” is empty." in page
    with tenant(acme):
        assert {one.title for one in Evidence.objects.all()} == {"monday", "tuesday"}
        assert Evidence.objects.get(title="monday").tags == ["daily", "nightly"]


def test_the_form_sent_twice_keeps_once(client_of, manager, acme):
    client = client_of(manager)
    once = client.get(f"{LIST}add/").context["form"]["once"].value()
    for _ in range(2):
        answer = client.post(f"{LIST}add/", {**GIVEN, "once": str(once), "title": "Monday", "uploads": files(("m.log", b"ok"))})
        assert answer.status_code == 303
    client.post(f"{LIST}add/", {**GIVEN, "once": str(once), "uploads": files(("t.log", b"ok then"))})
    with tenant(acme):
        assert sorted(Evidence.objects.values_list("title", flat=True)) == ["Monday", "t"]


def test_the_script_is_told_of_its_file(client_of, manager, acme):
    client = client_of(manager)
    said = json.loads(
        client.post(f"{LIST}add/", {**GIVEN, "uploads": files(("m.log", b"ok"))}, headers={"accept": "application/json"}).content
    )
    assert said["reference"].startswith("EV-")
    again = client.post(f"{LIST}add/", {**GIVEN, "uploads": files(("n.log", b"ok"))}, headers={"accept": "application/json"})
    assert json.loads(again.content)["note"] == f"The same bytes are kept already as {said['reference']}."
    refused = client.post(f"{LIST}add/", {"uploads": files(("m.log", b"ok"))}, headers={"accept": "application/json"})
    assert refused.status_code == 422
    assert "Category: This field is required." in json.loads(refused.content)["errors"]


def test_a_file_above_the_limit_is_refused_in_words(client_of, manager, acme, settings):
    settings.PLUMBLINE_UPLOAD_LIMIT = 1 << 20
    answer = client_of(manager).post(f"{LIST}add/", {**GIVEN, "uploads": files(("big.bin", b"x" * ((1 << 20) + 1)))})
    assert answer.status_code == 422
    assert "larger than 1 MB" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "screen", "given", "said"),
    [
        ("Current", "change", {"title": "Other", "category": "backup", "source": "s"}, "Other"),
        ("Current", "revise", {"note": "Newer"}, "Newer"),
        ("Current", "withdraw", {"reason": "Wrong"}, "it proves nothing"),
        ("Withdrawn", "restore", {"reason": "Right"}, "Right"),
        ("Superseded", "reinstate", {"reason": "Both"}, "Both"),
    ],
)
def test_the_forms_act(client_of, manager, some, *, name, screen, given, said):
    client, url = client_of(manager), f"{LIST}{some[name].pk}/"
    assert client.get(f"{url}{screen}/").status_code == 200
    if screen == "revise":
        given = {**given, "file": files(("new.txt", b"newer bytes"))[0]}
    assert said in sent(client, f"{url}{screen}/", given)


def test_superseding_and_validating_by_the_forms(client_of, manager, cast, some):
    client, url = client_of(cast.administrator), f"{LIST}{some['Expiring'].pk}/"
    assert "There is no item" in client.post(f"{url}supersede/", {"by": "EV-1"}).content.decode()
    page = sent(client, f"{url}validate/", {})
    assert "by Administrator Acme" in page
    assert client.get(f"{url}validate/").status_code == 409
    page = sent(client, f"{url}supersede/", {"by": some["Stale"].reference.lower()})
    assert "A newer item stands in its place" in page
    assert client.get(f"{url}supersede/").status_code == 409


def test_a_record_is_linked_by_its_name(client_of, manager, some, acme):
    with tenant(acme):
        make_system(manager, "Okta")
        make_system(manager, "Okta preview")
        system = System.objects.get(name="Okta")
    client, url = client_of(manager), f"{LIST}{some['Current'].pk}/"
    assert "There is no" in client.post(f"{url}link/", {"kind": "inventory.system", "record": "Nope"}).content.decode()
    assert "Several begin" in client.post(f"{url}link/", {"kind": "inventory.system", "record": "okt"}).content.decode()
    page = sent(client, f"{url}link/", {"kind": "inventory.system", "record": "okta"})
    with tenant(acme):
        assert reverse("inventory:system-detail", args=[system.pk]) in page
        link = some["Current"].links.get()
    assert "linked to this already" in client.post(f"{url}link/", {"kind": "inventory.system", "record": "okta"}).content.decode()
    page = sent(client, f"{LIST}links/{link.pk}/remove/")
    assert "does not belong to Okta any more" in page


@pytest.mark.parametrize(
    ("deed", "field"), [("change", "description"), ("change", "query"), ("revise", "note"), ("withdraw", "reason")]
)
def test_a_text_that_no_event_could_hold_is_refused_at_its_field(client_of, manager, some, deed, field):
    given = {
        "title": "Current", "category": "other", "source": "Okta", "reason": "Why", "note": "Why",
        "file": SimpleUploadedFile("new.txt", b"new"), field: "x" * 70_000,
    }  # fmt: skip
    answer = client_of(manager).post(f"{LIST}{some['Current'].pk}/{deed}/", given)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "2026-13", "nonsense"])
def test_a_month_that_the_calendar_does_not_have_filters_nothing(client_of, viewer, some, month):
    assert titles(client_of(viewer), f"month={month}&freshness=stale") == ["Stale"]


def taken(client, file):
    return b"".join(client.get(f"{LIST}files/{file}/").streaming_content)


def test_taking_a_file_away_is_noted(client_of, viewer, some, acme):
    item = some["Current"]
    assert taken(client_of(viewer), item.file_id) == b"Current"
    with tenant(acme):
        told = AuditEvent.objects.get(verb="evidence.download", object_id=item.pk)
        assert (told.actor_id, told.data["metadata"]["sha256"]) == (viewer.pk, item.file.sha256)
    assert client_of(viewer).get(f"{LIST}files/{item.file_id}/preview/").status_code == 200
    with tenant(acme):
        assert AuditEvent.objects.filter(verb__endswith=".download").count() == 1


def test_a_file_that_is_no_evidence_is_noted_of_itself(client_of, manager, acme):
    with tenant(acme):
        file = stored(b"a list")
    assert taken(client_of(manager), file.pk) == b"a list"
    with tenant(acme):
        assert AuditEvent.objects.get(verb="file.download").object_id == file.pk
