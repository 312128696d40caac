"""AWS IAM: credential report and account authorization details."""

import base64
import datetime as dt
import io

import pytest

from evidence.tables.errors import FormatError
from inventory.formats.aws_policies import allows_administration
from inventory.formats.registry import FORMATS, read
from tests.inventory.formats.samples import (
    ACCOUNT,
    ADMINISTRATOR,
    INACTIVE_KEY,
    KEY,
    READ_ONLY,
    UNUSED_KEY,
    aws_user,
    credential_line,
    credential_report,
    details,
    group,
    inline,
    json_file,
    taken,
)

PASSWORD = "true,2026-10-03T07:00:00+00:00,2026-01-01T00:00:00+00:00,N/A,true"
UNUSED_PASSWORD = "true,no_information,2026-01-01T00:00:00+00:00,N/A,false"


def run(lines, users, groups=(), policies=()):
    parts = {"credential_report": credential_report(*lines), "authorization_details": details(users, groups, policies)}
    result = read("aws_iam", parts)
    rows, errors = taken(result)
    return {(row.account_name, row.entitlement_key): row for row in rows}, errors, result


def test_a_user_has_a_password_keys_groups_and_policies():
    rows, errors, result = run(
        [credential_line("ada", PASSWORD, KEY, INACTIVE_KEY)],
        [aws_user("ada", 1, ["Admins"], [READ_ONLY], UserPolicyList=[inline("buckets", "s3:*")])],
        [group("Admins", ADMINISTRATOR)],
    )
    assert errors == []
    assert [key for name, key in rows if name == "ada"] == [
        "password",
        "access_key_1",
        "access_key_2",
        "group:Admins",
        f"policy:{READ_ONLY}",
        "inline:buckets",
    ]
    assert {row.account_id for (name, _), row in rows.items() if name == "ada"} == {"AIDA0000000000000001"}
    assert rows["ada", "password"].last_used_at == dt.datetime(2026, 10, 3, 7, tzinfo=dt.UTC)
    assert rows["ada", "group:Admins"].meaning == "Through the group Admins: AdministratorAccess."
    assert rows["ada", "group:Admins"].last_used_at == dt.datetime(2026, 10, 3, 7, tzinfo=dt.UTC)
    assert (result.records, result.accounts) == ({"credential_report": 2, "authorization_details": 1}, 2)
    assert result.read == result.accepted == 7


def test_privileged_is_said_of_each_right_and_of_credentials_by_the_user():
    rows, _, _ = run(
        [credential_line("ada", PASSWORD), credential_line("bob", PASSWORD)],
        [aws_user("ada", 1, ["Admins"], [READ_ONLY]), aws_user("bob", 2, (), [READ_ONLY])],
        [group("Admins", ADMINISTRATOR)],
    )
    told = {key: rows["ada", key].privileged for key in ("password", "group:Admins", f"policy:{READ_ONLY}")}
    assert told == {"password": True, "group:Admins": True, f"policy:{READ_ONLY}": False}
    assert rows["bob", "password"].privileged is False


def test_a_switched_off_key_is_no_access_and_so_is_a_user_without_credentials():
    rows, _, _ = run(
        [credential_line("ada", PASSWORD, INACTIVE_KEY), credential_line("bob", key=INACTIVE_KEY)],
        [aws_user("ada", 1), aws_user("bob", 2, (), [READ_ONLY])],
    )
    states = FORMATS["aws_iam"].no_access_states
    assert rows["ada", "password"].account_state == "active"
    assert rows["ada", "access_key_1"].account_state in states
    assert rows["bob", "access_key_1"].account_state in states
    assert rows["bob", f"policy:{READ_ONLY}"].account_state == "no password and no active key"


def test_no_information_not_applicable_and_not_supported_stay_apart_and_none_is_never():
    rows, _, _ = run(
        [credential_line("ada", UNUSED_PASSWORD, UNUSED_KEY), credential_line("bob")],
        [aws_user("ada", 1, (), [READ_ONLY]), aws_user("bob", 2, (), [READ_ONLY])],
    )
    assert rows["ada", "password"].last_used_state == "no_information"
    assert rows["ada", "access_key_1"].last_used_state == "no_information"
    assert rows["ada", f"policy:{READ_ONLY}"].last_used_state == "no_information"
    assert rows["bob", f"policy:{READ_ONLY}"].last_used_state == "not_applicable"
    report = credential_report().getvalue().replace(b"2026-07-02T09:00:00+00:00", b"not_supported")
    result = read("aws_iam", {"credential_report": io.BytesIO(report), "authorization_details": details([])})
    assert taken(result)[0][0].last_used_state == "not_supported"


def test_the_root_account_is_there_and_privileged():
    rows, _, _ = run([], [])
    root = rows["<root_account>", "root"]
    assert (root.account_id, root.privileged, root.account_state, root.last_used_state) == (
        f"{ACCOUNT}:root",
        True,
        "active",
        "known",
    )
    assert "second factor is set up" in root.meaning


def test_a_user_without_any_right_is_still_in_the_population():
    rows, _, _ = run([credential_line("ada")], [aws_user("ada", 1)])
    assert rows["ada", "account"].account_state == "no password and no active key"


def test_users_found_in_one_file_only_are_errors():
    rows, errors, result = run([credential_line("ada", PASSWORD)], [aws_user("bob", 2)])
    assert list(rows) == [("<root_account>", "root")]
    assert [(e.part, e.row_number) for e in errors] == [("credential_report", 3), ("authorization_details", 1)]
    assert "not in the authorization details" in errors[0].reasons[0]
    assert "not in the credential report" in errors[1].reasons[0]
    assert result.rejected == 2


