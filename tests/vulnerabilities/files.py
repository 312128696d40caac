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
