"""Lists of storage settings: our own and what the AWS CLI prints, and what each resource comes to. Pure: no database."""

import datetime as dt
import io
import json
from typing import Any

import openpyxl
import pytest

from evidence.tables.errors import FormatError
from tests.vulnerabilities import files
from vulnerabilities.reading.detecting import read
from vulnerabilities.reading.report import Report
from vulnerabilities.reading.resource_list import SAMPLE
from vulnerabilities.reading.resources import Judged

HEADER = "Resource,Kind,Environment,Encrypted at rest,Key managed by,Retention (days),Backups kept (days),Note"


def listed(*rows: str) -> Report:
    return read("\n".join((HEADER, *rows)).encode(), "storage")


def one(row: str) -> tuple[Judged, Report]:
    report = listed(row)
    return report.resources[0], report


@pytest.mark.parametrize(
    ("row", "verdict", "severity"),
    [
        ("a,database,production,yes,customer,,35,", "meets", None),
        ("a,database,production,no,,,35,", "does_not_meet", "high"),
        ("a,volume,staging,no,none,,,", "does_not_meet", "medium"),
        ("a,volume,,no,,,,", "does_not_meet", "high"),  # where it is, is not told: it may be production
        ("a,volume,prod,no,,,,", "does_not_meet", "high"),
        ("a,queue,production,unknown,,,,", "not_evaluable", None),
        ("a,queue,production,,,,,", "not_evaluable", None),
        ("a,queue,production,perhaps,,,,", "not_evaluable", None),
        ("a,volume,production,yes,none,,,", "not_evaluable", None),  # a key that nobody manages is none
        ("a,log store,production,yes,provider,90,,", "meets", None),
        ("a,log store,production,yes,provider,unlimited,,", "meets", None),
        ("a,log store,production,yes,provider,89,,", "does_not_meet", "medium"),
        ("a,log store,production,yes,provider,30 days,,", "does_not_meet", "medium"),
        ("a,log store,staging,yes,provider,7,,", "does_not_meet", "low"),
        ("a,log store,production,yes,provider,,,", "not_evaluable", None),
        ("a,log store,production,yes,provider,-3,,", "not_evaluable", None),
        ("a,database,production,yes,provider,,0,", "does_not_meet", "high"),
        ("a,database,production,yes,provider,,,", "not_evaluable", None),
        ("a,database,staging,yes,provider,,0,", "meets", None),
        ("a,object storage,production,yes,provider,,,", "meets", None),
        ("a,other,production,yes,provider,,,", "meets", None),
        ("a,,production,yes,provider,,,", "not_evaluable", None),  # it may be a log store
        ("a,spaceship,production,yes,provider,,,", "not_evaluable", None),
    ],
)
def test_each_resource_meets_does_not_meet_or_could_not_be_evaluated(row, verdict, severity):
    resource, report = one(row)
    assert resource.verdict == verdict
    assert [found.severity.value for found in report.found] == ([severity] if severity else [])
    assert bool(report.reasons) == (verdict == "not_evaluable")
    assert bool(resource.why) == (verdict != "meets")


def test_what_is_not_told_leaves_the_whole_list_without_a_verdict_and_is_named():
    report = listed("orders,database,production,yes,customer,,35,", "mail,queue,production,unknown,,,,")
    assert (report.checked, report.skipped) == (1, 1)
    assert report.reasons == ["It does not tell enough of 1 of 2 resources: encryption of mail (queue, production)."]


def test_a_resource_that_is_not_encrypted_and_not_told_enough_of_is_a_finding_and_leaves_it_open():
    resource, report = one("logs,log store,production,no,,,,")
    assert (resource.verdict, resource.broken, resource.open) == (
        "does_not_meet",
        ["STORAGE-NOT-ENCRYPTED"],
        ["LOGS-KEPT-BRIEFLY"],
    )
    assert len(report.reasons) == 1


def test_a_cell_that_is_not_understood_is_told_with_its_row():
    _, report = one("a,volume,production,perhaps,,,,")
    assert report.notes == ["Not understood in row 2, and so not known: “perhaps” as encrypted at rest."]


def test_a_row_without_a_name_and_one_named_twice_are_said():
    report = listed("a,volume,staging,yes,,,,", "a,volume,staging,no,,,,", ",volume,staging,no,,,,")
    assert len(report.resources) == 1
    assert report.reasons == [
        "Row 4 names no resource.",
        "These are named more than once, and only the first was read: a (volume, staging).",
    ]


