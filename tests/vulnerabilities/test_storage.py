"""Scans of storage settings: kept as evidence, compared over time, told to the checklist and to controls; their screens."""

import datetime as dt
import html
import io
import json
import re

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.urls import reverse

from controls.binder.facts import facts_of
from controls.models import AuditPeriod, ControlEvidence
from tenancy.scope import now, tenant
from tests.api.conftest import Program, make_token
from tests.conftest import commits
from tests.controls.occurrences.made import make_control
from tests.vulnerabilities.files import aws, pip_audit, storage, upload
from vulnerabilities.models import Scan, Vulnerability

GOOD = "orders,database,production,yes,customer,,35"
OPEN_VOLUME = "builds,volume,staging,no,none,,"
LOGS = "audit,log store,production,yes,provider,365,"
BRIEF = "audit,log store,production,yes,provider,30,"


@pytest.fixture
def account(scope_of):
    return scope_of("storage", name="AWS production")


def outcomes(key: str, acme) -> list[tuple[str, str]]:
    with tenant(acme):
        today = acme.today()
        period = AuditPeriod(starts_on=today - dt.timedelta(days=90), ends_on=today)
        return [(fact.outcome.value, fact.sentence) for fact in facts_of(key, period, today)]


def test_a_list_is_kept_as_evidence_with_each_resource_and_what_it_comes_to(account, scan, acme):
    found = scan(account, storage(GOOD, OPEN_VOLUME), source="the console of the cloud")
    assert (found.evaluable, found.checked, found.found, found.tool_name) == (True, 2, 1, "Storage settings")
    assert [(one["name"], one["verdict"]) for one in found.resources] == [("orders", "meets"), ("builds", "does_not_meet")]
    assert found.notes == ["It comes from the console of the cloud."]
    with tenant(acme):
        assert (found.evidence.source, found.evidence.tags) == (
            "the console of the cloud",
            ["storage settings"],
        )
        assert found.evidence.description == (
            "The settings of what holds data, as they came. 2 resources that hold data: 1 does not meet, 1 meets."
        )
        assert account.refreshed().next_due_on == acme.day_of(found.ran_at) + dt.timedelta(days=7)


def test_what_is_found_once_is_one_over_lists_and_fixed_by_the_list_that_has_it_encrypted(account, scan, acme):
    scan(account, storage(GOOD, OPEN_VOLUME), on=dt.date(2026, 10, 1))
    scan(account, storage(GOOD, OPEN_VOLUME.replace("none", "")), on=dt.date(2026, 10, 8))
    with tenant(acme):
        one = Vulnerability.objects.get()
    assert (one.identifier, one.location, one.severity, one.status) == (
        "STORAGE-NOT-ENCRYPTED",
        "builds (volume, staging)",
        "medium",
        "open",
    )
    assert one.severity_told == "in staging, not in production"
    assert one.due_on == dt.date(2026, 10, 1) + dt.timedelta(days=90)
    scan(account, storage(GOOD, "builds,volume,staging,unknown,,,"), on=dt.date(2026, 10, 15))
    with tenant(acme):
        assert one.refreshed().status == "open"  # nobody said that it is encrypted now
    scan(account, storage(GOOD, "builds,volume,staging,yes,provider,,"), on=dt.date(2026, 10, 22))
    with tenant(acme):
        assert one.refreshed().status == "fixed"


def test_a_resource_that_is_missing_now_is_said_and_closes_nothing_until_somebody_says_that_it_is_gone(account, scan, acme):
    first = scan(account, storage(GOOD, OPEN_VOLUME), on=dt.date(2026, 10, 1))
    less = scan(account, storage(GOOD), on=dt.date(2026, 10, 8))
    assert less.reasons == [f"{first.reference} checked more. Missing here: builds (volume, staging)."]
    with tenant(acme):
        assert Vulnerability.objects.get().status == "open"
    gone = scan(account, storage(GOOD), on=dt.date(2026, 10, 9), narrower=True)
    assert gone.notes == ["Whoever imported it says that these are gone: builds (volume, staging)."]
    with tenant(acme):
        assert Vulnerability.objects.get().status == "fixed"


def test_a_list_of_another_account_opens_nothing(account, scan, acme):
    scan(account, json.dumps(aws()).encode())
    other = scan(account, json.dumps(aws()).replace("123456789012", "999999999999").encode())
    assert (other.elsewhere, other.reasons[0]) == (True, "It is a scan of 999999999999; SCN-2026-0001 was one of 123456789012.")


def test_what_a_scan_kept_of_a_resource_is_never_changed(account, scan, acme):
    found = scan(account, storage())
    with tenant(acme), pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE vulnerabilities_scan SET resources = '[]' WHERE id = %s", [found.pk])


@pytest.mark.parametrize(
    "case",
    [
        ((GOOD,), [("holds", "1 resource is encrypted at rest.")], []),
        (
            (GOOD, LOGS),
            [("holds", "2 resources are encrypted at rest.")],
            [("holds", "1 log store keeps its logs 90 days or longer.")],
        ),
        (
            (OPEN_VOLUME, BRIEF),
            [("broken", "Not encrypted at rest: builds (volume, staging).")],
            [("broken", "Logs kept less than 90 days: audit (log store, production).")],
        ),
        (
            ("mail,queue,production,,,,", LOGS.replace("365", "")),
            [
                ("unknown", "Not told of mail (queue, production)."),
                ("unknown", "No list of today's settings: AWS production."),
            ],
            [
                ("unknown", "Not told of audit (log store, production)."),
                ("unknown", "No list of today's settings: AWS production."),
            ],
        ),
    ],
)
def test_the_checklist_is_told_of_encryption_and_of_logs(account, scan, acme, case):
    rows, encryption, logs = case
    assert outcomes("encryption-at-rest", acme) == [("unknown", "No list of today's settings: AWS production.")]
    assert outcomes("central-logging", acme) == []
    scan(account, storage(*rows))
    assert outcomes("encryption-at-rest", acme) == encryption
    assert outcomes("central-logging", acme) == logs


