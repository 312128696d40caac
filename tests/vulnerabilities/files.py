"""Files as scanners write them, small, with made-up packages where any would do."""

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

LOCK = "services/billing/package-lock.json"


def upload(data: Any, name: str = "scan.json") -> SimpleUploadedFile:
    content = data if isinstance(data, bytes) else json.dumps(data).encode()
    return SimpleUploadedFile(name, content, content_type="application/json")


def trivy_vulnerability(
    name: str = "CVE-2026-1001", package: str = "lodash", severity: str = "HIGH", **more: Any
) -> dict[str, Any]:
    return {
        "VulnerabilityID": name,
        "PkgID": f"{package}@4.17.15",
        "PkgName": package,
        "PkgIdentifier": {"PURL": f"pkg:npm/{package}@4.17.15", "UID": "3c1a5b4f8c1b2d3e"},
        "InstalledVersion": "4.17.15",
        "FixedVersion": "4.17.21",
        "Status": "fixed",
        "SeveritySource": "ghsa",
        "PrimaryURL": f"https://avd.aquasec.com/nvd/{name.lower()}",
        "DataSource": {"ID": "ghsa", "Name": "GitHub Security Advisory npm", "URL": "https://github.com/advisories"},
        "Title": f"{package}: command injection via template",
        "Description": "Versions before 4.17.21 allow command injection.\nUpdate.",
        "Severity": severity,
        "CweIDs": ["CWE-94"],
        "CVSS": {"nvd": {"V3Vector": "CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H", "V3Score": 7.2}},
        "References": ["https://nvd.nist.gov/"],
        "PublishedDate": "2026-02-15T13:15:12.56Z",
        **more,
    }


def trivy(*vulnerabilities: dict[str, Any], at: str = "2026-10-05T08:00:00.123456789+02:00", **more: Any) -> dict[str, Any]:
    packages = [{"ID": f"p{number}@1.0.0", "Name": f"p{number}", "Version": "1.0.0"} for number in range(40)]
    result: dict[str, Any] = {"Target": LOCK, "Class": "lang-pkgs", "Type": "npm", "Packages": packages}
    if vulnerabilities:
        result["Vulnerabilities"] = list(vulnerabilities)
    system = {
        "Target": "registry.example/billing:1.4.2 (debian 12.5)",
        "Class": "os-pkgs",
        "Type": "debian",
        "Packages": packages,
    }
    return {
        "SchemaVersion": 2,
        "Trivy": {"Version": "0.69.1"},
        "CreatedAt": at,
        "ArtifactName": "registry.example/billing:1.4.2",
        "ArtifactType": "container_image",
        "Metadata": {"OS": {"Family": "debian", "Name": "12.5"}},
        "Results": [system, result],
        **more,
    }


def pip_audit(*vulnerable: dict[str, Any], clean: int = 3, skipped: tuple[str, ...] = ()) -> dict[str, Any]:
    dependencies: list[dict[str, Any]] = [{"name": f"clean-{number}", "version": "1.0", "vulns": []} for number in range(clean)]
    dependencies += [
        {"name": name, "skip_reason": f"Dependency not found on PyPI and could not be audited: {name} (0.1)"} for name in skipped
    ]
    return {"dependencies": [*dependencies, *vulnerable], "fixes": []}


def pip_vulnerable(name: str = "jinja2", *ids: str) -> dict[str, Any]:
    first, *aliases = ids or ("PYSEC-2026-66", "CVE-2026-2801", "GHSA-g3rq-g295-4j3m")
    vulnerability = {
        "id": first,
        "fix_versions": ["2.11.3"],
        "aliases": aliases,
        "description": "Slow regular expression.\nUpdate.",
    }
    return {"name": name, "version": "2.10", "vulns": [vulnerability]}


