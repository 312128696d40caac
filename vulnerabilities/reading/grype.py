"""What `grype -o json` prints: matches, those that its rules ignore, and how old its database was."""

import datetime as dt
from typing import Any

from vulnerabilities.reading.json_values import inside, moment, prose, rows, score, text, web, words
from vulnerabilities.reading.report import Found, Report, merged, ordered
from vulnerabilities.reading.severity import of_score, of_word

NAME = "Grype"
OLDEST = dt.timedelta(days=5)  # Grype's own limit (db.max-allowed-built-age, 120 h), which a run may switch off


def looks_like(data: Any) -> bool:
    """Whether it is one."""
    return isinstance(data, dict) and isinstance(data.get("matches"), list) and isinstance(data.get("descriptor"), dict)


def read(data: dict[str, Any]) -> Report:
    """The scan."""
    report = Report(
        tool_name=NAME,
        tool_version=text(inside(data, "descriptor", "version"), 60),
        ran_at=moment(inside(data, "descriptor", "timestamp")),
        target=_target(data.get("source")),
        says_what_was_checked=False,
    )
    found = [_found(one) for one in rows(data["matches"])]
    for one in rows(data.get("ignoredMatches")):
        rules = list(rows(one.get("appliedIgnoreRules")))
        reasons = [prose(rule.get("reason")) for rule in rules]
        found.append(_found(one).ignored(reason=next(filter(None, reasons), ""), rule="; ".join(_rule(rule) for rule in rules)))
    report.found = merged(found)
    _judge_database(data, report)
    return report


def _rule(rule: dict[str, Any]) -> str:
    """What a rule ignores, as the configuration has it."""
    parts = {name: text(rule.get(name), 100) for name in ("vulnerability", "fix-state", "namespace", "match-type")}
    parts |= {f"package {name}": text(inside(rule, "package", name), 100) for name in ("name", "version", "type", "location")}
    return ", ".join(f"{name} {value}" for name, value in parts.items() if value)


def _judge_database(data: dict[str, Any], report: Report) -> None:
    """A scan against a database that is broken or old has not looked for what is known."""
    database = inside(data, "descriptor", "db")
    status = inside(database, "status") if isinstance(inside(database, "status"), dict) else database
    if text(inside(status, "error")) or inside(status, "valid") is False:
        report.refuse(f"Its database was not valid: {text(inside(status, 'error')) or 'it does not say why'}.")
    built = moment(inside(status, "built"))
    if built and report.ran_at and report.ran_at - built > OLDEST:
        report.refuse(f"Its database was {(report.ran_at - built).days} days old: newer vulnerabilities were not looked for.")


def _target(source: object) -> str:
    target = inside(source, "target")
    return text(target, 500) or text(inside(target, "userInput"), 500)


def _found(match: dict[str, Any]) -> Found:
    vulnerability, artifact = match.get("vulnerability"), match.get("artifact")
    related = [text(one.get("id"), 200) for one in rows(match.get("relatedVulnerabilities"))]
    names = ordered([text(inside(vulnerability, "id"), 200), *related]) or ["Vulnerability"]
    severity, told = of_word(text(inside(vulnerability, "severity")))
    if told.startswith(("not", "Unknown")) and (best := _score(vulnerability)):
        severity, told = of_score(best)
    package = text(inside(artifact, "name"))
    place = next((text(one.get("path"), 400) for one in rows(inside(artifact, "locations"))), "")
    kind = text(inside(artifact, "type"), 60)
    return Found(
        names=names,
        title=f"{names[0]} in {package}",
        severity=severity,
        told=told,
        package=package,
        version=text(inside(artifact, "version"), 120),
        fixed_in=", ".join(words(inside(vulnerability, "fix", "versions"), 60))[:300],
        # The database of an operating system's packages is one place, wherever each layer has it.
        location=kind if kind in ("deb", "rpm", "apk") else place or kind,
        description=prose(inside(vulnerability, "description")),
        url=web(inside(vulnerability, "dataSource")),
    )


def _score(vulnerability: object) -> float | None:
    given = [score(inside(one, "metrics", "baseScore")) for one in rows(inside(vulnerability, "cvss"))]
    return max((one for one in given if one), default=None)
