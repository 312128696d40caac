"""Pages and API of sources."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.factors import FIELD_NAME
from changes.models import ChangeSource, Delivery
from changes.sources.secrets import opened
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token
from tests.changes.making import a_system
from tests.changes.sources import payloads
from tests.changes.sources.conftest import SECRET, make_source
from tests.changes.sources.payloads import AUTHOR
from tests.changes.sources.test_importing import as_file

BASE = "/o/acme/changes/sources/"
GIVEN = {"name": "Product", "provider": "github", "repositories": "acme/billing\nacme/web", "branches": "main, release"}


def test_a_source_is_added_and_changed(client_of, manager, acme):
    client = client_of(manager)
    made = client.post(f"{BASE}new/", GIVEN)
    assert made.status_code == 303
    with tenant(acme):
        source = ChangeSource.objects.get()
        assert (source.repositories, source.branches, source.secret) == (["acme/billing", "acme/web"], ["main", "release"], "")
        console = a_system(manager, kind="code")
    page = client.get(made["Location"]).content.decode()
    assert "No secret yet" in page
    assert f"/api/hooks/acme/{source.pk}" in page
    edited = client.post(f"{BASE}{source.pk}/edit/", {**GIVEN, "name": "All", "systems": [console.pk], "directory": console.pk})
    assert edited.status_code == 303
    with tenant(acme):
        source = ChangeSource.objects.get()
        assert (source.name, [row.system for row in source.systems.all()], source.directory) == ("All", [console], console)


@pytest.mark.parametrize("repositories", ["billing", "*", "*/*", "acme/bil*", "https://github.com/acme/billing"])
def test_a_pattern_that_would_cover_anything_is_refused_at_its_field(client_of, manager, repositories):
    page = client_of(manager).post(f"{BASE}new/", {**GIVEN, "repositories": repositories})
    assert page.status_code == 422
    assert "is no repository" in page.content.decode()


def test_nothing_changed_is_said_and_names_are_unique(client_of, manager, acme):
    client = client_of(manager)
    client.post(f"{BASE}new/", GIVEN)
    assert "There is a source of this name already." in client.post(f"{BASE}new/", GIVEN).content.decode()
    with tenant(acme):
        source = ChangeSource.objects.get()
    assert "Nothing was changed." in client.post(f"{BASE}{source.pk}/edit/", GIVEN).content.decode()


def test_the_secret_wants_a_second_factor(client_of, manager, acme, monkeypatch):
    client = client_of(manager)
    with tenant(acme):
        source = make_source(manager)
    monkeypatch.setattr("accounts.factors.has_recent_factor", lambda *_args: False)
    refused = client.post(f"{BASE}{source.pk}/secret/", {"overlap": "24", FIELD_NAME: "000000"})
    assert refused.status_code == 422
    with tenant(acme):
        assert opened(source.refreshed())[0] == SECRET


def test_a_new_secret_leaves_the_former_for_a_while(client_of, manager, acme):
    with tenant(acme):
        source = make_source(manager)
    page = client_of(manager).post(f"{BASE}{source.pk}/secret/", {"overlap": "24"})
    assert page["Cache-Control"] == "private, no-store"
    text = re.search(r"whsec_[\w+/=]+", page.content.decode())
    assert text
    with tenant(acme):
        assert opened(source.refreshed()) == (text[0], SECRET)
    assert text[0] not in client_of(manager).get(f"{BASE}{source.pk}/").content.decode()


def test_a_secret_made_elsewhere_has_a_length(client_of, manager, acme):
    with tenant(acme):
        source = make_source(manager)
    page = client_of(manager).post(f"{BASE}{source.pk}/secret/", {"overlap": "0", "text": "short"})
    assert page.status_code == 422
    assert "at least 16 characters" in page.content.decode()


def test_a_source_is_retired_with_a_reason_and_put_back(client_of, manager, acme):
    client = client_of(manager)
    with tenant(acme):
        source = make_source(manager)
    assert client.post(f"{BASE}{source.pk}/retire/", {"reason": ""}).status_code == 422
    assert client.post(f"{BASE}{source.pk}/retire/", {"reason": "Moved."}).status_code == 303
    with tenant(acme):
        assert source.refreshed().status == "retired"
    assert client.post(f"{BASE}{source.pk}/restore/").status_code == 302
    with tenant(acme):
        assert source.refreshed().status == "active"


def test_the_page_shows_what_was_delivered_and_what_was_pushed_past_requests(github, client_of, viewer):
    github.github("pull_request", payloads.pull_request("opened", payloads.pull()))
    github.github("pull_request", payloads.pull_request("opened", payloads.pull()) | {"pull_request": {}})
    github.github("push", payloads.push(("hotfix", AUTHOR), branch="main", before="base"))
    github.github("status", payloads.status(1), secret="another")
    page = client_of(viewer).get(f"{BASE}{github.source.pk}/").content.decode()
    for words in ("was raised", "1 failed", "Pushed past every request", "Employee Acme", "The signature is wrong."):
        assert words in page
    assert "New secret" not in page


def test_a_list_of_deliveries_needs_few_queries(github, client_of, viewer, acme):
    github.github("pull_request", payloads.pull_request("opened", payloads.pull()))
    for minute in range(1, 20):
        github.github("check_run", payloads.check_run(minute, name=f"check {minute}"))
    client = client_of(viewer)
    for path in (BASE, f"{BASE}{github.source.pk}/", f"{BASE}{github.source.pk}/deliveries/"):
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        assert sum(one["sql"].startswith("SELECT") and "set_config" not in one["sql"] for one in captured) <= 14, path


def test_programs_do_what_people_do(manager, acme, django_capture_on_commit_callbacks, logins):
    program = Program(make_token(manager)[1])
    given = {"name": "Product", "provider": "github", "repositories": ["acme/*"]}
    made = program.post("change-sources", given)
    assert made.status_code == 201, made.json()["errors"]
    path = f"change-sources/{made.json()['id']}"
    assert made.json()["address"].endswith(f"/api/hooks/acme/{made.json()['id']}")
    assert not [name for name in made.json() if name in {"secret", "former_secret"}]
    edited = program.patch(path, {"branches": ["main"]}, If_Match="*")
    assert edited.status_code == 200, edited.json()["errors"]
    assert edited.json()["branches"] == ["main"]
    with django_capture_on_commit_callbacks(execute=True):
        job = program.upload(f"{path}/import-list", {"file": as_file(payloads.listed())}, If_Match="*")
    assert (job.status_code, job.json()["kind"]) == (200, "changes.list")
    (row,) = program.get(f"{path}/deliveries").json()["results"]
    assert (row["outcome"], row["event"]) == ("done", "pull request list")
    again = program.upload(f"{path}/import-list", {"file": as_file(payloads.listed())}, If_Match="*")
    assert again.status_code == 409
    assert program.post(f"{path}/retire", {"reason": "Moved."}, If_Match="*").json()["status"] == "retired"
    assert program.post(f"{path}/restore", If_Match="*").json()["status"] == "active"


def test_who_reads_changes_only_may_not_run_sources(viewer, acme, manager):
    with tenant(acme):
        source = make_source(manager)
    program = Program(make_token(viewer)[1])
    assert program.get(f"change-sources/{source.pk}").status_code == 200
    assert program.post(f"change-sources/{source.pk}/retire", {"reason": "x"}, If_Match="*").status_code == 403


def test_deliveries_of_a_source_of_others_are_not_there(client_of, manager, globex, cast):
    with tenant(globex):
        theirs = make_source(cast.of("globex", "manager"))
        assert not Delivery.objects.exists()
    assert client_of(manager).get(f"{BASE}{theirs.pk}/deliveries/").status_code == 404