def npm_seven(**more: Any) -> dict[str, Any]:
    """As npm 7 and later write it: advisories under `via`, packages that only depend on them name the package."""
    return {
        "auditReportVersion": 2,
        "vulnerabilities": {
            "minimist": {
                "name": "minimist",
                "severity": "critical",
                "isDirect": False,
                "via": [
                    {
                        "source": 1097678,
                        "name": "minimist",
                        "dependency": "minimist",
                        "title": "Prototype pollution in minimist",
                        "url": "https://github.com/advisories/GHSA-xvch-5gv4-984h",
                        "severity": "critical",
                        "cwe": ["CWE-1321"],
                        "cvss": {"score": 9.8, "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"},
                        "range": "<0.2.4",
                    }
                ],
                "effects": ["mkdirp"],
                "range": "<=0.2.3",
                "nodes": ["node_modules/minimist"],
                "fixAvailable": {"name": "mkdirp", "version": "1.0.4", "isSemVerMajor": True},
            },
            "mkdirp": {
                "name": "mkdirp",
                "severity": "critical",
                "isDirect": True,
                "via": ["minimist"],
                "effects": [],
                "range": "0.4.1 - 0.5.1",
                "nodes": ["node_modules/mkdirp"],
                "fixAvailable": {"name": "mkdirp", "version": "1.0.4", "isSemVerMajor": True},
            },
        },
        "metadata": {
            "vulnerabilities": {"info": 0, "low": 0, "moderate": 0, "high": 0, "critical": 2, "total": 2},
            "dependencies": {"prod": 120, "dev": 40, "optional": 2, "peer": 0, "peerOptional": 0, "total": 161},
        },
        **more,
    }


def npm_six() -> dict[str, Any]:
    return {
        "actions": [],
        "advisories": {
            "1179": {
                "findings": [{"version": "0.0.8", "paths": ["mkdirp>minimist"]}],
                "id": 1179,
                "title": "Prototype Pollution",
                "module_name": "minimist",
                "cves": ["CVE-2020-7598"],
                "github_advisory_id": "GHSA-vh95-rmgr-6w4m",
                "vulnerable_versions": "<0.2.1",
                "patched_versions": ">=0.2.1",
                "overview": "Affected versions are open to prototype pollution.",
                "severity": "moderate",
                "url": "https://npmjs.com/advisories/1179",
            }
        },
        "muted": [],
        "metadata": {
            "vulnerabilities": {"info": 0, "low": 0, "moderate": 1, "high": 0, "critical": 0},
            "dependencies": 12,
            "devDependencies": 0,
            "optionalDependencies": 0,
            "totalDependencies": 12,
        },
        "runId": "6d2b1c",
    }


def grype_match(name: str = "CVE-2026-3001", related: tuple[str, ...] = (), package: str = "openssl") -> dict[str, Any]:
    return {
        "vulnerability": {
            "id": name,
            "dataSource": f"https://security-tracker.debian.org/tracker/{name}",
            "namespace": "debian:distro:debian:12",
            "severity": "Critical",
            "urls": [],
            "description": "A buffer is read past its end.",
            "cvss": [{"source": "nvd@nist.gov", "type": "Primary", "version": "3.1", "metrics": {"baseScore": 9.1}}],
            "fix": {"versions": ["3.0.15-1~deb12u1"], "state": "fixed"},
            "advisories": [],
        },
        "relatedVulnerabilities": [{"id": one, "namespace": "nvd:cpe"} for one in related],
        "matchDetails": [{"type": "exact-direct-match", "matcher": "dpkg-matcher"}],
        "artifact": {
            "id": "0d1e",
            "name": package,
            "version": "3.0.11-1",
            "type": "deb",
            "locations": [{"path": "/var/lib/dpkg/status", "layerID": "sha256:aa"}],
            "purl": f"pkg:deb/debian/{package}@3.0.11-1",
        },
    }


def grype(*matches: dict[str, Any], **more: Any) -> dict[str, Any]:
    status = {"schemaVersion": "v6.0.2", "built": "2026-10-04T01:31:43Z", "valid": True}
    return {
        "matches": list(matches),
        "source": {"type": "image", "target": {"userInput": "registry.example/billing:1.4.2", "imageID": "sha256:bb"}},
        "distro": {"name": "debian", "version": "12", "idLike": []},
        "descriptor": {
            "name": "grype",
            "version": "0.104.1",
            "configuration": {"output": ["json"]},
            "db": {"status": status, "providers": {}},
            "timestamp": "2026-10-05T08:00:00.5Z",
        },
        **more,
    }


def osv(*packages: dict[str, Any]) -> dict[str, Any]:
    source = {"path": "/src/services/billing/go.mod", "type": "lockfile"}
    return {"results": [{"source": source, "packages": list(packages)}] if packages else [], "experimental_config": {}}


