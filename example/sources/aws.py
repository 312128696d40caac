"""AWS production: the credential report with the account authorization details."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from example.roster import ALIASES, DOMAIN, EVERYBODY, PAST_END
from example.sources.population import Export, File, Login, Right, Source, Verdict, login_of, number, since

_NUMBER = "418293017765"
_ARN = f"arn:aws:iam::{_NUMBER}"
_MANAGED = "arn:aws:iam::aws:policy/"
_COLUMNS = (
    "user", "arn", "user_creation_time", "password_enabled", "password_last_used", "password_last_changed",
    "password_next_rotation", "mfa_active", "access_key_1_active", "access_key_1_last_rotated",
    "access_key_1_last_used_date", "access_key_1_last_used_region", "access_key_1_last_used_service", "access_key_2_active",
    "access_key_2_last_rotated", "access_key_2_last_used_date", "access_key_2_last_used_region",
    "access_key_2_last_used_service", "cert_1_active", "cert_1_last_rotated", "cert_2_active", "cert_2_last_rotated",
)  # fmt: skip
ROOT = "<root_account>"
PASSWORD, KEY = "Console password", "Access key 1"
_GROUPS = {
    "administrators": ["AdministratorAccess"], "developers": ["PowerUserAccess"], "readers": ["ReadOnlyAccess"],
    "deployers": ["AmazonECS_FullAccess", "AmazonEC2ContainerRegistryPowerUser"], "backup": ["AmazonS3FullAccess"],
}  # fmt: skip
# What AWS's own policies of the service accounts allow: the answer of AWS carries the documents of all that are in use.
_DOCUMENTS = {
    "AmazonECS_FullAccess": ["ecs:*", "ec2:Describe*", "elasticloadbalancing:*", "logs:CreateLogGroup"],
    "AmazonEC2ContainerRegistryPowerUser": ["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:PutImage"],
    "AmazonS3FullAccess": ["s3:*", "s3-object-lambda:*"],
}
_ADMINISTRATORS = ("tomas.ferreira", "chen.wei", "fatima.zahra", "erik.johansson", "jorge.molina", "aisha.khan")
_DEVELOPERS = ("maya.cohen", "laura.novak", "ian.campbell", "anita.desai")
_READERS = (
    "julia.meyer", "sean.obrien", "peter.dahl", "dmitri.ivanov", "hana.suzuki", "tom.becker", "emily.carter", "lena.vogel",
    "yuki.tanaka",
)  # fmt: skip
_SERVICES = {"deploy-bot": "deployers", "terraform": "administrators", "metrics-exporter": "readers", "backup-writer": "backup"}
OLD_KEY_DAYS = 412
DORMANT_DAYS = 140
DORMANT, USE_UNKNOWN = "lena.vogel", "erik.johansson"
SERVICES = tuple(_SERVICES)


def _user(key: str, group: str, *more: Right) -> Login:
    email = ALIASES.get(key, EVERYBODY[key].email)
    return login_of(key, Right(PASSWORD), Right(f"Group {group}"), *more, name=key, email=email)


def _base() -> list[Login]:
    logins = [Login(ROOT, used="not_supported", rights=[Right("Root account")])]
    logins += [_user(key, "administrators", Right(KEY)) for key in _ADMINISTRATORS]
    logins += [_user(key, "developers") for key in _DEVELOPERS]
    logins += [_user(key, "readers") for key in _READERS]
    logins.append(login_of(PAST_END, Right(KEY, granted=400), Right("Group deployers"), name=PAST_END, used=2))
    logins += [
        Login(name, used=0, rights=[Right(KEY, granted=330), Right(f"Group {group}")]) for name, group in _SERVICES.items()
    ]
    by_name = {login.name: login for login in logins}
    by_name["deploy-bot"].rights[0].granted = OLD_KEY_DAYS
    by_name["julia.meyer"].rights.append(Right(KEY))
    by_name["hana.suzuki"].rights.append(Right(KEY, used=95))
    by_name["peter.dahl"].rights.append(Right("Inline policy debug-s3"))
    by_name[USE_UNKNOWN].used = "no_information"
    by_name[USE_UNKNOWN].rights[-1].used = "N/A"
    return logins


def _extras() -> Iterator[tuple[str, Right]]:
    for role in ("AmazonS3ReadOnlyAccess", "CloudWatchReadOnlyAccess", "AmazonRDSReadOnlyAccess"):
        for key in (*_READERS, *_DEVELOPERS):
            yield key, Right(role)


def _write(logins: list[Login], export: Export) -> list[File]:
    text = io.StringIO(newline="")
    out = csv.DictWriter(text, _COLUMNS, restval="N/A")
    out.writeheader()
    out.writerows(_line(login, export) for login in logins)
    details = {
        "UserDetailList": [_details(login, export) for login in logins if login.name != ROOT],
        "GroupDetailList": [_group(name, policies) for name, policies in _GROUPS.items()],
        "RoleDetailList": [],
        "Policies": [_managed(name, actions) for name, actions in _DOCUMENTS.items()],
        "IsTruncated": False,
    }
    return [
        ("aws-credential-report.csv", text.getvalue().encode()),
        ("aws-account-authorization-details.json", json.dumps(details, indent=1).encode()),
    ]


def _line(login: Login, export: Export) -> dict[str, str]:
    line = {
        "user": login.name,
        "arn": f"{_ARN}:root" if login.name == ROOT else f"{_ARN}:user/{login.name}",
        "user_creation_time": f"{export.granted(since(login.name))}T08:00:00+00:00",
        "password_enabled": "not_supported" if login.name == ROOT else str(login.has(PASSWORD)).lower(),
        "password_last_used": export.used(login.used) if login.has(PASSWORD) or login.name == ROOT else "N/A",
        "mfa_active": str(login.has(PASSWORD) or login.name == ROOT).lower(),
        **dict.fromkeys(("access_key_1_active", "access_key_2_active", "cert_1_active", "cert_2_active"), "false"),
    }
    for right in login.rights:
        if right.role == KEY:
            line["access_key_1_active"] = "true"
            line["access_key_1_last_rotated"] = f"{export.granted(right.granted or since(login.name))}T08:00:00+00:00"
            line["access_key_1_last_used_date"] = export.used(login.used if right.used is None else right.used)
            line["access_key_1_last_used_region"], line["access_key_1_last_used_service"] = "us-east-1", "sts"
    return line


def _details(login: Login, export: Export) -> dict[str, Any]:
    tags = {"Email": login.email, "Name": login.display} if login.person else {"Owner": f"tomas.ferreira@{DOMAIN}"}
    roles = [right.role for right in login.rights]
    return {
        "Path": "/",
        "UserName": login.name,
        "UserId": f"AIDA{number(login.name):017d}",
        "Arn": f"{_ARN}:user/{login.name}",
        "CreateDate": f"{export.granted(since(login.name))}T08:00:00+00:00",
        "GroupList": [role.removeprefix("Group ") for role in roles if role.startswith("Group ")],
        "AttachedManagedPolicies": [_policy(role) for role in roles if role.endswith("Access")],
        "UserPolicyList": [_inline(role.removeprefix("Inline policy ")) for role in roles if role.startswith("Inline policy ")],
        "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
    }


def _group(name: str, policies: list[str]) -> dict[str, Any]:
    own = {"Path": "/", "GroupName": name, "GroupId": f"AGPA{number(name):017d}", "GroupPolicyList": []}
    return own | {"Arn": f"{_ARN}:group/{name}", "AttachedManagedPolicies": [_policy(policy) for policy in policies]}


def _policy(name: str) -> dict[str, str]:
    return {"PolicyName": name, "PolicyArn": _MANAGED + name}


def _managed(name: str, actions: list[str]) -> dict[str, Any]:
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
    version = {"VersionId": "v1", "IsDefaultVersion": True, "Document": document}
    return {"PolicyName": name, "Arn": _MANAGED + name, "DefaultVersionId": "v1", "PolicyVersionList": [version]}


def _inline(name: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": "*"}
    return {"PolicyName": name, "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}


SOURCE = Source(
    name="AWS production",
    accounts=25,
    entitlements=66,
    base=_base,
    newcomers=list,
    extras=_extras,
    write=_write,
    idle=((DORMANT, DORMANT_DAYS),),
    headings="aws iam get-credential-report; aws iam get-account-authorization-details",
    verdicts=(
        Verdict("julia.meyer", KEY, "", "not_used", "Signs in by the console only.", outcome="accepted"),
        Verdict("hana.suzuki", KEY, "", "not_used"),
        Verdict("peter.dahl", "Inline policy debug-s3", "", "never_needed", "Written for one incident, never taken back."),
        Verdict("sean.obrien", "Group readers", "", "moved", "Works on the mobile application now."),
        Verdict("jorge.molina", "Group administrators", "", "moved", "No longer on call.", target="Group developers"),
        Verdict("aisha.khan", "Group administrators", "", "moved", "No longer on call.", target="Group developers"),
    ),
)
