"""Two exports of one AWS account, as its owner would pull them: before the review, and after its removals were claimed done."""

import base64
import datetime as dt
import json

from tests.inventory.formats.samples import (
    ADMINISTRATOR,
    INACTIVE_KEY,
    NO_KEY,
    NO_PASSWORD,
    READ_ONLY,
    aws_user,
    credential_line,
    credential_report,
    details,
    group,
    inline,
)

USED = "true,{used},2026-01-10T08:00:00+00:00,N/A,true"
KEY = "true,2026-03-05T08:00:00+00:00,{used},eu-central-1,s3"
BUCKETS = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
File = tuple[str, bytes]


def _day(days: int) -> str:
    return (dt.datetime.now(dt.UTC) - dt.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def _lines(*, later: bool) -> list[str]:
    console, key = USED.format(used=_day(2)), KEY.format(used=_day(1))
    return [
        credential_line("ana.diaz", console),
        credential_line("bob.lee", console, key),
        credential_line("cara.moss", console),
        credential_line("dan.roth", NO_PASSWORD if later else USED.format(used=_day(200))),
        credential_line("eve.young", console, INACTIVE_KEY),
        credential_line("fay.ng", NO_PASSWORD, key),
        credential_line("reviewer", console),
        credential_line("second", console),
        credential_line("ci-deploy", NO_PASSWORD, key, NO_KEY),
    ]


def _tags(name: str, domain: str = "people.example") -> list[dict[str, str]]:
    return [{"Key": "email", "Value": f"{name}@{domain}"}]


def _details(*, later: bool) -> bytes:
    users = [
        aws_user("ana.diaz", 1, ["developers"], Tags=_tags("ana.diaz")),
        aws_user("bob.lee", 2, ["developers"], [] if later else [READ_ONLY], Tags=_tags("bob.lee")),
        aws_user("cara.moss", 3, ["developers"] if later else ["administrators"], Tags=_tags("cara.moss")),
        aws_user("dan.roth", 4, ["readers"], Tags=_tags("dan.roth")),
        aws_user("eve.young", 5, ["developers"], Tags=_tags("eve.young")),
        aws_user("fay.ng", 6, ["readers"], Tags=_tags("fay.ng")),
        aws_user("reviewer", 7, ["developers"], Tags=_tags("reviewer", "acme.example")),
        aws_user("second", 8, ["developers"], Tags=_tags("second", "acme.example")),
        aws_user("ci-deploy", 9, UserPolicyList=[inline("deploy", "s3:PutObject")]),
    ]
    groups = [
        group("developers", BUCKETS),
        group("administrators", ADMINISTRATOR),
        group("readers", READ_ONLY),
    ]
    document = {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    version = {"VersionId": "v1", "IsDefaultVersion": True, "Document": document}
    policy = {"PolicyName": "AmazonS3FullAccess", "Arn": BUCKETS, "PolicyVersionList": [version]}
    return details(users, groups, [policy]).getvalue()


# Accounts with the root account; entitlements that are not switched off.
ACCOUNTS = 10


def before() -> list[File]:
    """The credential report as CSV, with the authorization details."""
    report = credential_report(*_lines(later=False)).getvalue()
    return [("credential-report.csv", report), ("authorization-details.json", _details(later=False))]


def later() -> list[File]:
    """The same a while after, as the command line answers: it says itself when it was generated.

    bob.lee has lost a policy, cara.moss has another group, dan.roth can sign in no more, and fay.ng is as before.
    """
    report = credential_report(*_lines(later=True)).getvalue()
    generated = dt.datetime.now(dt.UTC).isoformat()
    answer = {"Content": base64.b64encode(report).decode(), "ReportFormat": "text/csv", "GeneratedTime": generated}
    return [("credential-report.json", json.dumps(answer).encode()), ("authorization-details.json", _details(later=True))]
