"""Lists of storage settings of somebody who wants them to look better than they are, or the server to be busy."""

import datetime as dt
import json
import time
from contextlib import suppress

import pytest

from evidence.tables.errors import FormatError
from tenancy.scope import now, tenant
from tests.vulnerabilities.files import aws, storage
from vulnerabilities.models import Vulnerability
from vulnerabilities.reading.detecting import read
from vulnerabilities.reading.report import MOST_REASONS, Report

HEADER = "Resource,Kind,Environment,Region,Encrypted at rest,Key managed by,Retention (days),Backups kept (days)"
GOOD = "orders,database,production,yes,customer,,35"
OPEN_VOLUME = "builds,volume,staging,no,none,,"


def listed(*rows: str, header: str = HEADER) -> Report:
    return read("\n".join((header, *rows)).encode(), "storage")


def told(*resources: object) -> Report:
    return read(json.dumps(resources).encode(), "storage")


@pytest.mark.parametrize(
    "said",
    [
        "PRODUCTION (eu)",
        "prod-eu",
        "eu/live",
        "Prod 1",
        "production2",
        "“production, eu”",
        "eu_prd",
        "\uff30\uff32\uff2f\uff24",
        "pro\u200bd",
    ],
)
def test_production_by_another_name_is_production(said):
    report = told({"resource": "orders", "kind": "database", "environment": said, "encrypted": False, "backups": 0})
    assert {(one.names[0], one.severity.value) for one in report.found} == {
        ("STORAGE-NOT-ENCRYPTED", "high"),
        ("DATABASE-NOT-BACKED-UP", "high"),
    }


@pytest.mark.parametrize(
    "said", ["non-production", "pre-prod", "not production", "preprod", "product tests", "delivery", "staging"]
)
def test_what_says_that_it_is_not_production_is_none(said):
    (resource,) = told({"resource": "orders", "kind": "database", "environment": said, "encrypted": True}).resources
    assert (resource.counts_as_production, resource.verdict) == (False, "meets")


def test_no_resource_is_told_so_that_it_looks_like_another():
    rows = (
        "orders,database,production,eu,yes,,,1",
        'orders,database,"production, eu",,yes,,,1',
        "orders,database,eu,,yes,,,1",
        "orders,database,,eu,yes,,,1",
        '"orders (database, eu)",volume,,,yes,,,',
        'orders,volume,"eu) (volume",,yes,,,',
        'orders,volume,eu volume,"(eu",yes,,,',
    )
    assert len(set(listed(*rows).targets)) == len(rows)


def test_long_names_with_the_same_beginning_are_two():
    report = listed(*(f"{'x' * 400}{number},volume,staging,,yes,,," for number in range(2)))
    assert (len(set(report.targets)), report.reasons) == (2, [])
    group = {"arn": "arn:aws:logs:eu-central-1:1:log-group:x:*"}
    logs = [{**group, "logGroupName": f"/{'x' * 400}{number}"} for number in range(2)]
    assert read(json.dumps({"logGroups": logs}).encode(), "storage").reasons == []


def test_columns_that_contradict_each_other_tell_nothing():
    report = listed("a,volume,yes,no", header="Resource,Kind,Encryption,Encrypted at rest")
    assert (report.found, report.resources[0].encrypted) == ([], None)
    assert report.notes == ["Told twice in row 2, and not the same, so not known: encrypted at rest."]
    assert report.reasons
    same = listed("a,volume,yes,Yes,", "b,volume,,no,", header="Resource,Kind,Encryption,Encrypted at rest,Note")
    assert [one.encrypted for one in same.resources] == [True, False]


def test_a_database_in_two_environments_by_its_tags_counts_as_production():
    given = aws()
    (database, *_) = given["DBInstances"]
    database |= {"BackupRetentionPeriod": 0, "TagList": [{"Key": "env", "Value": "test"}, {"Key": "Stage", "Value": "live"}]}
    report = read(json.dumps({"DBInstances": [database]}).encode(), "storage")
    assert report.resources[0].broken == ["DATABASE-NOT-BACKED-UP"]


