"""What `npm audit --json` prints: auditReportVersion 2 of npm 7 and later, and the advisories of npm 6."""

from typing import Any

from vulnerabilities.reading.json_values import count, inside, prose, rows, score, text, web, words
from vulnerabilities.reading.report import Found, Report, merged, ordered
from vulnerabilities.reading.severity import of_score, of_word

NAME = "npm audit"


def looks_like(data: Any) -> bool:
    """Whether it is a report, or the error that npm prints in its place."""
    if not isinstance(data, dict):
        return False
    failed = isinstance(data.get("error"), dict) and "code" in data["error"]
    return failed or "auditReportVersion" in data or ("advisories" in data and "metadata" in data)


def read(data: dict[str, Any]) -> Report:
    """The scan."""
    report = Report(tool_name=NAME)
    if "error" in data or not ("auditReportVersion" in data or "advisories" in data):
        error = data.get("error")
        said = text(inside(error, "summary")) or text(inside(error, "code")) or text(data.get("message")) or "it did not say why"
        report.refuse(f"npm audit failed: {said}.")
        return report
    report.checked = _checked(data)
    if not report.checked:
        report.refuse("It names no dependency that was checked.")
    found = list(_of_seven(data)) if "auditReportVersion" in data else list(_of_six(data))
    report.found = merged(found)
    _compare(data, report)
    return report


def _checked(data: dict[str, Any]) -> int | None:
    """How many dependencies it looked at."""
    dependencies = inside(data, "metadata", "dependencies")
    if isinstance(dependencies, dict):
        return count(dependencies.get("total"))
    return count(inside(data, "metadata", "totalDependencies"))


def _compare(data: dict[str, Any], report: Report) -> None:
    """A file that counts vulnerabilities and holds none was cut or edited."""
    counts = inside(data, "metadata", "vulnerabilities")
    told = sum(count(value) or 0 for name, value in counts.items() if name != "total") if isinstance(counts, dict) else 0
    if told and not report.found:
        report.refuse(f"It counts {told:,} vulnerable packages and holds no advisory: it is not whole.")


def _of_seven(data: dict[str, Any]) -> Any:
    packages = data.get("vulnerabilities")
    for name, package in packages.items() if isinstance(packages, dict) else ():
        for via in rows(inside(package, "via")):
            yield _advisory(text(via.get("name")) or text(name), via, inside(package, "fixAvailable"))


def _advisory(name: str, via: dict[str, Any], fix: object) -> Found:
    url = web(via.get("url"))
    known = url.rsplit("/", 1)[-1] if "/advisories/GHSA-" in url else ""
    source = via.get("source") or via.get("id")
    scored = score(inside(via, "cvss", "score"))
    severity, told = of_word(text(via.get("severity")))
    if told == "not stated" and scored:
        severity, told = of_score(scored)
    return Found(
        names=ordered([known, f"npm {text(str(source), 100)}" if isinstance(source, int | str) and source else ""])
        or [f"npm {name}"],
        title=text(via.get("title")) or f"Vulnerability in {name}",
        severity=severity,
        told=f"{told}, {of_score(scored)[1]}" if scored and told != of_score(scored)[1] else told,
        package=name,
        fixed_in=_fix(fix),
        description=f"Affected versions: {affected}" if (affected := text(via.get("range"))) else "",
        url=url,
    )


def _fix(fix: object) -> str:
    if isinstance(fix, dict):
        return f"{text(fix.get('name'), 120)} {text(fix.get('version'), 60)}".strip()
    return "a version that npm audit fix finds" if fix is True else ""


def _of_six(data: dict[str, Any]) -> Any:
    advisories = data.get("advisories")
    for key, one in advisories.items() if isinstance(advisories, dict) else ():
        if isinstance(one, dict):
            severity, told = of_word(text(one.get("severity")))
            versions = [text(row.get("version"), 60) for row in rows(one.get("findings"))]
            yield Found(
                names=ordered([*words(one.get("cves")), text(one.get("github_advisory_id")), f"npm {text(key)}"]),
                title=text(one.get("title")) or "Vulnerability",
                severity=severity,
                told=told,
                package=text(one.get("module_name")),
                version=", ".join(dict.fromkeys(filter(None, versions)))[:120],
                fixed_in=text(one.get("patched_versions")),
                description=prose(one.get("overview")),
                url=web(one.get("url")),
            )
