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
        "These are named more than once, and count with the worst that is told of them: a (volume, staging).",
    ]


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 0, 1)])
def test_a_resource_that_is_named_twice_is_as_bad_as_the_worst_that_is_told_of_it(order):
    told = ["a,log store,staging,yes,provider,365,,", "a,log store,staging,no,,30,,", "a,log store,staging,unknown,,30,,"]
    report = listed(*(told[which] for which in order))
    (resource,) = report.resources
    assert (resource.verdict, resource.encrypted) == ("does_not_meet", False)
    assert (set(resource.broken), resource.open) == ({"STORAGE-NOT-ENCRYPTED", "LOGS-KEPT-BRIEFLY"}, ["STORAGE-NOT-ENCRYPTED"])
    assert sorted(found.names[0] for found in report.found) == ["LOGS-KEPT-BRIEFLY", "STORAGE-NOT-ENCRYPTED"]
    assert "count with the worst that is told of them: a (log store, staging)." in report.reasons[-1]


def test_the_same_name_in_two_environments_is_two_resources():
    report = listed("a,volume,staging,yes,,,,", "a,volume,production,yes,,,,")
    assert report.targets == ["a (volume, staging)", "a (volume, production)"]


def test_words_of_cloud_providers_are_understood_and_columns_that_are_not_are_named():
    rows = (
        "Name,Type,Env,Location,Encryption,KMS key,Log retention,Backup retention,Owner",
        "orders,Postgres,prod,eu-central-1,AES256,aws/rds,,7 days,Tom",
        "uploads,S3 bucket,prod,eu-central-1,SSE-KMS,,,,Tom",
        "audit,Log group,prod,eu-central-1,TRUE,,1 year,,Tom",
        "web,Log group,prod,eu-central-1,TRUE,,2 months,,Tom",
        "scratch,EBS volume,dev,eu-central-1,not encrypted,,,,Tom",
    )
    report = read("\n".join(rows).encode(), "storage")
    assert (report.reasons, report.notes) == ([], ["Not read, as no setting is known by these names: KMS key, Owner."])
    assert [(one.kind, one.verdict) for one in report.resources] == [
        ("database", "meets"),
        ("object_storage", "meets"),
        ("log_store", "meets"),
        ("log_store", "does_not_meet"),
        ("volume", "does_not_meet"),
    ]
    assert [one.kept_days for one in report.resources] == [None, None, 365, 60, None]


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
        (b'{"DBSnapshots": [{}]}', "buckets: it holds DBSnapshots"),
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
        "/app/orders (log store in eu-central-1)": "meets",  # kept without end
        "/app/web (log store in eu-central-1)": "does_not_meet",
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


def of_aws(**lists: Any) -> Report:
    return read(json.dumps(lists).encode(), "storage")


def test_a_cluster_is_a_database_of_its_own_beside_an_instance_of_the_same_name():
    cluster = {
        "DBClusterIdentifier": "orders",
        "StorageEncrypted": False,
        "BackupRetentionPeriod": 7,
        "DBClusterArn": "arn:aws:rds:eu-central-1:123456789012:cluster:orders",
        "TagList": [{"Key": "Environment", "Value": "production"}],
    }
    report = aws(DBClusters=[cluster])
    assert report.target == "123456789012"
    assert report.reasons == []
    assert {"orders (database, production, eu-central-1)", "cluster:orders (database, production, eu-central-1)"} < set(
        report.targets
    )
    assert of_aws(DBClusters=[cluster]).resources[0].broken == ["STORAGE-NOT-ENCRYPTED"]
    assert of_aws(DBClusters=[cluster]).target == "123456789012"


def test_a_replica_of_a_cluster_is_backed_up_with_it():
    replica = {"DBInstanceIdentifier": "a", "StorageEncrypted": True, "BackupRetentionPeriod": 0}
    (one,) = of_aws(DBInstances=[replica | {"ReadReplicaSourceDBClusterIdentifier": "orders"}]).resources
    assert (one.verdict, one.note) == ("meets", "A replica of orders.")


def test_a_bucket_is_encrypted_as_its_own_settings_say_and_a_list_of_buckets_alone_does_not_say_it():
    def settings(algorithm: str, **key: str) -> dict[str, Any]:
        default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": algorithm, **key}}
        return {"ServerSideEncryptionConfiguration": {"Rules": [default]}}

    own = {"KMSMasterKeyID": "arn:aws:kms:eu-central-1:123456789012:key/1"}
    report = of_aws(
        Buckets=[
            {"Name": "a", **settings("AES256")},
            {"Name": "b", "BucketRegion": "eu-central-1", **settings("aws:kms", **own)},
            {"Name": "c", **settings("aws:kms", KMSMasterKeyID="arn:aws:kms:eu-central-1:123456789012:alias/aws/s3")},
            {"Name": "d", "CreationDate": "2024-05-02T10:00:00+00:00"},
            {"Name": "e", **settings("rot13")},
        ],
        Owner={"ID": "x"},
    )
    assert [(one.label, one.encrypted, one.key) for one in report.resources] == [
        ("a (object storage)", True, "provider"),
        ("b (object storage in eu-central-1)", True, "customer"),
        ("c (object storage)", True, "provider"),
        ("d (object storage)", None, ""),
        ("e (object storage)", None, ""),
    ]
    assert report.reasons == [
        "It does not tell enough of 2 of 5 resources: encryption of d (object storage), encryption of e (object storage)."
    ]


def test_a_list_of_aws_that_is_not_read_is_never_passed_over():
    assert aws(DBSnapshots=[]).reasons == []
    assert aws(DBSnapshots=[{"Encrypted": False}]).reasons == [
        "What stands under DBSnapshots is not read: list it in a file of your own, or leave it out."
    ]


@pytest.mark.parametrize("name", ["NextToken", "nextToken", "Marker", "ContinuationToken"])
def test_a_list_that_the_aws_cli_cut_cannot_be_evaluated(name):
    assert aws(**{name: "abc"}).reasons == ["The AWS CLI printed only the first part of the list: leave out --max-items."]


def test_lists_of_two_accounts_name_none():
    log = {"logGroupName": "/x", "arn": "arn:aws:logs:eu-central-1:999999999999:log-group:/x:*", "retentionInDays": 400}
    given = files.aws()
    given["logGroups"].append(log)
    assert read(json.dumps(given).encode(), "storage").target == ""
