"""The import as people see it: upload, columns, preview, import; and what others may not see."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from inventory.models import Account, Entitlement, ImportMapping, Snapshot, System
from tenancy.ids import uuid7
from tenancy.scope import tenant
from tests.inventory.snapshots.helpers import ADA, BEN, HEADER, csv, make_system, population, previewed

COLUMNS = {
    "column_account_id": "User ID",
    "column_account_name": "User name",
    "column_email": "E-mail",
    "column_role": "Role",
    "column_account_state": "Status",
    "column_last_used_at": "Last login",
    "column_privileged": "Privileged",
}


@pytest.fixture
def console(acme, manager) -> System:
    with tenant(acme):
        return make_system(manager)


@pytest.fixture
def client(client_of, manager):
    return client_of(manager)


def form(system: System, *uploads: SimpleUploadedFile, **changes):
    yesterday = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    given = {
        "key": str(uuid7()),
        "system": str(system.pk),
        "uploads": list(uploads),
        "extracted_by": "Ada Example",
        "as_of": f"{yesterday:%Y-%m-%dT%H:%M}",
        "query": "All users",
        "full_export": "on",
        "stated_count": "2",
        "stated_count_unit": "accounts",
    }
    return given | changes


def upload(client, system, *uploads, **changes):
    return client.post("/o/acme/access/snapshots/new/", form(system, *uploads, **changes))


def only(acme) -> Snapshot:
    with tenant(acme):
        return Snapshot.objects.get()


def test_a_plain_table_goes_from_upload_to_population(client, console, acme, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = upload(client, console, csv(ADA, BEN))
    snapshot = only(acme)
    assert (answer.status_code, answer["Location"]) == (303, f"/o/acme/access/snapshots/{snapshot.pk}/columns/")
    page = client.get(answer["Location"]).content.decode()
    assert "ada@acme.example" in page
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(answer["Location"], COLUMNS)
    assert answer.status_code == 303
    assert only(acme).status == "ready"
    page = client.get(answer["Location"]).content.decode()
    assert "Import 2 entitlements" in page
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{answer['Location']}import/")
    assert only(acme).complete
    for address in ("", "entitlements/", "rejected/", "rejected.csv"):
        assert client.get(f"{answer['Location']}{address}").status_code == 200
    assert "Checked against the source&#x27;s own count" in client.get(answer["Location"]).content.decode()
    assert client.get("/o/acme/access/snapshots/").status_code == 200


def test_a_mapping_is_remembered_for_the_next_file(client, console, acme, django_capture_on_commit_callbacks):
    odd = "A,B,C\n1,ada,Admin\n"
    columns = {"column_account_id": "A", "column_account_name": "B", "column_role": "C"}
    upload(client, console, SimpleUploadedFile("a.csv", odd.encode()))
    with tenant(acme):
        first = Snapshot.objects.get()
    client.post(f"/o/acme/access/snapshots/{first.pk}/columns/", columns)
    with tenant(acme):
        assert ImportMapping.objects.get().mapping["columns"] == {"account_id": "A", "account_name": "B", "role": "C"}
    answer = upload(client, console, SimpleUploadedFile("b.csv", odd.replace("ada", "ben").encode()))
    page = client.get(answer["Location"])
    assert page.context["remembered"]
    assert page.context["form"]["column_role"].initial == "C"


def test_the_same_form_sent_twice_makes_one_import(client, console, acme):
    given = form(console, csv(ADA))
    first = client.post("/o/acme/access/snapshots/new/", given)
    second = client.post("/o/acme/access/snapshots/new/", given | {"uploads": [csv(ADA)]})
    assert first["Location"] == second["Location"]
    assert only(acme).created_by is not None


def test_import_pressed_twice_imports_once(client, console, acme, manager, django_capture_on_commit_callbacks):
    with tenant(acme):
        snapshot = previewed(console, manager, ADA, stated_count=1)
    address = f"/o/acme/access/snapshots/{snapshot.pk}/import/"
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address).status_code == 302
        assert client.post(address).status_code == 302
    assert client.post(address).status_code == 302
    with tenant(acme):
        assert Entitlement.objects.count() == 1


def test_errors_stop_the_import_until_the_user_says_so(client, console, acme, manager, django_capture_on_commit_callbacks):
    with tenant(acme):
        snapshot = previewed(console, manager, ADA, "U2,=cmd()", stated_count=1)
    address = f"/o/acme/access/snapshots/{snapshot.pk}/"
    assert "without the 1 rejected" in client.get(address).content.decode()
    assert client.post(f"{address}import/").status_code == 409
    rejected = client.get(f"{address}rejected.csv").getvalue().decode("utf-8-sig").splitlines()
    assert rejected[0].startswith("File,Row,Reasons,User ID,User name,E-mail")
    assert rejected[1].startswith("export.csv,3,")
    assert rejected[1].endswith(",U2,'=cmd()")
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{address}import/", {"accept_errors": "1"}).status_code == 302
    assert not only(acme).complete


def test_a_failed_reading_returns_to_draft_with_its_sentence(client, console, acme, django_capture_on_commit_callbacks):
    report = "First Name [Required],Last Name [Required],Email Address [Required],Status [READ ONLY]\n"
    with django_capture_on_commit_callbacks(execute=True):
        upload(client, console, SimpleUploadedFile("users.csv", f'{report}A,B,"open quote'.encode()))
    snapshot = only(acme)
    page = client.get(f"/o/acme/access/snapshots/{snapshot.pk}/")
    assert page.status_code == 200
    assert snapshot.status in {"draft", "ready"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 5000,
        b"\xff\xfe",
        b"%PDF-1.7 not a table",
        b"PK\x03\x04 not a workbook",
        b"{",
        b'[{"login": null, "id": {}}]',
        b'{"UserDetailList": 3}',
        b"a,b\n" + b'"' * 100_001,
        b"\n\n\n",
        HEADER.encode(),
        ("a," * 2000).encode(),
    ],
)
def test_whatever_is_uploaded_there_is_a_sentence_and_no_500(client, console, acme, content, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = upload(client, console, SimpleUploadedFile("export.csv", content))
    assert answer.status_code in {303, 422}
    if answer.status_code == 303:
        page = client.get(answer["Location"])
        assert page.status_code in {200, 409}
        snapshot = only(acme)
        assert client.get(f"/o/acme/access/snapshots/{snapshot.pk}/").status_code == 200


def test_a_file_that_is_too_large_is_refused(client, console, settings):
    settings.PLUMBLINE_UPLOAD_LIMIT = 1 << 20
    large = SimpleUploadedFile("large.csv", b"x" * ((1 << 20) + 1))
    answer = upload(client, console, large)
    assert answer.status_code == 422
    assert "larger than 1 MB" in answer.content.decode()


def test_several_files_that_are_no_known_export_are_refused(client, console):
    answer = upload(client, console, csv(ADA), csv(BEN, name="other.csv"))
    assert answer.status_code == 422
    assert "These files are no known export" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("as_of", "2999-01-01T00:00", "future"),
        ("as_of", "0001-01-01T00:00", "plausible"),
        ("as_of", "", "required"),
        ("stated_count", "-1", "greater than or equal to 0"),
        ("query", "", "required"),
        ("key", "not-a-uuid", "valid UUID"),
    ],
)
def test_a_wrong_answer_is_named_at_its_field(client, console, field, value, words):
    answer = upload(client, console, csv(ADA), **{field: value})
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])


def test_as_of_is_the_organizations_wall_clock(client, console, acme):
    upload(client, console, csv(ADA), as_of="2026-01-15T09:00")
    assert only(acme).as_of == dt.datetime(2026, 1, 15, 14, 0, tzinfo=dt.UTC)  # New York


def test_answers_can_be_corrected_before_the_import(client, console, acme, manager, django_capture_on_commit_callbacks):
    with tenant(acme):
        snapshot = previewed(console, manager, ADA, stated_count=7)
    address = f"/o/acme/access/snapshots/{snapshot.pk}/edit/"
    assert client.get(address).status_code == 200
    changed = form(console, stated_count="1", count_reason="Mistyped")
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address, {key: value for key, value in changed.items() if key != "uploads"}).status_code == 303
    assert only(acme).stated_count == 1
    assert only(acme).incomplete_reasons == []


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("edit/", "is imported: it cannot be changed now."),
        ("columns/", "is imported: it cannot be changed now."),
        ("discard/", "is imported: it cannot be discarded now."),
        ("accept/", "There is no difference to accept now."),
    ],
)
def test_an_imported_population_shows_no_form(client, console, manager, form, words):
    with tenant(manager.organization):
        snapshot = population(console, manager, ADA)
    answer = client.get(f"/o/acme/access/snapshots/{snapshot.pk}/{form}")
    assert answer.status_code == 409
    assert words in answer.content.decode()


def test_a_population_is_named_in_the_organizations_time(client, console, acme, manager):
    with tenant(acme):
        as_of = dt.datetime(2026, 1, 15, 14, 0, tzinfo=dt.UTC)
        snapshot = population(console, manager, ADA, as_of=as_of)
    page = client.get(f"/o/acme/access/snapshots/{snapshot.pk}/").content.decode()
    assert "Console as of 15 Jan 2026, 09:00 EST" in page
    assert "UTC" not in page


def test_a_file_that_was_changed_in_the_storage_is_shown(client, console, manager):
    with tenant(manager.organization):
        snapshot = population(console, manager, ADA)
        path = default_storage.path(snapshot.files.get().file.path)
    address = f"/o/acme/access/snapshots/{snapshot.pk}/"
    assert "As uploaded" in client.get(address).content.decode()
    Path(path).chmod(0o600)
    Path(path).write_bytes(b"Something else")
    assert "Does not match its hash" in client.get(address).content.decode()


def test_a_draft_can_be_discarded(client, console, acme, manager):
    with tenant(acme):
        snapshot = previewed(console, manager, ADA)
    assert client.post(f"/o/acme/access/snapshots/{snapshot.pk}/discard/", {"reason": "Wrong month."}).status_code == 303
    assert only(acme).status == "discarded"


def test_a_file_leaves_as_a_sandboxed_attachment(client, console, acme, manager):
    with tenant(acme):
        snapshot = population(console, manager, ADA)
        stored = snapshot.files.get().file
    answer = client.get(f"/o/acme/access/snapshots/{snapshot.pk}/files/{stored.pk}/")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="export.csv"'
    assert b"".join(answer.streaming_content).startswith(b"User ID")


def test_another_organization_sees_nothing_of_it(client_of, cast, console, acme, manager):
    with tenant(acme):
        snapshot = population(console, manager, ADA)
        stored = snapshot.files.get().file
    other = client_of(cast.of("globex", "manager"))
    for address in ("", "entitlements/", "rejected/", "progress/", f"files/{stored.pk}/"):
        assert other.get(f"/o/globex/access/snapshots/{snapshot.pk}/{address}").status_code == 404
    assert other.get(f"/o/globex/evidence/files/{stored.pk}/").status_code == 404
    assert other.get(f"/o/acme/access/snapshots/{snapshot.pk}/").status_code == 404


def test_who_only_reads_cannot_import(client_of, viewer, console, acme, manager):
    with tenant(acme):
        snapshot = previewed(console, manager, ADA)
    client = client_of(viewer)
    page = client.get(f"/o/acme/access/snapshots/{snapshot.pk}/").content.decode()
    assert "Import 1 entitlement" not in page
    assert client.post(f"/o/acme/access/snapshots/{snapshot.pk}/import/").status_code == 403
    assert client.get("/o/acme/access/snapshots/new/").status_code == 403


def test_the_list_of_entitlements_costs_few_queries(client, console, acme, manager, django_assert_max_num_queries):
    with tenant(acme):
        snapshot = population(console, manager, *(f"U{n},user{n},,Viewer,,active,," for n in range(60)))
    with django_assert_max_num_queries(20):  # four for the session, six for the frame, six that only frame the transaction
        page = client.get(f"/o/acme/access/snapshots/{snapshot.pk}/entitlements/?q=user1&access=yes")
    assert page.status_code == 200
    assert b"user19" in page.content


def test_a_key_that_another_organization_uses_is_refused(client_of, cast, client, console, acme):
    rival = cast.of("globex", "manager")
    with tenant(rival.organization):
        there = make_system(rival)
    key = str(uuid7())
    theirs = client_of(rival).post("/o/globex/access/snapshots/new/", form(there, csv(ADA), key=key))
    assert theirs.status_code == 303
    assert upload(client, console, csv(BEN), key=key).status_code == 422
    with tenant(acme):
        assert not Snapshot.objects.exists()


def test_accounts_of_nobody_known_are_named_after_the_import(client, acme, console, manager):
    with tenant(acme):
        snapshot = population(console, manager, ADA, BEN)
        known = Account.objects.filter(kind="person").values_list("name", flat=True)
        nobodys = list(Account.objects.exclude(name__in=known).values_list("name", flat=True))
    page = client.get(f"/o/acme/access/snapshots/{snapshot.pk}/").content.decode()
    assert nobodys
    assert f"{len(nobodys)} account" in page
    assert all(name in page for name in nobodys)
    assert f"kind=unmatched&amp;system={console.pk}" in page