def osv_vulnerable(score: str = "8.6") -> dict[str, Any]:
    affected = [{"ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.3.2"}]}]}]
    advisory = {"id": "GHSA-c3h9-896r-86jm", "aliases": ["CVE-2021-3121"], "summary": "Index out of range", "affected": affected}
    same = {"id": "GO-2021-0053", "aliases": ["CVE-2021-3121", "GHSA-c3h9-896r-86jm"], "details": "Unchecked index."}
    return {
        "package": {"name": "github.com/gogo/protobuf", "version": "1.3.1", "ecosystem": "Go"},
        "vulnerabilities": [advisory, same],
        "groups": [{"ids": ["GHSA-c3h9-896r-86jm", "GO-2021-0053"], "aliases": ["CVE-2021-3121"], "max_severity": score}],
    }


def osv_clean(name: str = "golang.org/x/text") -> dict[str, Any]:
    return {"package": {"name": name, "version": "0.14.0", "ecosystem": "Go"}}


def sarif_result(rule: str = "js/sql-injection", uri: str = "src/orders.js", line: int = 12, **more: Any) -> dict[str, Any]:
    region = {"startLine": line, "startColumn": 3}
    return {
        "ruleId": rule,
        "ruleIndex": 0,
        "message": {"text": "This query depends on a user-provided value."},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}],
        "partialFingerprints": {"primaryLocationLineHash": "39fa2ee980eb94b0:1"},
        **more,
    }


def sarif(*results: dict[str, Any], **run: Any) -> dict[str, Any]:
    rule = {
        "id": "js/sql-injection",
        "shortDescription": {"text": "Database query built from user-controlled sources"},
        "defaultConfiguration": {"level": "error"},
        "properties": {"security-severity": "8.8", "tags": ["security"]},
        "helpUri": "https://codeql.github.com/codeql-query-help/javascript/js-sql-injection/",
    }
    given = {
        "tool": {"driver": {"name": "CodeQL", "semanticVersion": "2.19.3", "rules": [rule]}},
        "invocations": [{"executionSuccessful": True, "endTimeUtc": "2026-10-05T08:00:00Z"}],
        "results": list(results),
        **run,
    }
    return {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [given]}


def storage(*rows: str) -> bytes:
    """Our own list of storage settings; without rows, one database that is as it should be."""
    header = "Resource,Kind,Environment,Encrypted at rest,Key managed by,Retention (days),Backups kept (days)"
    return "\n".join((header, *(rows or ("orders,database,production,yes,customer,,35",)))).encode()


def aws(**more: Any) -> dict[str, Any]:
    """What the AWS CLI prints of databases, volumes and log groups, put together with jq."""
    here, tags = "eu-central-1:123456789012", [{"Key": "Environment", "Value": "Production"}]
    key = "arn:aws:kms:eu-central-1:123456789012:key/8c5b2c63-b9bc-45a3-a87a-5513e0000000"
    database = {
        "DBInstanceIdentifier": "orders",
        "DBInstanceClass": "db.m6g.large",
        "Engine": "postgres",
        "BackupRetentionPeriod": 35,
        "StorageEncrypted": True,
        "KmsKeyId": key,
        "DBInstanceArn": f"arn:aws:rds:{here}:db:orders",
        "TagList": tags,
    }
    replica = {
        **database,
        "DBInstanceIdentifier": "orders-replica",
        "BackupRetentionPeriod": 0,
        "ReadReplicaSourceDBInstanceIdentifier": "orders",
    }
    volume = {"AvailabilityZone": "eu-central-1a", "Encrypted": True, "KmsKeyId": key, "VolumeId": "vol-049df61146c4d7901"}
    staging = {"AvailabilityZone": "eu-central-1b", "Encrypted": False, "VolumeId": "vol-1234567890abcdef0", "State": "in-use"}
    kept = {"logGroupName": "/app/orders", "arn": f"arn:aws:logs:{here}:log-group:/app/orders:*", "kmsKeyId": key}
    brief = {"logGroupName": "/app/web", "arn": f"arn:aws:logs:{here}:log-group:/app/web:*", "retentionInDays": 30}
    return {
        "DBInstances": [database, replica],
        "Volumes": [{**volume, "Tags": tags}, {**staging, "Tags": [{"Key": "env", "Value": "staging"}]}],
        "logGroups": [kept, brief],
        **more,
    }