def test_without_a_list_of_settings_the_checklist_is_told_nothing(acme):
    assert outcomes("encryption-at-rest", acme) == outcomes("central-logging", acme) == []


def test_an_old_list_still_says_what_is_wrong_and_that_today_is_not_known(account, scan, acme):
    scan(account, storage(OPEN_VOLUME), on=dt.date(2026, 1, 5))
    assert [outcome for outcome, _ in outcomes("encryption-at-rest", acme)] == ["broken", "unknown"]


def test_settings_are_no_scan_for_vulnerabilities(account, scan, acme):
    assert outcomes("vulnerability-scans", acme) == [("unknown", "Nothing is named that is scanned.")]


@pytest.fixture
def controls(acme, manager):
    """The controls of data at rest and of logs, and one that scans perform."""
    with tenant(acme):
        begun = acme.today() - dt.timedelta(days=21)
        kept = [
            make_control(manager, code=code, library_key=code, cadence="continuous", in_scope_since=begun)
            for code in ("ENC-001", "MON-002")
        ]
        weekly = make_control(manager, code="VUL-001", cadence="weekly", population="vulnerability_scans", in_scope_since=begun)
        return [*kept, weekly]


def proven(acme, controls) -> list[int]:
    with tenant(acme):
        return [ControlEvidence.objects.filter(control=one, status="linked", leg="operation").count() for one in controls]


def test_a_list_without_a_gap_is_evidence_of_the_controls_and_one_with_gaps_is_none(account, scan, acme, controls):
    scan(account, storage(OPEN_VOLUME, BRIEF))
    assert proven(acme, controls) == [0, 0, 0]
    scan(account, storage("builds,volume,staging,yes,provider,,", BRIEF))
    assert proven(acme, controls) == [1, 0, 0]
    scan(account, storage("builds,volume,staging,,,,", LOGS))
    assert proven(acme, controls) == [1, 0, 0]
    scan(account, storage("builds,volume,staging,yes,provider,,", LOGS))
    assert proven(acme, controls) == [2, 1, 0]


def test_a_week_of_scans_waits_for_no_list_of_settings(account, scope_of, scan, acme, controls):
    scan(scope_of("pip_audit"), pip_audit())
    assert proven(acme, controls)[2] == 1


def test_a_list_comes_in_by_the_browser_with_a_preview(client_of, acme, manager, account, django_capture_on_commit_callbacks):
    client = client_of(manager)
    with tenant(acme):
        address = reverse("vulnerabilities:scope-import", args=[account.pk])
    page = client.get(address).content.decode()
    assert "Sample file" in page
    assert "Packages it checked" not in page
    assert "aws rds describe-db-clusters --output json" in page
    assert "jq --arg name $bucket '. + {Name: $name}'" in html.unescape(page)
    csv = io.BytesIO(storage(OPEN_VOLUME, GOOD))
    csv.name = "storage.csv"
    sent = client.post(address, {"file": csv, "ran_at": "2026-10-01T08:00", "source": "Terraform"})
    assert sent.status_code == 303
    assert "source=Terraform" in sent["Location"]
    page = client.get(sent["Location"]).content.decode()
    assert "Resources that hold data" in page
    assert "It is not encrypted at rest." in page
    assert ">builds</a>" not in page, "nothing is there yet"
    with commits(django_capture_on_commit_callbacks):
        assert client.post(sent["Location"], {}).status_code == 303
    with tenant(acme):
        found = Scan.objects.get()
        addresses = [found.get_absolute_url(), account.get_absolute_url()]
        file = reverse("vulnerabilities:scan-resources", args=[found.pk])
    assert (found.ran_basis, found.notes) == ("stated", ["It comes from Terraform."])
    for one in addresses:
        page = client.get(one).content.decode()
        assert "Does not meet" in page
        (what,) = re.findall(r'<a href="([^"]+)">builds</a>', page)
        followed = client.get(html.unescape(what)).content.decode()
        assert "builds: it is not encrypted at rest" in followed
    with tenant(acme):
        open_one = Vulnerability.objects.get().get_absolute_url()
    assert "The list says: in staging, not in production" in client.get(open_one).content.decode()
    rows = b"".join(client.get(file).streaming_content).decode()
    assert "builds,Volume,staging,,No,,,Does not meet,It is not encrypted at rest.," in rows
    assert 'orders,Database,production,,"Yes, own key",,35 days,Meets,,' in rows


def test_the_sample_is_a_file_to_begin_with(client_of, acme, manager):
    client = client_of(manager)
    with tenant(acme):
        sample = client.get(reverse("vulnerabilities:scan-storage-sample"))
    assert sample.content.startswith(b"Resource,Kind,Environment")


def test_a_pipeline_sends_a_list_and_reads_what_each_resource_comes_to(
    acme, manager, account, django_capture_on_commit_callbacks
):
    program = Program(make_token(manager, "home.read", "vulnerabilities.write", "vulnerabilities.read")[1])
    with commits(django_capture_on_commit_callbacks):
        given = {"file": upload(aws(), "storage.json"), "ran_at": now().isoformat()}
        sent = program.upload(f"scan-scopes/{account.pk}/import-scan", given, if_match="*")
    assert sent.status_code == 200, sent.content
    with tenant(acme):
        found = Scan.objects.get()
    told = program.get(f"scans/{found.pk}").json()
    assert len(told["resources"]) == 6
    assert {one["verdict"] for one in told["resources"]} == {"meets", "does_not_meet"}
