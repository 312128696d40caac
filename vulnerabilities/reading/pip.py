"""What `pip-audit -f json` prints. It ends with 0 also when it skipped what it could not check: the file says so."""

from typing import Any

from vulnerabilities.reading.json_values import prose, rows, text, words
from vulnerabilities.reading.report import Found, Report, listed, merged, ordered
from vulnerabilities.reading.severity import UNKNOWN

NAME = "pip-audit"


def looks_like(data: Any) -> bool:
    """Whether it is one; before version 2.0 it was the bare list of dependencies."""
    if isinstance(data, dict):
        return isinstance(data.get("dependencies"), list)
    return isinstance(data, list) and any("vulns" in one or "skip_reason" in one for one in rows(data))


def read(data: Any) -> Report:
    """The scan."""
    dependencies = list(rows(data["dependencies"] if isinstance(data, dict) else data))
    report = Report(tool_name=NAME)
    skipped = [one for one in dependencies if "skip_reason" in one]
    checked = [one for one in dependencies if isinstance(one.get("vulns"), list)]
    report.checked, report.skipped = len(checked), len(dependencies) - len(checked)
    if skipped:
        named = listed([text(one.get("name"), 60) for one in skipped])
        why = text(skipped[0].get("skip_reason"), 200) or "nothing more"
        report.refuse(f"pip-audit skipped {len(skipped):,} of {len(dependencies):,} packages: {named}. It says: {why}"[:500])
    elif report.skipped:
        report.refuse(f"For {report.skipped:,} packages it does not say whether they were checked.")
    if not checked:
        report.refuse("It names no package that was checked.")
    report.found = merged([_found(one, vulnerability) for one in checked for vulnerability in rows(one["vulns"])])
    if report.found:
        report.notes.append("pip-audit tells no severity: each counts as medium until somebody says what it is.")
    return report


def _found(package: dict[str, Any], one: dict[str, Any]) -> Found:
    name = text(package.get("name"))
    names = ordered([text(one.get("id"), 200), *words(one.get("aliases"), 200)]) or [f"Vulnerability of {name}"]
    description = prose(one.get("description"))
    return Found(
        names=names,
        title=(description.split("\n", 1)[0][:200] or f"{names[0]} in {name}"),
        severity=UNKNOWN,
        told="not stated",
        package=name,
        version=text(package.get("version"), 120),
        fixed_in=", ".join(words(one.get("fix_versions"), 60))[:300],
        description=description,
        url=f"https://osv.dev/vulnerability/{names[0]}" if names[0].startswith(("CVE-", "GHSA-", "PYSEC-")) else "",
    )