def test_the_same_name_in_two_environments_is_two_resources():
    report = listed("a,volume,staging,yes,,,,", "a,volume,production,yes,,,,")
    assert report.targets == ["a (volume, staging)", "a (volume, production)"]


def test_the_sample_can_be_evaluated_and_meets_everything():
    report = read(SAMPLE.encode(), "storage")
    assert (report.reasons, report.found, report.checked, report.things) == ([], [], 5, "resources")


def test_a_workbook_and_json_say_the_same_as_the_table():
    book, content = openpyxl.Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet("List")
    sheet.append(HEADER.split(","))
    sheet.append(["orders", "Database", "Prod", "yes", "customer", "unlimited", 35, ""])
    book.save(content)
    told = {"resource": "orders", "kind": "database", "environment": "production", "encrypted": True, "key": "customer"}
    told |= {"retention": "unlimited", "backups": 35}
    given = {"as_of": "2026-11-20T08:00:00+01:00", "source": "Terraform", "resources": [told]}
    report = read(json.dumps(given).encode(), "storage")
    assert read(content.getvalue(), "storage").resources == report.resources
    assert (report.source, report.ran_at) == ("Terraform", dt.datetime(2026, 11, 20, 7, tzinfo=dt.UTC))
    assert read(json.dumps([told]).encode("utf-16"), "storage").resources == report.resources


def test_a_day_alone_is_not_taken_for_a_moment():
    report = read(json.dumps({"as_of": "2026-11-20", "resources": [{"resource": "a"}]}).encode(), "storage")
    assert (report.ran_at, len(report.notes)) == (None, 1)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"Name,Size\na,1\n", "no column Kind and no column Encrypted at rest"),
        (b"{}", "neither a list of resources nor what the AWS CLI prints"),
        (b'{"DBInstances": 3}', "neither a list"),
        (b"[", "not JSON"),
        (b"", "empty"),
        (
            (HEADER + "\n" + "".join(f"r{n},volume,production,yes,,,,\n" for n in range(5_001))).encode(),
            "At most 5,000 resources",
        ),
    ],
)
def test_what_is_no_list_is_refused_in_a_sentence(content, why):
    with pytest.raises(FormatError, match=why):
        read(content, "storage")


def test_an_empty_list_is_not_clean():
    assert read(b'{"DBInstances": []}', "storage").reasons == ["It names no resource."]
    assert listed().reasons == ["It names no resource."]


def aws(**more: Any) -> Report:
    return read(json.dumps(files.aws(**more)).encode(), "storage")


def test_what_the_aws_cli_prints_is_read_of_databases_volumes_and_log_groups():
    report = aws()
    assert (report.tool_name, report.target, report.reasons) == ("AWS CLI", "123456789012", [])
    assert {one.label: one.verdict for one in report.resources} == {
        "orders (database, production, eu-central-1)": "meets",
        "orders-replica (database, production, eu-central-1)": "meets",  # backed up with what it is a copy of
        "vol-049df61146c4d7901 (volume, production, eu-central-1)": "meets",
        "vol-1234567890abcdef0 (volume, staging, eu-central-1)": "does_not_meet",
        "/app/orders (log store, eu-central-1)": "meets",  # kept without end
        "/app/web (log store, eu-central-1)": "does_not_meet",
    }
    assert [(found.names[0], found.severity.value) for found in report.found] == [
        ("STORAGE-NOT-ENCRYPTED", "medium"),
        ("LOGS-KEPT-BRIEFLY", "medium"),
    ]


def test_a_setting_that_the_aws_cli_does_not_print_is_not_known():
    database = {"DBInstanceIdentifier": "a", "DBInstanceArn": "arn:aws:rds:eu-central-1:123456789012:db:a"}
    report = read(json.dumps({"DBInstances": [database]}).encode(), "storage")
    assert (report.resources[0].verdict, report.resources[0].encrypted) == ("not_evaluable", None)
    assert report.resources[0].open == ["STORAGE-NOT-ENCRYPTED", "DATABASE-NOT-BACKED-UP"]


@pytest.mark.parametrize("name", ["NextToken", "nextToken", "Marker"])
def test_a_list_that_the_aws_cli_cut_cannot_be_evaluated(name):
    assert aws(**{name: "abc"}).reasons == ["The AWS CLI printed only the first part of the list: leave out --max-items."]


def test_lists_of_two_accounts_name_none():
    log = {"logGroupName": "/x", "arn": "arn:aws:logs:eu-central-1:999999999999:log-group:/x:*", "retentionInDays": 400}
    given = files.aws()
    given["logGroups"].append(log)
    assert read(json.dumps(given).encode(), "storage").target == ""