@pytest.mark.parametrize("given", [["b"], [None], [["a"]]])
def test_what_is_no_object_is_not_passed_over(given):
    good = {"resource": "a", "kind": "volume", "encrypted": True}
    assert told(good, *given).reasons == ["Resource 2 is no object, so it was not read."]
    assert read(json.dumps(aws(Volumes=given)).encode(), "storage").reasons == ["Volumes holds what is none, so it was not read."]


def test_a_list_that_is_none_is_not_passed_over():
    assert read(json.dumps(aws(Volumes={"a": 1})).encode(), "storage").reasons


def test_backups_that_are_kept_without_end_are_kept():
    (resource,) = listed("orders,database,production,,yes,,,unlimited").resources
    assert (resource.verdict, resource.backups) == ("meets", "Without end")


@pytest.mark.parametrize(
    "content",
    [
        b"[" + b"{}," * 400_000 + b"{}]",
        b"[" + b'{"resource":"a"},' * 400_000 + b"{}]",
        b"[" + b"1," * 400_000 + b"{}]",
        b"Resource,Kind,Encrypted at rest\n" + b",volume,yes\n" * 400_000,
        b"Resource,Kind,Encrypted at rest\n" + b"a,volume,yes\n" * 100 + b"a,volume,yes,no,no\n" * 200_000,
    ],
)
def test_rows_without_end_are_answered_soon(content):
    begun = time.process_time()
    with suppress(FormatError):  # there are too many of them
        assert len(read(content, "storage").reasons) <= MOST_REASONS
    assert time.process_time() - begun < 10


@pytest.mark.parametrize(
    ("said", "days"), [("07", 7), ("1e5", None), ("-1", None), ("0", 0), ("90.5", None), ("NaN", None), ("1" * 4_000, None)]
)
def test_numbers_in_odd_forms_are_what_they_say_or_not_known(said, days):
    (resource,) = listed(f"a,log store,staging,,yes,,{said},").resources
    assert resource.kept_days == days


@pytest.fixture
def account(scope_of):
    return scope_of("storage", name="AWS production")


def status(acme) -> str:
    with tenant(acme):
        return str(Vulnerability.objects.get().status)


def test_what_only_a_list_without_a_verdict_had_is_not_fixed_by_leaving_it_out(account, scan, acme):
    scan(account, storage(GOOD, OPEN_VOLUME, "mail,queue,,,,,"), on=dt.date(2026, 10, 1))
    less = scan(account, storage(GOOD), on=dt.date(2026, 10, 8))
    assert less.reasons == ["Something is open of what is missing here: builds (volume, staging)."]
    assert status(acme) == "open"
    gone = scan(account, storage(GOOD), on=dt.date(2026, 10, 9), narrower=True)
    assert gone.notes == ["Whoever imported it says that these are gone: builds (volume, staging)."]
    assert status(acme) == "fixed"


def test_a_later_list_that_never_named_it_does_not_fix_what_an_earlier_one_tells(account, scan, acme):
    scan(account, storage(GOOD), on=dt.date(2026, 10, 8))
    scan(account, storage(GOOD, OPEN_VOLUME), on=dt.date(2026, 10, 1))
    assert status(acme) == "open"
    scan(account, storage(GOOD, OPEN_VOLUME.replace("no,none", "yes,")), on=dt.date(2026, 10, 9))
    assert status(acme) == "fixed"


def test_a_later_list_that_names_it_as_good_does(account, scan, acme):
    scan(account, storage(OPEN_VOLUME.replace("no,none", "yes,")), on=dt.date(2026, 10, 8))
    scan(account, storage(OPEN_VOLUME), on=dt.date(2026, 10, 1))
    assert status(acme) == "fixed"


def test_a_list_of_a_day_that_has_not_come_is_as_of_when_it_came_and_says_so(account, scan):
    given = {"as_of": (now() + dt.timedelta(days=400)).isoformat(), "resources": [{"resource": "a", "kind": "volume"}]}
    kept = scan(account, given)
    assert (kept.ran_basis, kept.ran_at <= now()) == ("imported", True)
    assert "It says that it ran at a time that had not come yet, so that was not taken over." in kept.notes