def test_files_of_two_accounts_are_not_mixed():
    user = aws_user("ada", 1) | {"Arn": "arn:aws:iam::999999999999:user/ada"}
    _, errors, _ = run([credential_line("ada", PASSWORD)], [user])
    assert "different accounts" in errors[0].reasons[0]


def test_addresses_come_from_the_user_name_or_a_tag():
    rows, _, _ = run(
        [credential_line("ada@larkfield.example", PASSWORD), credential_line("bot", key=KEY)],
        [aws_user("ada@larkfield.example", 1), aws_user("bot", 2, Tags=[{"Key": "Owner", "Value": "ops@larkfield.example"}])],
    )
    assert rows["ada@larkfield.example", "password"].email == "ada@larkfield.example"
    assert rows["bot", "access_key_1"].owner_email == "ops@larkfield.example"
    assert rows["bot", "access_key_1"].granted_at == dt.datetime(2025, 10, 5, 8, tzinfo=dt.UTC)


def test_the_answer_of_the_command_line_says_when_it_was_made():
    content = base64.b64encode(credential_report().getvalue()).decode()
    wrapped = json_file({"Content": content, "ReportFormat": "text/csv", "GeneratedTime": "2026-11-01T06:00:00+00:00"})
    result = read("aws_iam", {"credential_report": wrapped, "authorization_details": details([])})
    assert len(taken(result)[0]) == 1
    assert result.as_of == dt.datetime(2026, 11, 1, 6, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("document", "answer"),
    [
        ({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}, True),
        ({"Statement": [{"Effect": "Allow", "Action": ["s3:Get*", "IAM:*"], "Resource": "*"}]}, True),
        ({"Statement": [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}]}, True),
        ({"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}, False),
        ({"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}, False),
        ("%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22*%22%7D%7D", True),
        ({"Statement": [{"Effect": "Allow", "Action": "iam*"}]}, True),
        ({"Statement": [{"Effect": "Allow", "Action": "*:*"}]}, True),
        ({"Statement": [{"Effect": "Allow", "Action": "iam:Get*"}]}, False),
        ({"Statement": [{"Effect": "Allow", "Action": "iam"}]}, False),
        ("{broken", None),
        (None, None),
        ({}, None),
        ({"Statement": []}, None),
        ({"Statement": [{"Effect": "Deny", "Action": "*"}, "cut off"]}, None),
    ],
)
def test_policies_that_allow_administration(document, answer):
    assert allows_administration(document) is answer


def test_a_policy_of_the_account_is_judged_by_its_version_in_force():
    arn = f"{ACCOUNT}:policy/everything"
    versions = [
        {"VersionId": "v1", "IsDefaultVersion": False, "Document": {"Statement": [{"Effect": "Allow", "Action": "s3:*"}]}},
        {"VersionId": "v2", "IsDefaultVersion": True, "Document": {"Statement": [{"Effect": "Allow", "Action": "*"}]}},
    ]
    rows, _, _ = run(
        [credential_line("ada", PASSWORD)],
        [aws_user("ada", 1, ["Unknown"], [arn])],
        policies=[{"PolicyName": "everything", "Arn": arn, "DefaultVersionId": "v2", "PolicyVersionList": versions}],
    )
    assert rows["ada", f"policy:{arn}"].privileged is True
    assert rows["ada", "group:Unknown"].privileged is None


@pytest.mark.parametrize(
    ("arn", "privileged"),
    [
        ("arn:aws:iam::aws:policy/AdministratorAccess", True),
        ("arn:aws-cn:iam::aws:policy/job-function/SystemAdministrator", None),
        ("arn:aws:iam::aws:policy/job-function/DatabaseAdministrator", None),
        ("arn:aws:iam::aws:policy/AmazonS3FullAccess", None),
        ("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", False),
        ("arn:aws-us-gov:iam::aws:policy/SecurityAudit", False),
        ("arn:aws:iam::aws:policy/job-function/ViewOnlyAccess", False),
        ("arn:aws:iam::aws:policy/ReadOnlyAccessAndMore", None),
        (f"{ACCOUNT}:policy/MyReadOnlyAccess", None),
        (f"{ACCOUNT}:policy/arn:aws:iam::aws:policy/ReadOnlyAccess", None),
    ],
)
def test_a_policy_whose_document_is_not_in_the_file_is_unknown_unless_its_name_says_all(arn, privileged):
    rows, _, _ = run([credential_line("ada", PASSWORD)], [aws_user("ada", 1, ["Team"])], [group("Team", arn)])
    assert rows["ada", "group:Team"].privileged is privileged
    assert rows["ada", "password"].privileged is privileged


def test_a_policy_of_aws_is_judged_by_its_document_when_it_is_there():
    arn = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
    version = {"VersionId": "v2", "IsDefaultVersion": True, "Document": {"Statement": [{"Effect": "Allow", "Action": "s3:*"}]}}
    rows, _, _ = run(
        [credential_line("ada", PASSWORD)],
        [aws_user("ada", 1, (), [arn])],
        policies=[{"PolicyName": "AmazonS3FullAccess", "Arn": arn, "PolicyVersionList": [version]}],
    )
    assert rows["ada", f"policy:{arn}"].privileged is False


def test_details_that_are_cut_off_are_refused():
    document = json_file({"UserDetailList": [], "IsTruncated": True})
    with pytest.raises(FormatError, match="cut off"):
        taken(read("aws_iam", {"credential_report": credential_report(), "authorization_details": document}))


def test_both_files_are_needed():
    with pytest.raises(FormatError, match="also needs: Account authorization details"):
        read("aws_iam", {"credential_report": credential_report()})
